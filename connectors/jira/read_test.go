package jira

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
)

// shelf answers bulkfetch with the issues it has.
func shelf(t *testing.T, has func(id int) bool) *stub {
	t.Helper()
	return &stub{answer: func(w http.ResponseWriter, c call) {
		var body struct {
			IDs    []string `json:"issueIdsOrKeys"`
			Fields []string `json:"fields"`
		}
		if err := json.Unmarshal([]byte(c.Body), &body); err != nil || len(body.IDs) > 100 || !slices.Contains(body.Fields, "summary") || !strings.Contains(c.Body, `"properties":["tandem"]`) {
			t.Errorf("asked %s, %v", c.Body, err)
		}
		found := []json.RawMessage{}
		for _, id := range body.IDs {
			var n int
			if _, err := fmt.Sscan(id, &n); err == nil && has(n) {
				found = append(found, rawIssue(n, time.Now(), ""))
			}
		}
		b, _ := json.Marshal(map[string]any{"issues": found, "issueErrors": []any{}})
		_, _ = w.Write(b)
	}}
}

func read(t *testing.T, s *stub, refs []work.Ref) polled {
	t.Helper()
	var p polled
	for page, err := range connect(t, s, testConfig()).Reader.Read(t.Context(), refs) {
		if err != nil {
			p.err = err
			continue
		}
		p.pages++
		p.records = append(p.records, page.Records...)
		p.rejects = append(p.rejects, page.Rejects...)
		p.done = page.Done
	}
	return p
}

func TestIssuesAreReadByIdAHundredAtATime(t *testing.T) {
	t.Parallel()
	var refs []work.Ref
	for i := range 250 {
		refs = append(refs, work.NewRef("jira", fmt.Sprint(i+1), ""), work.NewRef("jira", fmt.Sprint(i+1), "")) // each twice
	}
	s := shelf(t, func(id int) bool { return id != 7 })
	got := read(t, s, refs)
	if got.err != nil || !got.done || len(got.records) != 249 || len(s.calls) != 3 {
		t.Errorf("%d records by %d calls, done %v, %v", len(got.records), len(s.calls), got.done, got.err)
	}
	if slices.Contains(keys(got.records), "PAY-7") {
		t.Error("a missing issue came back")
	}
	if got := read(t, s, nil); got.err != nil || got.pages != 0 {
		t.Errorf("nothing asked: %+v", got)
	}
}

func TestAnIssueThatCouldNotBeLoadedIsNotGone(t *testing.T) {
	t.Parallel()
	s := &stub{answer: func(w http.ResponseWriter, _ call) {
		_, _ = fmt.Fprintf(w, `{"issues":[%s,{"id":"2","key":"PAY-2","fields":{"labels":7}}],"issueErrors":[{"id":"3","errorMessage":"Timeout"}]}`, rawIssue(1, time.Now(), ""))
	}}
	got := read(t, s, []work.Ref{work.NewRef("jira", "1", ""), work.NewRef("jira", "2", ""), work.NewRef("jira", "3", ""), work.NewRef("jira", "", "PAY-4")})
	if d := cmp.Diff([]string{"PAY-1"}, keys(got.records)); d != "" || len(got.rejects) != 1 {
		t.Errorf("%s %+v", d, got.rejects)
	}
	if got.err == nil || !strings.Contains(got.err.Error(), "3 (Timeout)") || got.done {
		t.Errorf("done %v, %v", got.done, got.err)
	}
}

func TestAFailedReadByIdIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"issues":[`, ``} {
		s := &stub{answer: func(w http.ResponseWriter, _ call) { _, _ = w.Write([]byte(body)) }}
		if got := read(t, s, []work.Ref{work.NewRef("jira", "1", "PAY-1")}); got.err == nil || got.pages != 0 {
			t.Errorf("%q: %+v", body, got)
		}
	}
}
