// Package toolsim holds stand-ins of feedback and analytics tools, made from
// their documented shapes. Each is a stateful http.Handler that judges what it
// is asked: what the documents forbid or do not know is refused, and kept for
// the test to see.
package toolsim

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// presetDesk is what the stand-ins of the presets have in common.
type presetDesk struct {
	mu       sync.Mutex
	refusals []string
	asked    int
}

// Refused lists why requests were refused.
func (d *presetDesk) Refused() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.refusals)
}

// Asked counts the requests.
func (d *presetDesk) Asked() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.asked
}

// refuse answers an error and keeps why.
func (d *presetDesk) refuse(w http.ResponseWriter, status int, why string) {
	d.mu.Lock()
	d.refusals = append(d.refusals, strconv.Itoa(status)+" "+why)
	d.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	d.write(w, map[string]string{"message": why})
}

// answer writes JSON.
func (d *presetDesk) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	d.write(w, v)
}

func (d *presetDesk) write(w io.Writer, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic("toolsim: " + err.Error()) // the shapes are ours
	}
}

// asks checks method and path, and counts. The path may end in a segment that
// is returned.
func (d *presetDesk) asks(w http.ResponseWriter, r *http.Request, method string, paths ...string) (rest string, ok bool) {
	d.mu.Lock()
	d.asked++
	d.mu.Unlock()
	for _, path := range paths {
		before, after, open := strings.Cut(path, "*")
		if r.URL.Path == path || open && strings.HasPrefix(r.URL.Path, before) && strings.HasSuffix(r.URL.Path, after) && len(r.URL.Path) > len(before)+len(after) {
			if r.Method != method {
				d.refuse(w, http.StatusMethodNotAllowed, r.Method+" is not for "+path)
				return "", false
			}
			if open {
				rest = r.URL.Path[len(before) : len(r.URL.Path)-len(after)]
			}
			return rest, !strings.Contains(rest, "/") || d.unknown(w, r)
		}
	}
	return "", d.unknown(w, r)
}

func (d *presetDesk) unknown(w http.ResponseWriter, r *http.Request) bool {
	d.refuse(w, http.StatusNotFound, "nothing is at "+r.URL.Path)
	return false
}

// bearer checks the key.
func (d *presetDesk) bearer(w http.ResponseWriter, r *http.Request, key string) bool {
	if r.Header.Get("Authorization") != "Bearer "+key {
		d.refuse(w, http.StatusUnauthorized, "the key is not valid")
		return false
	}
	return true
}

// basic checks user and password.
func (d *presetDesk) basic(w http.ResponseWriter, r *http.Request, user, password string) bool {
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	if r.Header.Get("Authorization") != want {
		d.refuse(w, http.StatusUnauthorized, "user or password is not valid")
		return false
	}
	return true
}

// only refuses parameters that nobody documents.
func (d *presetDesk) only(w http.ResponseWriter, q url.Values, names ...string) bool {
	for name, values := range q {
		if !slices.Contains(names, name) {
			d.refuse(w, http.StatusBadRequest, "there is no parameter "+name)
			return false
		}
		if len(values) != 1 || strings.ContainsAny(values[0], "{}") && !strings.HasPrefix(values[0], "{\"") {
			d.refuse(w, http.StatusBadRequest, "the parameter "+name+" is not filled in")
			return false
		}
	}
	return true
}

// body reads JSON into a value; keys that it has not are refused.
func (d *presetDesk) body(w http.ResponseWriter, r *http.Request, into any) bool {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		d.refuse(w, http.StatusUnsupportedMediaType, "the body must be JSON")
		return false
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		d.refuse(w, http.StatusBadRequest, "body: "+err.Error())
		return false
	}
	return true
}

// number reads a parameter from 1 to most.
func (d *presetDesk) number(w http.ResponseWriter, q url.Values, name string, usual, most int) (int, bool) {
	if !q.Has(name) {
		return usual, true
	}
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 || n > most {
		d.refuse(w, http.StatusBadRequest, name+" must be a number up to "+strconv.Itoa(most))
		return 0, false
	}
	return n, true
}

// cutOf is a piece of a list.
func cutOf[T any](list []T, from, size int) []T {
	from = min(max(from, 0), len(list))
	return append([]T{}, list[from:min(from+size, len(list))]...)
}
