package rank_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/rank"
)

// chain makes entries of falling scores, a to …, with what they need.
func chain(needs map[work.ItemID][]work.ItemID, ids ...work.ItemID) []rank.Entry {
	entries := make([]rank.Entry, 0, len(ids))
	for i, id := range ids {
		entries = append(entries, rank.Entry{ID: id, Scored: rank.Scored{Why: score(float64(90 - i)), Next: score(float64(90 - i))}, Needs: needs[id]})
	}
	return entries
}

func TestNothingStandsAheadOfWhatItNeeds(t *testing.T) {
	t.Parallel()
	type needs = map[work.ItemID][]work.ItemID
	other := chain(needs{"a": {"c"}}, "a", "b", "c")
	other[2].Team = "web"
	later := chain(needs{"a": {"c"}}, "a", "b", "c")
	later[0].Horizon, later[1].Horizon, later[2].Horizon = 1, 1, 3
	cases := []struct {
		name    string
		entries []rank.Entry
		want    []work.ItemID
		moved   map[work.ItemID]work.ItemID
		rings   [][]work.ItemID
	}{
		{"no needs", chain(nil, "a", "b", "c"), []work.ItemID{"a", "b", "c"}, nil, nil},
		{"in order already", chain(needs{"c": {"a", "b"}}, "a", "b", "c"), []work.ItemID{"a", "b", "c"}, nil, nil},
		{"the need moves ahead of the most urgent that waits", chain(needs{"b": {"e"}, "c": {"e"}}, "a", "b", "c", "d", "e"), []work.ItemID{"a", "e", "b", "c", "d"}, map[work.ItemID]work.ItemID{"e": "b"}, nil},
		{"with what it needs itself", chain(needs{"a": {"d"}, "d": {"c"}}, "a", "b", "c", "d"), []work.ItemID{"c", "d", "a", "b"}, map[work.ItemID]work.ItemID{"c": "d", "d": "a"}, nil},
		{"several in their own order", chain(needs{"a": {"d", "c"}}, "a", "b", "c", "d"), []work.ItemID{"c", "d", "a", "b"}, map[work.ItemID]work.ItemID{"c": "a", "d": "a"}, nil},
		{"finished and unknown ones bind nothing", chain(needs{"a": {"gone"}}, "a", "b"), []work.ItemID{"a", "b"}, nil, nil},
		{"of another team they bind nothing", other, []work.ItemID{"a", "b", "c"}, nil, nil},
		{"from a later horizon", later, []work.ItemID{"c", "a", "b"}, map[work.ItemID]work.ItemID{"c": "a"}, nil},
		{"itself", chain(needs{"b": {"b"}}, "a", "b"), []work.ItemID{"a", "b"}, nil, [][]work.ItemID{{"b"}}},
		{
			"a circle keeps its order, and what it needs moves all the same", chain(needs{"a": {"c"}, "b": {"a", "d"}, "c": {"b"}}, "x", "a", "b", "c", "d"),
			[]work.ItemID{"x", "a", "d", "b", "c"},
			map[work.ItemID]work.ItemID{"d": "b"},
			[][]work.ItemID{{"a", "b", "c"}},
		},
		{"two circles", chain(needs{"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c"}}, "a", "b", "c", "d"), []work.ItemID{"a", "c", "b", "d"}, map[work.ItemID]work.ItemID{"c": "b"}, [][]work.ItemID{{"a", "b"}, {"c", "d"}}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []work.ItemID
			moved := map[work.ItemID]work.ItemID{}
			rings := map[string][]work.ItemID{}
			for _, p := range compile(t, method("rice")).Order(tc.entries, day(0)) {
				got = append(got, p.ID)
				if p.NeededBy != "" {
					moved[p.ID] = p.NeededBy
				}
				if p.Ring != nil {
					rings[fmt.Sprint(p.Ring)] = p.Ring
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
			if len(tc.moved)+len(moved) > 0 && !cmp.Equal(tc.moved, moved) {
				t.Errorf("moved for others: got %v, want %v", moved, tc.moved)
			}
			if len(rings) != len(tc.rings) {
				t.Errorf("got circles %v, want %v", rings, tc.rings)
			}
			for _, ring := range tc.rings {
				if rings[fmt.Sprint(ring)] == nil {
					t.Errorf("got circles %v, want %v", rings, tc.rings)
				}
			}
		})
	}
}

func TestLawsOfNeeds(t *testing.T) {
	t.Parallel()
	r := compile(t, method("rice"))
	rapid.Check(t, func(t *rapid.T) {
		entries := drawEntries(t)
		for i := range entries {
			for range rapid.IntRange(0, 2).Draw(t, "needs") {
				entries[i].Needs = append(entries[i].Needs, entries[rapid.IntRange(0, len(entries)-1).Draw(t, "need")].ID)
			}
		}
		got := r.Order(entries, day(0))
		at := map[work.ItemID]rank.Placement{}
		for _, p := range got {
			at[p.ID] = p
		}
		for _, e := range entries {
			for _, need := range e.Needs {
				p, q := at[e.ID], at[need]
				other := entries[slices.IndexFunc(entries, func(o rank.Entry) bool { return o.ID == need })]
				circle := slices.Contains(p.Ring, need)
				if other.Team == e.Team && !circle && q.Overall > p.Overall {
					t.Fatalf("%s at %d stands ahead of %s at %d, which it needs", e.ID, p.Overall, need, q.Overall)
				}
			}
		}
		for _, p := range got {
			if p.NeededBy != "" && at[p.NeededBy].Overall < p.Overall {
				t.Fatalf("%s moved for %s, which stands ahead of it", p.ID, p.NeededBy)
			}
			if len(p.Ring) > 0 && !slices.Contains(p.Ring, p.ID) {
				t.Fatalf("%s has the circle %v of others", p.ID, p.Ring)
			}
		}
		if diff := cmp.Diff(got, r.Order(rapid.Permutation(entries).Draw(t, "mixed"), day(0))); diff != "" {
			t.Fatalf("another order of entries (-want +got):\n%s", diff)
		}
		// The next run, which remembers the places of this one, moves nothing.
		for i := range entries {
			entries[i].Previous = at[entries[i].ID].Memory
		}
		for i, p := range r.Order(entries, day(1)) {
			if p.ID != got[i].ID || p.NeededBy != got[i].NeededBy {
				t.Fatalf("the second run puts %s to place %d, where %s was", p.ID, i+1, got[i].ID)
			}
		}
	})
}

// TestALongChainIsNoProblem: 20,000 items, each of which needs the next.
func TestALongChainIsNoProblem(t *testing.T) {
	t.Parallel()
	const items = 20_000
	entries := make([]rank.Entry, items)
	for i := range entries {
		entries[i] = rank.Entry{ID: work.ItemID(fmt.Sprintf("i%06d", i))}
		entries[i].Needs = []work.ItemID{work.ItemID(fmt.Sprintf("i%06d", i+1))}
	}
	got := compile(t, method("rice")).Order(entries, day(0))
	if got[0].ID != "i019999" || got[items-1].ID != "i000000" {
		t.Errorf("got %s first and %s last", got[0].ID, got[items-1].ID)
	}
	entries[items-1].Needs = []work.ItemID{"i000000"}
	if ring := compile(t, method("rice")).Order(entries, day(0))[0].Ring; len(ring) != items {
		t.Errorf("got a circle of %d items, want all", len(ring))
	}
}

func TestTiesSayWhatDecided(t *testing.T) {
	t.Parallel()
	entries := []rank.Entry{
		{ID: "a", Scored: rank.Scored{Next: between(60, 80, 90)}},
		{ID: "b", Scored: rank.Scored{Next: between(50, 70, 90)}},
		{ID: "c", Scored: rank.Scored{Next: between(50, 70, 95)}},
		{ID: "d", Scored: rank.Scored{Next: between(50, 65, 65)}, Created: day(1)},
		{ID: "e", Scored: rank.Scored{Next: between(50, 65, 65)}, Created: day(2)},
		{ID: "f", Scored: rank.Scored{Next: between(50, 65, 65)}, Created: day(2)},
		{ID: "g", Scored: rank.Scored{Next: between(50, 65, 65)}, Created: day(1), Previous: rank.Previous{Place: 9}},
		{ID: "z", Scored: rank.Scored{Next: score(10)}},
	}
	entries[3].Previous.Place = 10
	type row struct {
		ID        work.ItemID
		Tie, Last int
		Break     string
	}
	var got []row
	for _, p := range compile(t, method("rice")).Order(entries, day(0)) {
		got = append(got, row{p.ID, p.Tie, p.TieLast, p.Break.String()})
	}
	want := []row{
		{"a", 1, 7, "the higher score"},
		{"b", 1, 7, "the higher score"},
		{"c", 1, 7, "the narrower interval"},
		{"g", 1, 7, "the higher score"},
		{"d", 1, 7, "the place of the last run"},
		{"e", 1, 7, "the earlier creation"},
		{"f", 1, 7, "the id"},
		{"z", 8, 8, "nothing"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ties (-want +got):\n%s", diff)
	}
}
