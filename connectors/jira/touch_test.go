package jira_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

func both(t *testing.T, test func(*testing.T, jirasim.Deployment, func(http.RoundTripper) http.RoundTripper)) {
	t.Helper()
	for deployment, service := range map[jirasim.Deployment]judge.Service{jirasim.Cloud: judge.Jira, jirasim.DataCenter: judge.JiraDC} {
		t.Run(string(service), func(t *testing.T) {
			t.Parallel()
			j := judge.New(judge.Find())
			test(t, deployment, func(next http.RoundTripper) http.RoundTripper { return j.Transport(service, next) })
			for _, v := range j.Violations() {
				t.Error(v)
			}
		})
	}
}

// TestWhoTouchedAFieldIsKnown: by search and by id, in every language.
func TestWhoTouchedAFieldIsKnown(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, deployment jirasim.Deployment, wrap func(http.RoundTripper) http.RoundTripper) {
		t.Helper()
		at := time.Now().Add(-time.Hour)
		world := jirasim.Sample()
		usual := ""
		for _, s := range world.Schemes {
			if s.ID == world.Projects[0].Scheme {
				usual = s.Default
			}
		}
		world.Issues = []jirasim.Issue{
			{ID: 1, Key: "PAY-1", Summary: "a", Priority: "10100", Updated: at},
			{ID: 2, Key: "PAY-2", Summary: "b", Priority: usual, Updated: at},
			{ID: 3, Key: "PAY-3", Summary: "c", Priority: "10100", Updated: at},
			{ID: 4, Key: "PAY-4", Summary: "d", Priority: usual, Updated: at},
		}
		env := connectors.Env{Fields: []string{"name:Story Points"}, Watched: []string{"priority", "name:Story Points", "fix_versions", "marker"}}
		c, site := liveIn(t, world, deployment, 0, wrap, env)
		person := func(key string, change func(*jirasim.Issue)) {
			if err := site.Edit(key, jirasim.Ana, change); err != nil {
				t.Fatal(err)
			}
		}
		person("PAY-1", func(i *jirasim.Issue) { i.Priority = "10102" })
		person("PAY-1", func(i *jirasim.Issue) { i.Custom = map[string]any{"customfield_10026": 5.0} })
		person("PAY-4", func(i *jirasim.Issue) { i.Priority = "10100" })
		person("PAY-4", func(i *jirasim.Issue) { i.Priority = usual })
		if deployment == jirasim.Cloud {
			if err := site.SetLanguage("de"); err != nil {
				t.Fatal(err)
			}
		}
		known := map[string]work.Record{}
		drain(t, c, nil, known)
		ana := jirasim.Ana
		if deployment == jirasim.DataCenter {
			ana = "ana"
		}
		check := func(records map[string]work.Record) {
			t.Helper()
			one := records["1"].Touched
			if one["priority"].By != ana || one["priority"].At.IsZero() || one["name:Story Points"].By != ana && deployment == jirasim.DataCenter {
				t.Errorf("PAY-1: %+v", one)
			}
			if two := records["2"].Touched; len(two) != 1 || two["priority"] != (work.Touch{Untouched: true}) {
				t.Errorf("PAY-2, as it was made: %+v", two)
			}
			if three := records["3"].Touched; len(three) != 0 {
				t.Errorf("PAY-3, made with another priority: %+v", three)
			}
			if four := records["4"].Touched; four["priority"].By != ana {
				t.Errorf("PAY-4, set back by a person: %+v", four)
			}
		}
		check(known)
		again := map[string]work.Record{}
		for page, err := range c.Reader.Read(t.Context(), refs(known)) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Records {
				again[r.ID] = r
				x, _ := r.Hash()
				if y, _ := known[r.ID].Hash(); x != y {
					t.Errorf("%s by id differs from the search: %+v, %+v", r.Key, r, known[r.ID])
				}
			}
		}
		check(again)
	})
}

// TestWithoutChangelogsReadingGoesOn: nothing is known of who touched what, and
// as soon as Jira tells it is read again.
func TestWithoutChangelogsReadingGoesOn(t *testing.T) {
	t.Parallel()
	c, site := liveOn(t, jirasim.Cloud, 3, plain, connectors.Env{Watched: []string{"priority"}})
	if err := site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10100" }); err != nil {
		t.Fatal(err)
	}
	site.SetFault(func(r *http.Request) *sim.Fault {
		if strings.HasSuffix(r.URL.Path, "/changelog/bulkfetch") {
			return &sim.Fault{Status: http.StatusForbidden}
		}
		return nil
	})
	known := map[string]work.Record{}
	cursor := drain(t, c, nil, known)
	if len(known) != 3 || known["10000"].Touched != nil {
		t.Errorf("%d records, %+v", len(known), known["10000"].Touched)
	}
	clear(known)
	site.SetFault(nil)
	drain(t, c, cursor, known)
	if known["10000"].Touched["priority"].By != jirasim.Ana {
		t.Errorf("%+v", known)
	}
}

// What the history says of a field is part of the record. A read by id that
// could not ask for it must not put a poorer record in place of the stored one:
// a default that nobody chose would look like a person's value for good.
func TestS5AReadByIDWithoutTheHistoryFailsUntilJiraTells(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/changelog/bulkfetch", "/issue/createmeta/PAY/issuetypes"} {
		c, site := liveOn(t, jirasim.Cloud, 3, plain, connectors.Env{Watched: []string{"priority"}})
		failing := true
		site.SetFault(func(r *http.Request) *sim.Fault {
			if failing && strings.HasSuffix(r.URL.Path, path) {
				return &sim.Fault{Status: http.StatusInternalServerError}
			}
			return nil
		})
		read := func() (records []work.Record, err error) {
			for page, err := range c.Reader.Read(t.Context(), []work.Ref{work.NewRef("jira", "10000", "PAY-1")}) {
				if err != nil {
					return nil, err
				}
				records = append(records, page.Records...)
			}
			return records, nil
		}
		if records, err := read(); err == nil {
			t.Errorf("without %s: read %+v", path, records[0].Touched)
		}
		failing = false
		if records, err := read(); err != nil || len(records) != 1 || !records[0].Touched["priority"].Untouched {
			t.Errorf("with %s again: %+v, %v", path, records, err)
		}
	}
}

// TestLinksToOtherPlacesAreRead: once for each version of an issue.
func TestLinksToOtherPlacesAreRead(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, deployment jirasim.Deployment, wrap func(http.RoundTripper) http.RoundTripper) {
		t.Helper()
		const address = "https://github.com/acme/pay/issues/7"
		world := jirasim.Sample()
		for i := range 20 {
			world.Issues = append(world.Issues, jirasim.Issue{ID: int64(i + 1), Key: "PAY-" + strconv.Itoa(i+1), Summary: "a", Updated: time.Now().Add(-time.Duration(30-i) * time.Minute)})
		}
		world.Issues[4].Remote = []jirasim.RemoteLink{{ID: 1, Body: json.RawMessage(`{"object":{"url":"` + address + `","title":"x"}}`)}}
		c, site := liveIn(t, world, deployment, 0, wrap, connectors.Env{Features: []string{"remote_link", "mark"}})
		known := map[string]work.Record{}
		cursor := drain(t, c, nil, known)
		if got := known["5"].Fields[work.NativeLinks].List(); !slices.Equal(got, []string{address}) || known["6"].Fields[work.NativeLinks].Present() {
			t.Errorf("links are %v", got)
		}
		if !known["5"].Fields[work.NativeMarker].Known() {
			t.Error("the marker was not read")
		}
		for page, err := range c.Reader.Read(t.Context(), refs(known)) {
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Records {
				x, _ := r.Hash()
				if y, _ := known[r.ID].Hash(); x != y {
					t.Errorf("%s by id differs from the search: %+v, %+v", r.Key, r, known[r.ID])
				}
			}
		}
		site.ResetCounts()
		drain(t, c, drain(t, c, cursor, known), known)
		if n := site.Calls("", ""); n > 3 {
			t.Errorf("polls without changes took %d calls: %v", n, site.Counts())
		}
	})
}
