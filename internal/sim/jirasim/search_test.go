package jirasim_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
)

func (d *desk) search(jql string, more ...any) answer {
	d.t.Helper()
	body := map[string]any{"jql": jql, "fields": []string{"updated"}}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return d.want(200, d.call("POST", "/rest/api/2/search/jql", body))
}

// walk reads all pages and returns the keys in order.
func (d *desk) walk(jql string, size int, between func(page int)) []string {
	d.t.Helper()
	var found []string
	token := ""
	for page := 1; ; page++ {
		more := []any{"maxResults", size}
		if token != "" {
			more = append(more, "nextPageToken", token)
		}
		got := d.search(jql, more...)
		found = append(found, keys(got, "key")...)
		last, _ := got.body["isLast"].(bool)
		token, _ = got.body["nextPageToken"].(string)
		if last != (token == "") {
			d.t.Fatalf("isLast %v with token %q", last, token)
		}
		if last {
			return found
		}
		if between != nil {
			between(page)
		}
	}
}

func TestSearchDefaultsToIdsAlone(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	got := d.want(200, d.call("GET", "/rest/api/2/search/jql?jql="+url.QueryEscape("project = PAY ORDER BY key ASC"), nil))
	want := map[string]any{"isLast": true, "issues": []any{
		map[string]any{"id": "10000"}, map[string]any{"id": "10001"}, map[string]any{"id": "10002"},
	}}
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

func TestPagesOfFieldsHoldAtMost100(t *testing.T) {
	t.Parallel()
	w := jirasim.Sample()
	jirasim.Populate(&w, 250, 1, noon())
	d := open(t, w, jirasim.Options{})
	got := d.search("project IN (PAY, WEB, OPS)", "maxResults", 1000)
	if n := len(keys(got, "key")); n != 100 || got.body["isLast"] != false {
		t.Errorf("a page with fields holds %d issues, last %v; want 100 and more to come", n, got.body["isLast"])
	}
	got = d.want(200, d.call("POST", "/rest/api/2/search/jql", map[string]any{"jql": "project IN (PAY, WEB, OPS)", "maxResults": 5001}))
	if n := len(keys(got, "id")); n != 250 {
		t.Errorf("a page of ids holds %d issues, want 250", n)
	}
	got = d.want(200, d.call("POST", "/rest/api/2/search/jql", map[string]any{"jql": "project IN (PAY, WEB, OPS)"}))
	if n := len(keys(got, "id")); n != 50 {
		t.Errorf("a page holds %d issues by default, want 50", n)
	}
	if _, has := got.body["total"]; has {
		t.Error("the answer has a total")
	}
}

func TestTokensBelongToTheirQuery(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	got := d.search("project = PAY", "maxResults", 1)
	token := got.body["nextPageToken"]
	for name, body := range map[string]map[string]any{
		"another query":    {"jql": "project = WEB", "nextPageToken": token},
		"another list":     {"jql": "project = PAY", "nextPageToken": token, "reconcileIssues": []int{10000}},
		"a made-up token":  {"jql": "project = PAY", "nextPageToken": "abc"},
		"an expired token": {"jql": "project = PAY", "nextPageToken": token},
	} {
		if name == "an expired token" {
			continue
		}
		if got := d.call("POST", "/rest/api/2/search/jql", body); got.status != 400 {
			t.Errorf("%s: status %d, want 400", name, got.status)
		}
	}
	d.clock.Advance(8 * 24 * time.Hour)
	if got := d.call("POST", "/rest/api/2/search/jql", map[string]any{"jql": "project = PAY", "nextPageToken": token}); got.status != 400 {
		t.Errorf("after eight days: status %d, want 400", got.status)
	}
}

func TestSearchLagsWhileReadsAreImmediate(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.SetLag(time.Minute)
	before, _ := d.Issue("PAY-1")
	if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10101" }); err != nil {
		t.Fatal(err)
	}
	look := func() (updated, priority any) {
		issue := at(d.want(200, d.call("POST", "/rest/api/2/search/jql", map[string]any{
			"jql": "key = PAY-1", "fields": []string{"updated", "priority"},
		})).body, "issues", 0, "fields")
		return at(issue, "updated"), at(issue, "priority", "id")
	}
	updated, priority := look()
	if updated != before.Updated.In(berlin(t)).Format("2006-01-02T15:04:05.000-0700") || priority != "10102" {
		t.Errorf("search shows %v, %v at once; want the old state", updated, priority)
	}
	if got := d.search("updated >= -1m"); len(keys(got, "key")) != 0 {
		t.Errorf("search finds %v by the new time", keys(got, "key"))
	}
	if got := d.search("key = PAY-1", "reconcileIssues", []int{10000}); at(got.body, "issues", 0, "fields", "updated") != "2026-11-21T13:00:00.000+0100" {
		t.Errorf("a reconciled issue is shown as %s", got.raw)
	}
	if got := d.call("GET", "/rest/api/2/issue/PAY-1", nil); at(got.body, "fields", "priority", "id") != "10101" {
		t.Errorf("a single read shows %v", at(got.body, "fields", "priority"))
	}
	d.clock.Advance(time.Minute)
	if updated, priority := look(); updated != "2026-11-21T13:00:00.000+0100" || priority != "10101" {
		t.Errorf("search shows %v, %v after the lag; want the new state", updated, priority)
	}
}

func TestChangesMayReachTheSearchOutOfOrder(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.SetLagFunc(func(i jirasim.Issue) time.Duration {
		if i.Key == "PAY-1" {
			return time.Minute
		}
		return 0
	})
	label := func(key string) {
		if err := d.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Labels = append(i.Labels, "x") }); err != nil {
			t.Fatal(err)
		}
	}
	label("PAY-1")
	d.clock.Advance(10 * time.Second)
	label("PAY-2")
	if diff := cmp.Diff([]string{"PAY-2"}, keys(d.search("labels = x ORDER BY updated ASC"), "key")); diff != "" {
		t.Errorf("the later change first (-want +got):\n%s", diff)
	}
	d.clock.Advance(time.Minute)
	if diff := cmp.Diff([]string{"PAY-1", "PAY-2"}, keys(d.search("labels = x ORDER BY updated ASC"), "key")); diff != "" {
		t.Errorf("then both (-want +got):\n%s", diff)
	}
	d.SetLag(time.Hour)
	if err := d.Delete("PAY-1", jirasim.Ana); err != nil {
		t.Fatal(err)
	}
	if got := d.call("GET", "/rest/api/2/issue/PAY-1", nil); got.status != 404 {
		t.Errorf("a deleted issue is read with %d", got.status)
	}
	d.Settle()
	if diff := cmp.Diff([]string{"PAY-2"}, keys(d.search("labels = x"), "key")); diff != "" {
		t.Errorf("after the deletion arrived (-want +got):\n%s", diff)
	}
}

func TestAnIssueMayVanishFromTheSearchForAWhile(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.Vanish("PAY-2", time.Minute)
	d.Stumble("PAY-3")
	if diff := cmp.Diff([]string{"PAY-1", "PAY-3"}, keys(d.search("project = PAY ORDER BY key ASC"), "key")); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
	fetch := func() answer {
		return d.want(200, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-2", "PAY-3"}, "fields": []string{"summary"}}))
	}
	got := fetch()
	if diff := cmp.Diff([]string{"PAY-2"}, keys(got, "key")); diff != "" || at(got.body, "issueErrors", 0, "id") != "10002" {
		t.Errorf("bulkfetch: %s", got.raw)
	}
	if diff := cmp.Diff([]string{"PAY-2", "PAY-3"}, keys(fetch(), "key")); diff != "" {
		t.Errorf("bulkfetch again (-want +got):\n%s", diff)
	}
	d.clock.Advance(time.Minute)
	if diff := cmp.Diff([]string{"PAY-1", "PAY-2", "PAY-3"}, keys(d.search("project = PAY ORDER BY key ASC"), "key")); diff != "" {
		t.Errorf("later (-want +got):\n%s", diff)
	}
}

func TestPeopleAndClientsMayWorkAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	var work sync.WaitGroup
	for n := range 4 {
		work.Go(func() {
			for i := range 25 {
				label := fmt.Sprintf("l%d-%d", n, i)
				if n%2 == 0 {
					if err := d.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Labels = append(i.Labels, label) }); err != nil {
						t.Error(err)
					}
					continue
				}
				req := d.request(t.Context(), "PUT", "/rest/api/2/issue/PAY-1", edit(nil, fields{"labels": []any{fields{"add": label}}}))
				req.SetBasicAuth("bot@acme.example", "jira-token")
				if got, err := d.do(req); err != nil || got.status != 204 {
					t.Errorf("%d %v", got.status, err)
				}
			}
		})
	}
	work.Wait()
	issue, _ := d.Issue("PAY-1")
	mine, theirs := len(d.Writes().Effects(true)), len(d.Writes().Effects(false))
	if len(issue.Labels) != 100 || mine != 50 || theirs != 50 || len(issue.History) != 100 {
		t.Errorf("%d labels, %d and %d effects, %d entries", len(issue.Labels), mine, theirs, len(issue.History))
	}
}

func TestAWalkInOrderOfChangeMissesNothingThatMoves(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	touched := 0
	found := d.walk("project IN (PAY, WEB, OPS) ORDER BY updated ASC, key ASC", 2, func(page int) {
		if page > 3 {
			return
		}
		d.clock.Advance(time.Second)
		key := []string{"PAY-1", "OPS-3", "WEB-1"}[page-1]
		touched++
		if err := d.Edit(key, jirasim.Ana, func(i *jirasim.Issue) { i.Summary += "!" }); err != nil {
			t.Fatal(err)
		}
	})
	for _, key := range []string{"PAY-1", "PAY-2", "PAY-3", "WEB-1", "WEB-2", "WEB-3", "OPS-1", "OPS-2", "OPS-3"} {
		if !slices.Contains(found, key) {
			t.Errorf("the walk missed %s: %v", key, found)
		}
	}
	if touched != 3 {
		t.Errorf("only %d issues moved during the walk", touched)
	}
}

// TestWalksAgreeWithAPlainSort compares every walk, by index or by fixed list,
// with a sort of the whole world, for random worlds and page sizes.
func TestWalksAgreeWithAPlainSort(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := jirasim.Sample()
		jirasim.Populate(&w, rapid.IntRange(1, 60).Draw(rt, "issues"), rapid.Uint64().Draw(rt, "seed"), noon())
		d := open(t, w, jirasim.Options{})
		days := rapid.IntRange(1, 400).Draw(rt, "days")
		order := rapid.SampledFrom([]string{
			"", "updated ASC", "updated DESC, key DESC", "created ASC, key ASC", "Rank ASC", "Rank DESC", "key ASC", "id DESC",
			"priority DESC, updated ASC", "updated ASC, key DESC", "status ASC, created DESC",
		}).Draw(rt, "order")
		jql := fmt.Sprintf("updated >= -%dd AND project IN (PAY, OPS)", days)
		if order != "" {
			jql += " ORDER BY " + order
		}
		got := d.walk(jql, rapid.IntRange(1, 30).Draw(rt, "page"), nil)
		want := plainSort(d.World(), noon().AddDate(0, 0, 0).Add(-time.Duration(days)*24*time.Hour), order)
		if diff := cmp.Diff(want, got); diff != "" {
			rt.Errorf("%s (-want +got):\n%s", jql, diff)
		}
	})
}

func plainSort(w jirasim.World, since time.Time, order string) []string {
	urgency := map[string]int{}
	for i, p := range w.Priorities {
		urgency[p.ID] = len(w.Priorities) - i
	}
	number := func(key string) (n int) {
		_, _ = fmt.Sscanf(key[strings.Index(key, "-")+1:], "%d", &n)
		return n
	}
	byKey := func(a, b jirasim.Issue) int {
		if c := strings.Compare(a.Project, b.Project); c != 0 {
			return c
		}
		return number(a.Key) - number(b.Key)
	}
	if order == "" {
		order = "key DESC"
	}
	issues := slices.DeleteFunc(w.Issues, func(i jirasim.Issue) bool {
		return i.Updated.Before(since) || (i.Project != "PAY" && i.Project != "OPS")
	})
	terms := strings.Split(order, ", ")
	slices.SortFunc(issues, func(a, b jirasim.Issue) int {
		for _, term := range terms {
			name, direction, _ := strings.Cut(term, " ")
			c := map[string]int{
				"updated": a.Updated.Compare(b.Updated), "created": a.Created.Compare(b.Created), "Rank": strings.Compare(a.Rank, b.Rank),
				"key": byKey(a, b), "id": byKey(a, b), "priority": urgency[a.Priority] - urgency[b.Priority], "status": strings.Compare(a.Status, b.Status),
			}[name]
			if direction == "DESC" {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		if strings.HasSuffix(order, "DESC") && len(terms) == 1 {
			return byKey(b, a)
		}
		return byKey(a, b)
	})
	out := []string{}
	for _, i := range issues {
		out = append(out, i.Key)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestCallsAreCountedByRoute(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.search("project = PAY")
	d.search("project = WEB")
	d.call("GET", "/rest/api/2/issue/PAY-404", nil)
	want := []sim.Count{
		{Connector: "jira", Method: "GET", Route: "/rest/api/2/issue/{issueIdOrKey}", Calls: 1, Status: map[int]int{404: 1}},
		{Connector: "jira", Method: "POST", Route: "/rest/api/2/search/jql", Calls: 2, Status: map[int]int{200: 2}},
	}
	if diff := cmp.Diff(want, d.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
	if n := d.Calls("POST", "/rest/api/2/search/jql"); n != 2 {
		t.Errorf("Calls = %d, want 2", n)
	}
}
