package jirasim_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/sim/jirasim"
)

func TestRankingMovesIssuesNextToTheirAnchor(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), jirasim.Options{})
	backlog := func() []string { return keys(d.search("project IN (PAY, WEB) ORDER BY Rank ASC"), "key") }
	if diff := cmp.Diff([]string{"PAY-1", "PAY-2", "PAY-3", "WEB-1", "WEB-2", "WEB-3"}, backlog()); diff != "" {
		t.Fatalf("at first (-want +got):\n%s", diff)
	}
	d.want(204, d.call("PUT", "/rest/agile/1.0/issue/rank", fields{"issues": []string{"WEB-3", "PAY-1"}, "rankBeforeIssue": "PAY-3"}))
	if diff := cmp.Diff([]string{"PAY-2", "WEB-3", "PAY-1", "PAY-3", "WEB-1", "WEB-2"}, backlog()); diff != "" {
		t.Errorf("before PAY-3 (-want +got):\n%s", diff)
	}
	if err := d.Rank(jirasim.Cy, []string{"PAY-2"}, "", "WEB-2"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"WEB-3", "PAY-1", "PAY-3", "WEB-1", "WEB-2", "PAY-2"}, backlog()); diff != "" {
		t.Errorf("after WEB-2 (-want +got):\n%s", diff)
	}
	entry := at(d.call("GET", "/rest/api/2/issue/PAY-2/changelog", nil).body, "values", 0, "items", 0)
	want := map[string]any{"field": "Rank", "fieldId": "Rank", "fieldtype": "jira", "from": "", "fromString": "", "to": "", "toString": "Ranked lower"}
	if diff := cmp.Diff(want, entry); diff != "" {
		t.Errorf("changelog (-want +got):\n%s", diff)
	}
	for name, body := range map[string]fields{
		"both anchors":           {"issues": []string{"PAY-1"}, "rankBeforeIssue": "PAY-2", "rankAfterIssue": "PAY-3"},
		"no anchor":              {"issues": []string{"PAY-1"}},
		"an anchor that is gone": {"issues": []string{"PAY-1"}, "rankBeforeIssue": "PAY-99"},
		"too many":               {"issues": slices.Repeat([]string{"PAY-1"}, 51), "rankBeforeIssue": "PAY-2"},
	} {
		if got := d.call("PUT", "/rest/agile/1.0/issue/rank", body); got.status != 400 {
			t.Errorf("%s: %d, want 400", name, got.status)
		}
	}
	d.want(204, d.call("PUT", "/rest/agile/1.0/issue/rank", fields{"issues": []string{"PAY-1"}, "rankBeforeIssue": "PAY-1"}))
}

// TestRanksStayDistinctAndInOrder moves issues at random and compares with a
// plain list.
func TestRanksStayDistinctAndInOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := jirasim.Sample()
		var list []string
		for n := 1; n <= 6; n++ {
			key := fmt.Sprintf("PAY-%d", n)
			w.Issues = append(w.Issues, jirasim.Issue{Key: key})
			list = append(list, key)
		}
		site, err := jirasim.New(w, jirasim.Options{Now: noon})
		if err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 80).Draw(rt, "moves") {
			moved, anchor := rapid.SampledFrom(list).Draw(rt, "moved"), rapid.SampledFrom(list).Draw(rt, "anchor")
			if moved == anchor {
				continue
			}
			before, after := anchor, ""
			list = slices.DeleteFunc(list, func(k string) bool { return k == moved })
			place := slices.Index(list, anchor)
			if rapid.Bool().Draw(rt, "after") {
				before, after, place = "", anchor, place+1
			}
			list = slices.Insert(list, place, moved)
			if err := site.Rank(jirasim.Ana, []string{moved}, before, after); err != nil {
				rt.Fatal(err)
			}
		}
		issues := site.World().Issues
		slices.SortFunc(issues, func(a, b jirasim.Issue) int {
			if a.Rank == b.Rank {
				rt.Fatalf("%s and %s share the rank %s", a.Key, b.Key, a.Rank)
			}
			if a.Rank < b.Rank {
				return -1
			}
			return 1
		})
		var got []string
		for _, i := range issues {
			got = append(got, i.Key)
		}
		if diff := cmp.Diff(list, got); diff != "" {
			rt.Errorf("order (-want +got):\n%s", diff)
		}
	})
}
