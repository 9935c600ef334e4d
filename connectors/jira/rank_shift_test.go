package jira

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestTheLeastMovesExplainAShift: what stays is in its old order, one issue
// that was moved is the only candidate or one of two neighbours, and no run is
// longer.
func TestTheLeastMovesExplainAShift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(rt, "issues")
		before := make([]string, n)
		for i := range before {
			before[i] = strconv.Itoa(i)
		}
		now := rapid.Permutation(before).Draw(rt, "now")
		gone := rapid.IntRange(0, n).Draw(rt, "gone")
		now = append(now[:n-gone], "new")
		got := compareOrders(before, now)

		stays := func(outside []string) bool {
			kept := slices.DeleteFunc(slices.Clone(now), func(id string) bool { return slices.Contains(outside, id) || id == "new" })
			was := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return !slices.Contains(kept, id) })
			return slices.Equal(kept, was)
		}
		if !stays(got.outside) {
			rt.Fatalf("%v → %v: without %v the order is not kept", before, now, got.outside)
		}
		common := now[:len(now)-1]
		candidates := map[string]bool{}
		for set := range 1 << len(common) { // all ways to explain it
			var moved []string
			for i, id := range common {
				if set&(1<<i) != 0 {
					moved = append(moved, id)
				}
			}
			if !stays(moved) {
				continue
			}
			if len(moved) < len(got.outside) {
				rt.Fatalf("%v → %v: %v is less than %v", before, now, moved, got.outside)
			}
			if len(moved) == len(got.outside) {
				for _, id := range moved {
					candidates[id] = true
				}
			}
		}
		want := slices.DeleteFunc(slices.Clone(common), func(id string) bool { return !candidates[id] })
		all := slices.Concat(got.outside, got.rivals)
		have := slices.DeleteFunc(slices.Clone(common), func(id string) bool { return !slices.Contains(all, id) })
		if diff := cmp.Diff(want, have); diff != "" || len(all) != len(want) {
			rt.Fatalf("%v → %v: candidates %s", before, now, diff)
		}
	})
}

func TestWindowsAreTheTargetsWithTheirNeighbours(t *testing.T) {
	t.Parallel()
	order := []string{"a", "b", "c", "d", "e", "f"}
	for _, test := range []struct {
		targets []string
		want    []int
	}{
		{nil, nil},
		{[]string{"a"}, []int{0, 1}},
		{[]string{"f", "a"}, []int{0, 1, 4, 5}},
		{[]string{"c", "b", "gone"}, []int{0, 1, 2, 3}},
	} {
		if diff := cmp.Diff(test.want, windows(order, test.targets)); diff != "" {
			t.Errorf("%v: %s", test.targets, diff)
		}
	}
}

func TestWhatStandsBetweenItsNeighboursIsPlaced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before string
		moved  []string
		after  string
		ranks  string // ids in the order of their ranks
		want   string
	}{
		"all":                {"a", []string{"b", "c"}, "d", "abcd", "bc"},
		"others between":     {"a", []string{"b", "c"}, "d", "axbxcd", "bc"},
		"at the top":         {"", []string{"b", "c"}, "d", "bcd", "bc"},
		"at the end":         {"a", []string{"b", "c"}, "", "abc", "bc"},
		"one above":          {"a", []string{"b", "c"}, "d", "bacd", "c"},
		"one below":          {"a", []string{"b", "c"}, "d", "abdc", "b"},
		"neighbours changed": {"a", []string{"b", "c"}, "d", "dbca", ""},
		"one is gone":        {"a", []string{"b", "c"}, "d", "abd", "b"},
		"a neighbour gone":   {"a", []string{"b", "c"}, "d", "bcd", "bc"},
		"one of three back":  {"a", []string{"b", "c", "e"}, "d", "aecbd", "e"},
	} {
		ranks := map[string]string{}
		for i, id := range test.ranks {
			ranks[string(id)] = "0|" + strconv.Itoa(100+i) + ":"
		}
		in := between(test.before, test.moved, test.after, ranks)
		got := ""
		for _, id := range test.moved {
			if in[id] {
				got += id
			}
		}
		if name == "one of three back" && len(got) == 1 {
			continue // any one of them
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
