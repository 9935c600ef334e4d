package digest

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/view"
)

// ordered are items of a team in an order, each named by a letter; a dot is one
// that the audience does not see.
func ordered(letters string) []view.Item {
	var items []view.Item
	for i, l := range letters {
		if l != '.' {
			items = append(items, view.Item{Ref: string(l), TeamPlace: i + 1, Team: "pay"})
		}
	}
	return items
}

func saidOf(items []view.Item) *said {
	s := &said{Places: map[string]place{}}
	for _, i := range items {
		s.Places[i.Ref] = place{i.TeamPlace, i.Horizon}
	}
	return s
}

func TestWhatMovedIsToldAndWhatMadeRoomIsNot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, after string
		want                []string
	}{
		{"nothing", "abcdefgh", "abcdefgh", nil},
		{"one to the front", "abcdefgh", "gabcdefh", []string{"g 7→1"}},
		{"one to the end", "abcdefgh", "bcdefgha", []string{"a 1→8"}},
		{"two", "abcdefgh", "gahbcdef", []string{"g 7→1", "h 8→3"}},
		{"a new one", "abcdefgh", "abxcdefgh", []string{"x 0→3"}},
		{"one is done", "abcdefgh", "acdefgh", nil},
		{"past those that nobody sees", "a...bcdef", "ab...cdef", []string{"b 5→2"}},
		{"somebody whom nobody sees came before all", "abcdefgh", ".abcdefgh", nil},
		{"and between", "abcdefgh", "abcd.efgh", nil},
		{"and went", ".abcd.efgh", "abcdefgh", nil},
		{"the ends change places", "abcdefgh", "hbcdefga", []string{"a 1→8", "h 8→1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			moves, _ := differences(ordered(c.after), saidOf(ordered(c.before)))
			var got []string
			for _, m := range moves {
				got = append(got, fmt.Sprintf("%s %d→%d", m.item.Ref, m.from, m.item.TeamPlace))
			}
			slices.Sort(got)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheNearerToTheFrontTheMoreAMoveCounts(t *testing.T) {
	t.Parallel()
	before := make([]view.Item, 0, 100)
	for i := range 100 {
		before = append(before, view.Item{Ref: fmt.Sprint(i), TeamPlace: i + 1, Team: "pay"})
	}
	after := slices.Clone(before)
	after = slices.Insert(slices.Delete(after, 89, 90), 79, before[89]) // 90 → 80
	after = slices.Insert(slices.Delete(after, 2, 3), 0, before[2])     // 3 → 1
	for i := range after {
		after[i].TeamPlace = i + 1
	}
	moves, _ := differences(after, saidOf(before))
	if len(moves) != 2 || moves[0].item.Ref != "2" || moves[1].item.Ref != "89" {
		t.Errorf("moved are %+v", moves)
	}
}

// Taking out what moved leaves both orders the same, and nobody who could stay
// is told as moved.
func TestTheLongestRunIsARunAndIsLongest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(1, 50), 0, 9, rapid.ID[int]).Draw(t, "numbers")
		in := longestRun(numbers, func(n int) int { return n })
		var run []int
		for i, n := range numbers {
			if in[i] {
				run = append(run, n)
			}
		}
		if !slices.IsSorted(run) {
			t.Fatalf("%v of %v is no run", run, numbers)
		}
		longest := 0
		for set := range 1 << len(numbers) {
			var some []int
			for i, n := range numbers {
				if set>>i&1 == 1 {
					some = append(some, n)
				}
			}
			if slices.IsSorted(some) {
				longest = max(longest, len(some))
			}
		}
		if len(run) != longest {
			t.Fatalf("%v of %v is not the longest, which has %d", run, numbers, longest)
		}
	})
}

func TestAnItemThatChangesItsPlanIsTold(t *testing.T) {
	t.Parallel()
	was := []view.Item{{Ref: "a", TeamPlace: 1, Horizon: "now"}, {Ref: "b", TeamPlace: 2, Horizon: "next"}, {Ref: "c", TeamPlace: 3, Horizon: "later"}, {Ref: "d", TeamPlace: 4}}
	is := []view.Item{{Ref: "a", TeamPlace: 1, Horizon: "next"}, {Ref: "b", TeamPlace: 2, Horizon: "next"}, {Ref: "c", TeamPlace: 3}, {Ref: "d", TeamPlace: 4, Horizon: "later"}, {Ref: "e", TeamPlace: 5, Horizon: "now"}}
	_, shifts := differences(is, saidOf(was))
	var got []string
	for _, s := range shifts {
		got = append(got, s.item.Ref+" "+s.was+"→"+s.item.Horizon)
	}
	if diff := cmp.Diff([]string{"a now→next", "e →now"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
