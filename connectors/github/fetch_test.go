package github_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/work"
)

func pages(t *testing.T, c *connectors.Connector, from connectors.Cursor) ([]connectors.Page, error) {
	t.Helper()
	var all []connectors.Page
	for page, err := range c.Source.Pages(t.Context(), "issues", from) {
		if err != nil {
			return all, err
		}
		all = append(all, page)
	}
	return all, nil
}

// read reads to the end, into one page.
func read(t *testing.T, c *connectors.Connector, from connectors.Cursor) connectors.Page {
	t.Helper()
	all, err := pages(t, c, from)
	if err != nil {
		t.Fatal(err)
	}
	var one connectors.Page
	for _, p := range all {
		one.Records = append(one.Records, p.Records...)
		one.Rejects = append(one.Rejects, p.Rejects...)
		one.Findings = append(one.Findings, p.Findings...)
		one.Cursor, one.Done = p.Cursor, p.Done
	}
	return one
}

func keys(records []work.Record) []string {
	var all []string
	for _, r := range records {
		all = append(all, r.Key)
	}
	return all
}

func start() time.Time { return time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC) }

// live connects to a hub outside of any bubble.
func live(t *testing.T, h *hub, settings string) *connectors.Connector {
	t.Helper()
	return connect(t, connectors.Env{Name: "gh", Transport: inProcess{h}, Now: time.Now}, hubSettings+settings)
}

func TestAnUnchangedRepositoryCostsOneConditionalCall(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 230, start())
	c := live(t, h, "repositories: [acme/pay]")
	first := read(t, c, nil)
	t.Logf("first import of 230 issues: %d calls", len(h.taken()))
	cursor := first.Cursor
	statuses := []int{}
	h.answer = func(_ http.ResponseWriter, r *http.Request) bool {
		statuses = append(statuses, len(r.Header.Values("If-None-Match")))
		return false
	}
	for range 3 {
		page := read(t, c, cursor)
		if len(page.Records) > 0 || !page.Done {
			t.Errorf("a quiet poll gave %v", keys(page.Records))
		}
		cursor = page.Cursor
	}
	calls := h.taken()
	if diff := cmp.Diff([]int{1, 1, 1}, statuses); diff != "" || len(calls) != 3 || calls[0] != calls[2] || !strings.Contains(calls[0], "since=") {
		t.Errorf("three quiet polls made %v, conditional %v", calls, statuses)
	}
	h.repos["acme/pay"].issues[7].Updated = start().Add(24 * time.Hour)
	page := read(t, c, cursor)
	if got := keys(page.Records); !slices.Contains(got, "acme/pay#8") || len(got) > 4 {
		t.Errorf("after a change: %v", got)
	}
	h.taken()
	if page = read(t, c, page.Cursor); len(page.Records) > 0 || len(h.taken()) != 1 {
		t.Errorf("the poll after a change is not quiet: %v", keys(page.Records))
	}
}

func TestAnEmptyRepositoryIsQuietAtOnce(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.repo("acme/new")
	c := live(t, h, "repositories: [acme/new]")
	first := read(t, c, nil)
	h.taken()
	if page := read(t, c, first.Cursor); len(h.taken()) != 1 || len(page.Records) > 0 || !page.Done {
		t.Errorf("got %+v", page)
	}
}

func TestRowsThatMoveBetweenPagesAreNotLost(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 350, start())
	c := live(t, h, "repositories: [acme/pay]")
	got := map[string]bool{}
	n := 0
	for page, err := range c.Source.Pages(t.Context(), "issues", nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys(page.Records) {
			got[k] = true
		}
		if n++; n > 3 {
			continue
		}
		// Somebody changes issues of the page that was just read: everything
		// behind them moves up.
		for i := range 20 {
			h.repos["acme/pay"].issues[(n-1)*99+i].Updated = start().Add(time.Duration(1000+n*20+i) * time.Minute)
		}
	}
	for number := 1; number <= 350; number++ {
		if !got[fmt.Sprintf("acme/pay#%d", number)] {
			t.Errorf("issue %d was lost", number)
		}
	}
}

func TestManyIssuesOfOneSecondAreAllRead(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		h := newHub()
		h.after = after
		h.open("acme/pay", 450, start())
		for _, i := range h.repos["acme/pay"].issues[50:400] {
			i.Updated = start().Add(50 * time.Minute)
		}
		c := live(t, h, "repositories: [acme/pay]")
		page := read(t, c, nil)
		if len(page.Records) != 450 {
			t.Errorf("after=%v: %d records, want 450", after, len(page.Records))
		}
		calls := h.taken()
		followed := slices.ContainsFunc(calls, func(s string) bool { return strings.Contains(s, "page=2") || strings.Contains(s, "after=2") })
		if !followed || len(calls) > 12 {
			t.Errorf("after=%v: calls %v", after, calls)
		}
		if page = read(t, c, page.Cursor); len(page.Records) > 0 || len(h.taken()) != 1 {
			t.Errorf("after=%v: the next poll is not quiet", after)
		}
	}
}

func TestPageNumbersHaveALimit(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 450, start())
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		tooFar := atoi(r.URL.Query().Get("page")) > 2
		if tooFar {
			reply(w, 422, map[string]any{"message": "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)"})
		}
		return tooFar
	}
	if page := read(t, live(t, h, "repositories: [acme/pay]"), nil); len(page.Records) != 450 {
		t.Errorf("%d records", len(page.Records))
	}
}

func TestABulkChangeDoesNotMakeEveryPollLong(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 300, start())
	for n, i := range h.repos["acme/pay"].issues {
		i.Updated = start().Add(time.Hour + time.Duration(n/3)*time.Second) // all within the overlap
	}
	c := live(t, h, "repositories: [acme/pay]")
	first := read(t, c, nil)
	h.taken()
	if page := read(t, c, first.Cursor); len(page.Records) > 0 || len(h.taken()) != 1 {
		t.Errorf("a quiet poll read %d records again", len(page.Records))
	}
	if len(first.Records) != 300 {
		t.Errorf("%d records", len(first.Records))
	}
}

func TestAServerThatIgnoresSinceIsReadByItsLinks(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 250, start())
	h.answer = func(_ http.ResponseWriter, r *http.Request) bool {
		q := r.URL.Query()
		q.Del("since")
		r.URL.RawQuery = q.Encode()
		return false
	}
	c := live(t, h, "repositories: [acme/pay]")
	first := read(t, c, nil)
	seen := map[string]bool{}
	for _, k := range keys(first.Records) {
		seen[k] = true
	}
	h.repos["acme/pay"].issues[7].Updated = start().Add(24 * time.Hour)
	second := read(t, c, first.Cursor)
	if len(seen) != 250 || !slices.Contains(keys(second.Records), "acme/pay#8") {
		t.Errorf("%d issues, then %d", len(seen), len(second.Records))
	}
}

func TestAKilledImportGoesOn(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 450, start())
	c := live(t, h, "repositories: [acme/pay]")
	got, early := map[string]bool{}, 0
	var cursor connectors.Cursor
	for page, err := range c.Source.Pages(t.Context(), "issues", nil) {
		if err != nil {
			t.Fatal(err)
		}
		cursor = page.Cursor
		for _, k := range keys(page.Records) {
			got[k] = true
		}
		if early = len(got); early >= 200 {
			break
		}
	}
	var stored struct {
		Repositories map[string]struct{ Next string }
	}
	if err := json.Unmarshal(cursor, &stored); err != nil || stored.Repositories["acme/pay"].Next == "" {
		t.Errorf("the cursor does not say where to go on: %s", cursor)
	}
	h.taken()
	for _, k := range keys(read(t, c, cursor).Records) {
		got[k] = true
	}
	if calls := h.taken(); len(got) != 450 || len(calls) > 5 {
		t.Errorf("%d issues after %d further calls: %v", len(got), len(calls), calls)
	}
	// A position that the server has forgotten is no loss.
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.RawQuery, "gone") {
			return false
		}
		reply(w, 422, map[string]any{"message": "cursor expired"})
		return true
	}
	stale := strings.Replace(string(cursor), `"next":"`, `"next":"http://127.0.0.1/repos/acme/pay/issues?after=gone\u0026`, 1)
	if page := read(t, c, connectors.Cursor(stale)); len(page.Records) < 450-early {
		t.Errorf("after a forgotten position: %d records", len(page.Records))
	}
}

func TestOneOddIssueIsSetAside(t *testing.T) {
	t.Parallel()
	h := newHub()
	h.open("acme/pay", 3, start())
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/issues") {
			return false
		}
		reply(w, 200, []any{
			h.repos["acme/pay"].issues[0],
			map[string]any{"id": 77, "number": 2, "title": []int{1}, "updated_at": "2026-10-01T08:02:00Z"},
			"surprise", nil,
			map[string]any{"id": 9, "number": 9, "state": "open"},
			h.repos["acme/pay"].issues[2],
		})
		return true
	}
	page := read(t, live(t, h, "repositories: [acme/pay]"), nil)
	if diff := cmp.Diff([]string{"acme/pay#1", "acme/pay#3"}, keys(page.Records)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	var where []string
	for _, r := range page.Rejects {
		where = append(where, r.Where)
		if r.Cause == "" || r.Remedy == "" || r.Body == "" {
			t.Errorf("reject %+v", r)
		}
	}
	if !slices.Contains(where, "acme/pay#2") || !slices.Contains(where, "acme/pay#9") || !slices.Contains(where, "acme/pay") {
		t.Errorf("rejects at %v", where)
	}
}
