package httpjson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"tandem/connectors/connectortest"
	"tandem/connectors/httpjson"
	"tandem/internal/work"
)

// serve answers a request by a handler.
func serve(h http.Handler, r *http.Request) (*http.Response, error) {
	var body bytes.Buffer
	if r.Body != nil {
		if _, err := body.ReadFrom(r.Body); err != nil {
			return nil, err
		}
	}
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), &body)
	in.Header = r.Header.Clone()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, in)
	resp := rec.Result()
	resp.Request = r
	return resp, nil
}

// voice is a response of a small survey tool.
type voice struct {
	ID      string    `json:"id"`
	Said    string    `json:"said"`
	Score   any       `json:"score"`
	At      time.Time `json:"created_at"`
	Updated time.Time `json:"updated_at"`
}

// voices is that tool: cursor paging by updated_at, and a plan by page number.
type voices struct {
	all  []voice
	size int
}

func newVoices(n int, now time.Time) *voices {
	v := &voices{size: 10}
	for i := range n {
		at := now.Add(-time.Duration(n-i) * time.Hour).Truncate(time.Second)
		v.all = append(v.all, voice{fmt.Sprintf("R-%d", i), fmt.Sprintf("said %d", i), i % 11, at, at})
	}
	return v
}

func (v *voices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer "+connectortest.Token {
		http.Error(w, `{"message":"bad key"}`, http.StatusUnauthorized)
		return
	}
	q := r.URL.Query()
	if r.URL.Path == "/v1/features" {
		page, _ := strconv.Atoi(q.Get("page"))
		rows := []map[string]any{}
		for i := range v.all {
			rows = append(rows, map[string]any{"id": i, "name": "Feature " + strconv.Itoa(i), "state": map[string]any{"name": "open"}, "points": 3, "at": v.all[0].At})
		}
		from := min((page-1)*v.size, len(rows))
		_ = json.NewEncoder(w).Encode(map[string]any{"features": rows[from:min(from+v.size, len(rows))]})
		return
	}
	since, _ := time.Parse(time.RFC3339, q.Get("updated_since"))
	from, _ := strconv.Atoi(q.Get("cursor"))
	rows := slices.Clone(v.all)
	rows = slices.DeleteFunc(rows, func(x voice) bool { return x.Updated.Before(since) })
	slices.SortFunc(rows, func(a, b voice) int { return a.Updated.Compare(b.Updated) })
	next := ""
	if from+v.size < len(rows) {
		next = strconv.Itoa(from + v.size)
	}
	rows = rows[min(from, len(rows)):min(from+v.size, len(rows))]
	_ = json.NewEncoder(w).Encode(map[string]any{"data": rows, "meta": map[string]any{"next_cursor": next}})
}

const voicesEntry = `
voices:
  kind: http
  url: https://api.example.com/v1
  auth: {bearer: TOKEN}
  streams:
    responses:
      yields: feedback
      request: {path: /responses, query: {updated_since: '{since}', cursor: '{cursor}'}}
      page: {kind: cursor, next: meta.next_cursor}
      since: {first: 365d, overlap: 1h}
      records: data
      fields: {id: id, at: created_at, version: updated_at, text: said, score: score, scale: {value: 0-10}}
    plan:
      yields: items
      request: {path: /features, query: {page: '{page}'}}
      page: {kind: page, first: 1}
      records: features
      fields: {id: id, title: name, status: state.name, effort: points, updated: at}
`

func TestContract(t *testing.T) {
	t.Parallel()
	instance := prepare(t, voicesEntry)
	connectortest.Suite{
		Definition: httpjson.Definition(),
		Decode:     strictly(t),
		Open: func(t *testing.T, lab *connectortest.Lab) connectortest.World {
			t.Helper()
			tool := newVoices(25, time.Now())
			w := connectortest.World{
				Connector: openAgain(t, instance, lab.Env(tool)), IDs: map[string][]string{},
				Missing: work.NewRef(connectortest.Name, "none", "none"),
			}
			for i, v := range tool.all {
				w.IDs["responses"] = append(w.IDs["responses"], v.ID)
				w.IDs["plan"] = append(w.IDs["plan"], strconv.Itoa(i))
			}
			w.Touch = func(t *testing.T) (string, work.Ref) {
				t.Helper()
				tool.all[7].Updated, tool.all[7].Said = time.Now(), "changed"
				return "responses", work.NewRef(connectortest.Name, "R-7", "R-7")
			}
			return w
		},
	}.Run(t)
}
