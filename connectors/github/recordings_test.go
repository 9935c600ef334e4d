package github

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

// shared finds the folder of recordings: TANDEM_SHARED, or "shared" beside the
// repository's root.
func shared(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv("TANDEM_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("not inside of the module")
		}
		dir = filepath.Dir(dir)
	}
	found := filepath.Join(filepath.Dir(dir), "shared")
	if _, err := os.Stat(found); err != nil {
		t.Skip("no recordings: set TANDEM_SHARED to the folder that holds them")
	}
	return found
}

// tally counts what became of recorded issues.
type tally struct{ issues, records, pulls int }

func (c *tally) decode(t *testing.T, raw json.RawMessage) {
	t.Helper()
	c.issues++
	r := decodeRow(raw, "gh", "home/unknown", work.Public)
	switch {
	case r.pull:
		c.pulls++
	case r.fault != "":
		t.Logf("reject %s: %s", r.where, r.fault)
	default:
		c.records++
		if rec := r.record; rec.Place == "home/unknown" || rec.URL == "" || rec.Created.IsZero() || !rec.Fields["title"].Present() || !rec.Fields["author"].Present() {
			t.Errorf("record lacks place, address, time, title or author: %+v", rec)
		}
		for name := range r.record.Fields {
			if _, ok := schema().Field(name); !ok {
				t.Errorf("field %q is not in the schema", name)
			}
		}
	}
}

func (c *tally) report(t *testing.T, folder string, least int) {
	t.Helper()
	t.Logf("recordings/github/%s: %d of %d issues became records (%d pull requests told apart)", folder, c.records, c.issues-c.pulls, c.pulls)
	if c.records*100 < (c.issues-c.pulls)*95 {
		t.Errorf("fewer than 95 %% of the issues became records")
	}
	if c.issues < least {
		t.Errorf("%d issues recorded, want at least %d", c.issues, least)
	}
}

func TestRecordedIssuesOfDevlakeBecomeRecords(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(shared(t), "recordings", "github", "devlake", "_raw_github_api_issues.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.LazyQuotes, r.FieldsPerRecord = true, -1 // the column params is not always valid
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(rows[0], "data")
	c := tally{}
	for _, row := range rows[1:] {
		c.decode(t, json.RawMessage(row[column]))
	}
	c.report(t, "devlake", 42)
	if c.pulls != 16 {
		t.Errorf("%d pull requests, want 16", c.pulls)
	}
}

// exchange is one recorded request with its answer.
type exchange struct {
	Method, Path string
	Status       int
	Response     json.RawMessage
	RawHeaders   []string
	Headers      map[string]string
}

func (e exchange) header() http.Header {
	h := http.Header{}
	for i := 0; i+1 < len(e.RawHeaders); i += 2 {
		h.Add(e.RawHeaders[i], e.RawHeaders[i+1])
	}
	return h
}

func fixture(t *testing.T, scenario string) []exchange {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(shared(t), "recordings", "github", "octokit-fixtures", scenario, "raw-fixture.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRecordedIssuesOfOctokitBecomeRecords(t *testing.T) {
	t.Parallel()
	c := tally{}
	for _, scenario := range []string{"paginate-issues", "add-labels-to-issue", "lock-issue", "search-issues", "rename-repository", "labels"} {
		for _, e := range fixture(t, scenario) {
			path, _, _ := strings.Cut(e.Path, "?")
			switch {
			case e.Status > 299:
			case path == "/search/issues":
				var found struct{ Items []json.RawMessage }
				if err := json.Unmarshal(e.Response, &found); err != nil {
					t.Fatal(err)
				}
				for _, raw := range found.Items {
					c.decode(t, raw)
				}
			case strings.HasSuffix(path, "/issues") && e.Method == "get":
				var list []json.RawMessage
				if err := json.Unmarshal(e.Response, &list); err != nil {
					t.Fatal(err)
				}
				for _, raw := range list {
					c.decode(t, raw)
				}
			case strings.HasSuffix(path, "/issues"):
				c.decode(t, e.Response)
			}
		}
	}
	c.report(t, "octokit-fixtures", 30)
}

func TestRecordedLinksLeadThroughAllPages(t *testing.T) {
	t.Parallel()
	var lists []exchange
	for _, e := range fixture(t, "paginate-issues") {
		if e.Method == "get" {
			lists = append(lists, e)
		}
	}
	if len(lists) != 5 {
		t.Fatalf("%d pages recorded", len(lists))
	}
	for i, e := range lists {
		next := nextOf(e.header())
		if i == len(lists)-1 {
			if next != "" {
				t.Errorf("the last page links to %s", next)
			}
			continue
		}
		if want := "https://api.github.com" + lists[i+1].Path; next != want {
			t.Errorf("page %d links to %s, want %s", i+1, next, want)
		}
	}
}

func TestRecordedLabelAnswersAreUnderstood(t *testing.T) {
	t.Parallel()
	checked := 0
	for _, e := range fixture(t, "add-labels-to-issue") {
		if !strings.HasSuffix(e.Path, "/labels") || e.Method != "post" {
			continue
		}
		checked++
		state := &issueState{}
		s := &sink{now: nowZero}
		if err := s.stands(state, answer{body: e.Response}); err != nil {
			t.Fatal(err)
		}
		for _, label := range []string{"Foo", "bAr", "baZ"} {
			if _, has := state.has(label); !has {
				t.Errorf("labels %v lack %q", state.labels, label)
			}
		}
	}
	for _, e := range fixture(t, "rename-repository") {
		var r wireRepository
		if e.Status != 200 || json.Unmarshal(e.Response, &r) != nil {
			continue
		}
		checked++
		if audienceOf(r) == work.UnknownAudience || r.FullName == "" {
			t.Errorf("repository %+v has no audience", r)
		}
	}
	if checked < 3 {
		t.Errorf("only %d answers found", checked)
	}
}

func nowZero() (zero time.Time) { return zero }
