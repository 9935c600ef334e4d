package githubsim_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/githubsim"
)

// many is one repository with n issues, the later the newer, two a second.
func many(n int) githubsim.World {
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: "bot-token", Login: "tandem-bot", Service: true}},
		Repositories: []githubsim.Repository{{ID: 515435940, Name: "acme/big"}},
	}
	for k := range n {
		at := noon().Add(-24 * time.Hour).Add(time.Duration(k/2) * time.Second)
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/big", Title: fmt.Sprint("Issue ", k+1), Author: "ana", Created: at, Updated: at})
	}
	return w
}

func TestPagesAreLinkedAsRecorded(t *testing.T) {
	t.Parallel()
	d := open(t, many(13), githubsim.Options{Links: githubsim.PagesOnly})
	const self = "<https://api.github.com/repositories/515435940/issues?per_page=3&page="
	path, want := "/repos/acme/big/issues?per_page=3", []string{
		self + `2>; rel="next", ` + self + `5>; rel="last"`,
		self + `1>; rel="prev", ` + self + `3>; rel="next", ` + self + `5>; rel="last", ` + self + `1>; rel="first"`,
		self + `2>; rel="prev", ` + self + `4>; rel="next", ` + self + `5>; rel="last", ` + self + `1>; rel="first"`,
		self + `3>; rel="prev", ` + self + `5>; rel="next", ` + self + `5>; rel="last", ` + self + `1>; rel="first"`,
		self + `4>; rel="prev", ` + self + `1>; rel="first"`,
	}
	var got, numbers []string
	for path != "" && len(got) < 10 {
		page := d.want(200, d.call("GET", path, nil))
		got = append(got, page.header.Get("Link"))
		numbers = append(numbers, column(any(page.list), "number")...)
		path = page.link("next")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Link differs from the recording (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.Fields("13 12 11 10 9 8 7 6 5 4 3 2 1"), numbers); diff != "" {
		t.Errorf("newest first (-want +got):\n%s", diff)
	}
}

func TestEveryWalkVisitsEveryRowOnce(t *testing.T) {
	t.Parallel()
	for _, form := range []githubsim.Links{githubsim.CursorsAndPages, githubsim.CursorsOnly, githubsim.PagesOnly} {
		d := open(t, many(25), githubsim.Options{Links: form})
		for _, sort := range []string{"created", "updated", "comments"} {
			for _, direction := range []string{"asc", "desc"} {
				start := "/repos/acme/big/issues?state=all&per_page=4&sort=" + sort + "&direction=" + direction
				seen, last := walk(d, start, "next")
				if len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 25 || len(seen) != 25 {
					t.Errorf("%s, form %d: seen %v", start, form, seen)
				}
				if form == githubsim.PagesOnly {
					continue
				}
				back, _ := walk(d, last, "prev")
				if len(back) != 25 {
					t.Errorf("%s backwards: seen %v", start, back)
				}
			}
		}
	}
}

func walk(d *desk, path, rel string) (seen []string, last string) {
	d.t.Helper()
	for path != "" && len(seen) < 1000 {
		last = path
		page := d.want(200, d.call("GET", path, nil))
		seen = append(seen, column(any(page.list), "number")...)
		path = page.link(rel)
	}
	return seen, last
}

func TestACursorKeepsItsPlaceWhenRowsMove(t *testing.T) {
	t.Parallel()
	d := open(t, many(12), githubsim.Options{})
	first := d.call("GET", "/repos/acme/big/issues?sort=updated&direction=asc&per_page=4", nil)
	d.edit("acme/big#2", func(i *githubsim.Issue) { i.Title = "moved to the end" })
	rest, _ := walk(d, first.link("next"), "next")
	if diff := cmp.Diff(strings.Fields("5 6 7 8 9 10 11 12 2"), rest); diff != "" {
		t.Errorf("rows after the first page (-want +got):\n%s", diff)
	}
}

func TestSinceIsInclusiveAndInWholeSeconds(t *testing.T) {
	t.Parallel()
	d := open(t, many(6), githubsim.Options{})
	for _, c := range []struct{ since, want string }{
		{"2026-11-20T12:00:01Z", "3 4 5 6"},
		{"2026-11-20T12:00:01.900Z", "3 4 5 6"},
		{"2026-11-20T13:00:02%2B01:00", "5 6"},
		{"2026-11-20T12:00:03Z", ""},
	} {
		for _, sort := range []string{"created", "updated"} {
			got := d.want(200, d.call("GET", "/repos/acme/big/issues?direction=asc&sort="+sort+"&since="+c.since, nil))
			if numbers := strings.Join(column(any(got.list), "number"), " "); numbers != c.want {
				t.Errorf("since %s by %s = %q, want %q", c.since, sort, numbers, c.want)
			}
		}
	}
}

func TestDeepPagesAreRefusedAndCursorsReachOn(t *testing.T) {
	t.Parallel()
	d := open(t, many(10_200), githubsim.Options{})
	d.want(200, d.call("GET", "/repos/acme/big/issues?per_page=100&page=99", nil))
	got := d.want(422, d.call("GET", "/repos/acme/big/issues?per_page=100&page=100", nil))
	if want := "Pagination with the page parameter is not supported for large datasets, please use cursor based pagination (after/before)"; got.body["message"] != want {
		t.Errorf("message = %q, want %q", got.body["message"], want)
	}
	seen, _ := walk(d, "/repos/acme/big/issues?per_page=100&sort=updated&direction=asc", "next")
	if len(seen) != 1000 {
		t.Errorf("the walk of the test stops at 1000 rows, got %d", len(seen))
	}
	deep := d.call("GET", "/repos/acme/big/issues?per_page=100&page=99&sort=updated&direction=asc", nil)
	if rest, _ := walk(d, deep.link("next"), "next"); len(rest) != 300 {
		t.Errorf("rows after page 99 = %d, want 300", len(rest))
	}
}

func TestListsMixPullRequestsAndFilter(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	d.edit("acme/pay#1", func(i *githubsim.Issue) {
		i.State, i.Labels, i.Milestone = githubsim.Closed, []string{"BUG", "area/ui"}, 1
	})
	d.edit("acme/pay#3", func(i *githubsim.Issue) { i.Labels, i.Assignees = []string{"bug"}, []string{"cy"} })
	for _, c := range []struct{ query, want string }{
		{"", "3 2"},
		{"?state=closed", "1"},
		{"?state=all", "3 2 1"},
		{"?state=all&labels=bug", "3 1"},
		{"?state=all&labels=bug,AREA%2Fui", "1"},
		{"?state=all&milestone=1", "1"},
		{"?state=all&milestone=none", "3 2"},
		{"?assignee=cy", "3"},
		{"?assignee=none", "2"},
		{"?creator=ana&sort=updated&direction=asc", "2 3"},
		{"?creator=cy", ""},
	} {
		got := d.want(200, d.call("GET", "/repos/acme/pay/issues"+c.query, nil))
		if numbers := strings.Join(column(any(got.list), "number"), " "); numbers != c.want {
			t.Errorf("%s = %q, want %q", c.query, numbers, c.want)
		}
	}
	list := d.call("GET", "/repos/acme/pay/issues", nil)
	if at(list.list, 1, "pull_request", "html_url") != "https://github.com/acme/pay/pull/2" || at(list.list, 0, "pull_request") != nil {
		t.Errorf("pull requests are not marked as such: %s", list.raw)
	}
	for _, query := range []string{"?state=odd", "?sort=odd", "?since=yesterday", "?after=odd"} {
		if got := d.wrong("GET", "/repos/acme/pay/issues"+query, nil); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s = %d, want 422: %s", query, got.status, got.raw)
		}
	}
}
