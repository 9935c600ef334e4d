package jira

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/secret"
)

// offsets is a Data Center whose people do not stop while it is read. Its
// index may be behind: rows then stand where they were and show what they are.
type offsets struct {
	zone    string
	limit   int // of a page, whatever is asked for
	shown   map[int]time.Time
	indexed map[int]time.Time
	between func(o *offsets) // what happens after each page
	calls   int
}

func (o *offsets) answer(w http.ResponseWriter, c call) {
	if c.Path == "/rest/api/2/myself" {
		_, _ = fmt.Fprintf(w, `{"key":"JIRAUSER1","name":"bot","timeZone":%q}`, o.zone)
		return
	}
	var q struct {
		JQL        string
		StartAt    int
		MaxResults int
	}
	if err := json.Unmarshal([]byte(c.Body), &q); err != nil || c.Path != "/rest/api/2/search" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	o.calls++
	var since time.Time
	if _, bound, ok := strings.Cut(q.JQL, `updated >= "`); ok {
		since, _ = time.ParseInLocation(literal, bound[:len(literal)], must(time.LoadLocation(o.zone)))
	}
	ids := slices.SortedFunc(maps.Keys(o.indexed), func(a, b int) int {
		if d := o.indexed[a].Compare(o.indexed[b]); d != 0 {
			return d
		}
		return a - b
	})
	ids = slices.DeleteFunc(ids, func(id int) bool { return o.indexed[id].Before(since) })
	total := len(ids)
	ids = ids[min(q.StartAt, total):min(q.StartAt+min(q.MaxResults, o.limit), total)]
	issues := make([]json.RawMessage, 0, len(ids))
	for _, id := range ids {
		issues = append(issues, rawIssue(id, o.shown[id], ""))
	}
	b, _ := json.Marshal(map[string]any{"startAt": q.StartAt, "maxResults": q.MaxResults, "total": total, "issues": issues})
	_, _ = w.Write(b)
	if o.between != nil {
		o.between(o)
	}
}

func dataCenterConfig() Config {
	c := testConfig()
	c.Deployment, c.Auth = dataCenter, Auth{Token: secret.FromText(token)}
	return c
}

// TestPeopleWhoChangeIssuesMeanwhileHideNone: whatever is changed or deleted
// between two pages, a walk reads every issue that stays as it is, and the
// next walk the others.
func TestPeopleWhoChangeIssuesMeanwhileHideNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		now := time.Unix(1.79e9, 0).Add(time.Duration(rapid.IntRange(0, 400*24*3600).Draw(rt, "now")) * time.Second)
		o := &offsets{
			zone:  rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati"}).Draw(rt, "zone"),
			limit: rapid.IntRange(3, 12).Draw(rt, "limit"), shown: map[int]time.Time{}, indexed: map[int]time.Time{},
		}
		n := rapid.IntRange(0, 60).Draw(rt, "issues")
		// Many share a time, as after an import; some are of this very minute.
		step := rapid.SampledFrom([]time.Duration{0, time.Millisecond, 7 * time.Second, 40 * time.Second, time.Hour}).Draw(rt, "step")
		for i := range n {
			at := now.Add(-time.Duration(n-i) * step / time.Duration(rapid.IntRange(1, 3).Draw(rt, "pace"))).Truncate(time.Millisecond)
			o.shown[i+1], o.indexed[i+1] = at, at
		}
		moved := map[int]bool{}
		pages := 0
		o.between = func(o *offsets) {
			if pages++; pages > 30 {
				return
			}
			for range rapid.IntRange(0, 3).Draw(rt, "changes") {
				id := rapid.IntRange(1, max(n, 1)).Draw(rt, "id")
				if _, there := o.shown[id]; !there {
					continue
				}
				moved[id] = true
				changed := now.Truncate(time.Millisecond)
				switch rapid.IntRange(0, 4).Draw(rt, "act") {
				case 0:
					delete(o.shown, id)
					delete(o.indexed, id)
				case 1:
					o.shown[id] = changed // the index is behind, but less than the overlap
				default:
					o.shown[id], o.indexed[id] = changed, changed
				}
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 9).Draw(rt, "seconds")) * time.Second)
		}
		c := dataCenterConfig()
		c.PageSize = rapid.IntRange(2, 10).Draw(rt, "size")
		s := &stub{answer: o.answer, now: func() time.Time { return now }}
		live := connect(t, s, c)
		first := poll(t, live, nil)
		if first.err != nil || !first.done {
			rt.Fatalf("%v", first.err)
		}
		read := map[string]time.Time{}
		for _, r := range first.records {
			read[r.ID] = r.Version
		}
		for id := range n {
			if _, ok := read[fmt.Sprint(id+1)]; !ok && !moved[id+1] {
				rt.Fatalf("issue %d, which nobody touched, was not read: %v of %d", id+1, keys(first.records), n)
			}
		}
		maps.Copy(o.indexed, o.shown)
		o.between = nil
		second := poll(t, live, first.cursor)
		for _, r := range second.records {
			read[r.ID] = r.Version
		}
		for id, at := range o.shown {
			if have := read[fmt.Sprint(id)]; second.err != nil || !have.Equal(at) {
				rt.Fatalf("issue %d of %v was read as of %v, %v", id, at, have, second.err)
			}
		}
	})
}

// TestAnImportOnDataCenterKeepsOffsetsSmall: the bound moves along, so that no
// offset grows over more than one minute.
func TestAnImportOnDataCenterKeepsOffsetsSmall(t *testing.T) {
	t.Parallel()
	o := &offsets{zone: "Europe/Berlin", limit: 50, shown: map[int]time.Time{}, indexed: map[int]time.Time{}}
	for i := range 1000 {
		at := time.Now().Add(-time.Duration(2000-i) * 10 * time.Second).Truncate(time.Millisecond)
		o.shown[i+1], o.indexed[i+1] = at, at
	}
	s := &stub{answer: o.answer}
	got := poll(t, connect(t, s, dataCenterConfig()), nil)
	if got.err != nil || len(got.records) != 1000 || o.calls > 25 {
		t.Errorf("%d records by %d calls, %v", len(got.records), o.calls, got.err)
	}
	for _, c := range s.calls {
		if strings.Contains(c.Body, `"startAt":1`) {
			t.Errorf("an offset grew: %s", c.Body)
		}
	}
	if s.calls[0].Auth != "Bearer "+token {
		t.Errorf("signed in by %s", s.calls[0].Auth)
	}
}

func TestAKilledImportOnDataCenterGoesOn(t *testing.T) {
	t.Parallel()
	o := &offsets{zone: "UTC", limit: 1000, shown: map[int]time.Time{}, indexed: map[int]time.Time{}}
	for i := range 250 {
		at := time.Now().Add(-time.Duration(500-i) * time.Minute).Truncate(time.Millisecond)
		o.shown[i+1], o.indexed[i+1] = at, at
	}
	s := &stub{answer: o.answer}
	live := connect(t, s, dataCenterConfig())
	for page, err := range live.Source.Pages(t.Context(), issueStream, nil) {
		if err != nil {
			t.Fatal(err)
		}
		s.reset()
		rest := poll(t, connect(t, s, dataCenterConfig()), page.Cursor)
		if n := len(page.Records) + len(rest.records); n != 250 || rest.err != nil || len(s.calls) != 2 {
			t.Errorf("%d records, %v, %v", n, s.paths(), rest.err)
		}
		break
	}
}

// TestASearchThatSendsNothingIsAnError: complaint of those whose tools turn in
// circles.
func TestASearchThatSendsNothingIsAnError(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"none of five":           `{"startAt":0,"maxResults":0,"total":5,"issues":[]}`,
		"always the same":        fmt.Sprintf(`{"startAt":0,"maxResults":1,"total":5,"issues":[%s]}`, rawIssue(1, time.Now(), "")),
		"without a total":        `{"startAt":0,"issues":[]}`,
		"an object of the Cloud": `{"isLast":true}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stub{answer: func(w http.ResponseWriter, c call) {
				if strings.HasSuffix(c.Path, "/myself") {
					_, _ = w.Write([]byte(`{"key":"k","timeZone":"UTC"}`))
					return
				}
				_, _ = w.Write([]byte(body))
			}}
			got := poll(t, connect(t, s, dataCenterConfig()), nil)
			if got.err == nil || len(s.calls) > 3 || !errors.Is(got.err, errNoProgress) && !errors.Is(got.err, errForm) {
				t.Errorf("%v after %d calls", got.err, len(s.calls))
			}
		})
	}
}
