package replay

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// recordings returns the path of a folder of recordings, or skips.
func recordings(t *testing.T, folder string) string {
	t.Helper()
	shared := os.Getenv("TANDEM_SHARED")
	if shared == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
		}
		shared = filepath.Join(filepath.Dir(dir), "shared")
	}
	path := filepath.Join(shared, "recordings", filepath.FromSlash(folder))
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("recordings/%s are not here; set TANDEM_SHARED to the folder that holds recordings", folder)
	}
	return path
}

// object is a recorded JSON object whose values are as they were recorded.
type object map[string]json.RawMessage

func parseObject(raw json.RawMessage) (object, bool) {
	var o object
	err := json.Unmarshal(raw, &o)
	return o, err == nil && o != nil
}

// into reads a value of the object; it stays as it is where there is none.
func (o object) into(key string, v any) { _ = json.Unmarshal(o[key], v) }

func (o object) text(key string) string {
	var s string
	o.into(key, &s)
	return s
}

func (o object) object(key string) object {
	inner, _ := parseObject(o[key])
	return inner
}

func (o object) has(keys ...string) bool {
	return !slices.ContainsFunc(keys, func(k string) bool { return o[k] == nil })
}

// document is one recorded answer, and where it stands.
type document struct {
	raw   json.RawMessage
	where string
}

// documents reads a folder of recordings: JSON files, and the column "data" of
// CSV files, in the order of their names. The normalised copies of octokit's raw
// answers have invented ids and are left out.
func documents(t *testing.T, folder string) []document {
	t.Helper()
	root := recordings(t, folder)
	var all []document
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case strings.HasPrefix(filepath.Base(path), "normalized-"):
		case filepath.Ext(path) == ".json":
			all = append(all, jsonFile(t, path)...)
		case filepath.Ext(path) == ".csv":
			all = append(all, csvFile(t, path)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func jsonFile(t *testing.T, path string) []document {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil // two files of go-jira are empty on purpose
	}
	if !json.Valid(raw) {
		t.Fatalf("%s is no JSON", path)
	}
	return []document{{raw, filepath.Base(path)}}
}

func csvFile(t *testing.T, path string) []document {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.LazyQuotes = true // the column params is not always quoted well
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	at := slices.Index(rows[0], "data")
	if at < 0 {
		return nil // a table that was derived, not recorded
	}
	var all []document
	for i, row := range rows[1:] {
		where := filepath.Base(path) + " row " + strconv.Itoa(i+1)
		if !json.Valid([]byte(row[at])) {
			t.Fatalf("%s: column data is no JSON", where)
		}
		all = append(all, document{json.RawMessage(row[at]), where})
	}
	return all
}

// find yields every object in the documents that is wanted, in a stable order,
// each as it was recorded. It does not look inside of what it found, nor of
// what lacks the key that every wanted object has.
func find(docs []document, key string, wanted func(object) bool) iter.Seq[document] {
	quoted := []byte(strconv.Quote(key))
	var look func(document, func(document) bool) bool
	look = func(d document, yield func(document) bool) bool {
		if !bytes.Contains(d.raw, quoted) {
			return true
		}
		if o, ok := parseObject(d.raw); ok {
			if wanted(o) {
				return yield(d)
			}
			for _, name := range slices.Sorted(maps.Keys(o)) {
				if !look(document{o[name], d.where + " " + name}, yield) {
					return false
				}
			}
			return true
		}
		var list []json.RawMessage
		_ = json.Unmarshal(d.raw, &list) // a text is no list and holds nothing
		for i, one := range list {
			if !look(document{one, d.where + " " + strconv.Itoa(i+1)}, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(document) bool) {
		for _, d := range docs {
			if !look(d, yield) {
				return
			}
		}
	}
}

// waves puts the n-th body of every issue into the n-th wave: a list shows an
// issue once, and every body is to be read.
func waves(bodies []document, id func(object) string) [][]document {
	var all [][]document
	seen := map[string]int{}
	for _, b := range bodies {
		o, _ := parseObject(b.raw)
		n := seen[id(o)]
		seen[id(o)]++
		if n == len(all) {
			all = append(all, nil)
		}
		all[n] = append(all[n], b)
	}
	return all
}
