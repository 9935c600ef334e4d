package jirasim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
)

// byRank searches the issues of PAY and WEB in their order.
func byRank(d *desk) []string {
	d.t.Helper()
	const jql = "project in (PAY, WEB) ORDER BY Rank ASC"
	if d.service == judge.JiraDC {
		return keys(d.want(200, d.call("POST", "/rest/api/2/search", fields{"jql": jql})), "key")
	}
	return keys(d.search(jql), "key")
}

func rank(d *desk, status int, body fields) answer {
	d.t.Helper()
	return d.want(status, d.call("PUT", "/rest/agile/1.0/issue/rank", body))
}

func TestRankingIsRefusedOrPartlyDoneAsPublished(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		field := fieldOf(d, "com.pyxis.greenhopper.jira:gh-lexo-rank")
		var number int
		if _, err := fmt.Sscanf(field, "customfield_%d", &number); err != nil {
			t.Fatal(err)
		}
		rank(d, 204, fields{"issues": []string{"WEB-3"}, "rankBeforeIssue": "PAY-1", "rankCustomFieldId": number})
		rank(d, 400, fields{"issues": []string{"WEB-3"}, "rankBeforeIssue": "PAY-1", "rankCustomFieldId": 7})
		rank(d, 400, fields{"issues": []string{"WEB-3"}})
		rank(d, 400, fields{"issues": []string{"WEB-3"}, "rankBeforeIssue": "PAY-1", "rankAfterIssue": "PAY-2"})
		rank(d, 400, fields{"issues": []string{"WEB-3"}, "rankBeforeIssue": "PAY-77"})
		many := make([]string, 51)
		for i := range many {
			many[i] = fmt.Sprintf("PAY-%d", i)
		}
		rank(d, 400, fields{"issues": many, "rankBeforeIssue": "PAY-1"})

		d.StumbleRank("WEB-1")
		got := rank(d, 207, fields{"issues": []string{"WEB-1", "WEB-2"}, "rankBeforeIssue": "WEB-3"})
		web1, _ := d.Issue("WEB-1")
		web2, _ := d.Issue("WEB-2")
		want := []any{
			map[string]any{
				"issueId": float64(web1.ID), "issueKey": "WEB-1", "status": 503.0,
				"errors": []any{"JIRA Agile cannot execute the rank operation at this time. Please try again later."},
			},
			map[string]any{"issueId": float64(web2.ID), "issueKey": "WEB-2", "status": 200.0},
		}
		if diff := cmp.Diff(want, got.body["entries"]); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"WEB-2", "WEB-3", "PAY-1", "PAY-2", "PAY-3", "WEB-1"}, byRank(d)); diff != "" {
			t.Errorf("after a partial success (-want +got):\n%s", diff)
		}
		rank(d, 204, fields{"issues": []string{"WEB-1", "WEB-2"}, "rankBeforeIssue": "WEB-3"})
		if diff := cmp.Diff([]string{"WEB-1", "WEB-2", "WEB-3", "PAY-1", "PAY-2", "PAY-3"}, byRank(d)); diff != "" {
			t.Errorf("after the second try (-want +got):\n%s", diff)
		}
		d.Administer(func(w *jirasim.World) {
			w.Accounts[0].Rights = map[string][]jirasim.Permission{"*": {jirasim.BrowseProjects, jirasim.EditIssues}}
		})
		rank(d, 403, fields{"issues": []string{"WEB-1"}, "rankBeforeIssue": "PAY-3"})
	})
}

func TestEveryMoveIsInTheChangelogUnderItsAuthor(t *testing.T) {
	t.Parallel()
	for _, asField := range []bool{false, true} {
		d := open(t, sample(), jirasim.Options{RankAsField: asField})
		if err := d.Drag(jirasim.Ana, "PAY-3", jirasim.Before, "PAY-1"); err != nil {
			t.Fatal(err)
		}
		rank(d, 204, fields{"issues": []string{"PAY-3"}, "rankAfterIssue": "PAY-2"})
		id, kind := "Rank", "jira"
		if asField {
			id, kind = "customfield_10019", "custom"
		}
		item := func(text string) map[string]any {
			return map[string]any{
				"field": "Rank", "fieldtype": kind, "fieldId": id, "from": "", "fromString": "", "to": "", "toString": text,
			}
		}
		got := d.want(200, d.call("POST", "/rest/api/2/changelog/bulkfetch", fields{"issueIdsOrKeys": []string{"PAY-3"}, "fieldIds": []string{id}}))
		var lines []any
		log, _ := at(got.body, "issueChangeLogs", 0, "changeHistories").([]any)
		for _, h := range log {
			lines = append(lines, at(h, "author", "accountId"), at(h, "items", 0))
		}
		want := []any{jirasim.Ana, item("Ranked higher"), jirasim.Bot, item("Ranked lower")}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("as field %v (-want +got):\n%s", asField, diff)
		}
	}
	d := server(t, jirasim.Options{})
	rank(d, 204, fields{"issues": []string{"PAY-3"}, "rankBeforeIssue": "PAY-1"})
	got := d.want(200, d.call("GET", "/rest/api/2/issue/PAY-3?expand=changelog", nil))
	want := map[string]any{"field": "Rank", "fieldtype": "jira", "from": "", "fromString": "", "to": "", "toString": "Ranked higher"}
	if diff := cmp.Diff(want, at(got.body, "changelog", "histories", 0, "items", 0)); diff != "" {
		t.Errorf("on a Data Center (-want +got):\n%s", diff)
	}
}

func TestTheSearchLearnsOfRanksLateAndSingleReadsAtOnce(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	d.SetLag(time.Minute)
	rank(d, 204, fields{"issues": []string{"WEB-3"}, "rankBeforeIssue": "PAY-1"})
	if diff := cmp.Diff([]string{"PAY-1", "PAY-2", "PAY-3", "WEB-1", "WEB-2", "WEB-3"}, byRank(d)); diff != "" {
		t.Errorf("too early (-want +got):\n%s", diff)
	}
	moved, _ := d.Issue("WEB-3")
	first, _ := d.Issue("PAY-1")
	got := d.want(200, d.call("POST", "/rest/api/2/issue/bulkfetch", fields{"issueIdsOrKeys": []string{"WEB-3", "PAY-1"}, "fields": []string{"customfield_10019"}}))
	ranks := []any{at(got.body, "issues", 0, "fields", "customfield_10019"), at(got.body, "issues", 1, "fields", "customfield_10019")}
	if diff := cmp.Diff([]any{first.Rank, moved.Rank}, ranks); diff != "" || moved.Rank >= first.Rank {
		t.Errorf("bulkfetch has the ranks %v, %s before %s (-want +got):\n%s", ranks, moved.Rank, first.Rank, diff)
	}
	d.clock.Advance(time.Minute)
	if got := byRank(d); got[0] != "WEB-3" {
		t.Errorf("after the lag: %v", got)
	}
}

func TestRebalancingChangesRanksAndNothingElse(t *testing.T) {
	t.Parallel()
	flavours(t, func(d *desk) {
		t := d.t
		if err := d.Drag(jirasim.Ana, "WEB-3", jirasim.After, "PAY-1"); err != nil {
			t.Fatal(err)
		}
		order := byRank(d)
		for _, bucket := range []string{"1|", "2|", "0|", "1|"} {
			before := d.World().Issues
			d.clock.Advance(time.Hour)
			d.Rebalance()
			if diff := cmp.Diff(order, byRank(d)); diff != "" {
				t.Errorf("order in %s (-want +got):\n%s", bucket, diff)
			}
			for n, i := range d.World().Issues {
				if !strings.HasPrefix(i.Rank, bucket) || !i.Updated.Equal(before[n].Updated) || len(i.History) != len(before[n].History) {
					t.Errorf("%s in %s: rank %s, updated %s, %d changes", i.Key, bucket, i.Rank, i.Updated, len(i.History))
				}
			}
		}
		rank(d, 204, fields{"issues": []string{"PAY-2", "WEB-1"}, "rankBeforeIssue": order[0]})
		order = slices.Concat([]string{"PAY-2", "WEB-1"}, slices.DeleteFunc(order, func(k string) bool { return k == "PAY-2" || k == "WEB-1" }))
		if diff := cmp.Diff(order, byRank(d)); diff != "" {
			t.Errorf("ranked in the new bucket (-want +got):\n%s", diff)
		}
	})
}

// TestALargeBacklogIsTurnedAroundQuickly ranks 2,000 of 10,000 issues, fifty
// per call, to the top and to the bottom.
func TestALargeBacklogIsTurnedAroundQuickly(t *testing.T) {
	t.Parallel()
	w := jirasim.Sample()
	jirasim.Populate(&w, 10000, 7, noon())
	start := time.Now()
	d := open(t, w, jirasim.Options{})
	imported := time.Since(start)
	all := d.World().Issues
	slices.SortFunc(all, func(a, b jirasim.Issue) int { return strings.Compare(a.Rank, b.Rank) })
	var want []string
	start = time.Now()
	anchor := all[len(all)-1].Key
	for chunk := range slices.Chunk(all[:2000], 50) {
		var moved []string
		for _, i := range chunk {
			moved = append(moved, i.Key)
		}
		rank(d, 204, fields{"issues": moved, "rankAfterIssue": anchor})
		anchor = moved[len(moved)-1]
		want = append(want, moved...)
	}
	took := time.Since(start)
	d.Rebalance()
	got := d.World().Issues
	slices.SortFunc(got, func(a, b jirasim.Issue) int { return strings.Compare(a.Rank, b.Rank) })
	var end []string
	for _, i := range got[8000:] {
		end = append(end, i.Key)
	}
	if diff := cmp.Diff(want, end); diff != "" {
		t.Errorf("the end of the backlog (-want +got):\n%s", diff)
	}
	if longest := slices.MaxFunc(got, func(a, b jirasim.Issue) int { return len(a.Rank) - len(b.Rank) }).Rank; len(longest) > 40 {
		t.Errorf("a rank has %d characters: %s", len(longest), longest)
	}
	t.Logf("imported in %v, ranked in %v", imported, took)
	if took > 5*time.Second { // well below one, but for the race detector and busy machines
		t.Errorf("ranking 2,000 issues took %v", took)
	}
}
