package roadmap_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

func dayOf(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// items reads "id effort [was=H] [since=D] [fixed=H] [target=D] [launch=D]
// [needs=id] [done]", one item each, in the order
// of why. The effort ? is unknown.
func items(t *testing.T, lines ...string) []roadmap.Item {
	t.Helper()
	all := make([]roadmap.Item, 0, len(lines))
	for i, line := range lines {
		words := strings.Fields(line)
		it := roadmap.Item{ID: work.ItemID(words[0]), Place: i + 1}
		if words[1] != "?" {
			var effort float64
			if _, err := fmt.Sscan(words[1], &effort); err != nil {
				t.Fatal(err)
			}
			it.Effort = work.NewNumber(effort)
		}
		for _, word := range words[2:] {
			switch key, value, _ := strings.Cut(word, "="); key {
			case "was":
				it.Previous = value
			case "fixed":
				it.Fixed = value
			case "since":
				it.Since = dayOf(t, value)
			case "target":
				it.Target = dayOf(t, value)
			case "launch":
				it.Launch = dayOf(t, value)
			case "needs":
				it.Needs = append(it.Needs, roadmap.Need{ID: work.ItemID(value), Key: strings.ToUpper(value)})
			case "done":
				it.Done = true
			default:
				t.Fatalf("%q says nothing", word)
			}
		}
		all = append(all, it)
	}
	return all
}

func TestHorizonsAreFilledByCapacity(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		capacity float64
		items    []string
		want     string // id=horizon
	}{
		{"nothing to do", 10, nil, ""},
		{"in order", 10, []string{"a 5", "b 5", "c 8", "d 12", "e 1"}, "a=now b=now c=next d=next e=later"},
		{"nobody overtakes", 10, []string{"a 6", "b 5", "c 1"}, "a=now b=next c=next"},
		{"the first may be too large", 10, []string{"a 11", "b 1", "c 25", "d 1"}, "a=now b=next c=later d=later"},
		{"but not the second", 10, []string{"a 1", "b 21", "c 1"}, "a=now b=next c=later"},
		{"decimals", 0.3, []string{"a 0.1", "b 0.2", "c 0.6"}, "a=now b=now c=next"},
		{"finished work takes no room", 10, []string{"a 10 done was=now", "b 10"}, "a= b=now"},
		{"what a person set stays and takes room", 10, []string{"a 5", "b 6 fixed=now", "c 4", "d 3 fixed=later"}, "a=next b=now c=next d=later"},
		{"a person may set too much", 10, []string{"a 1", "b 20 fixed=now", "c 5 fixed=now"}, "a=next b=now c=now"},
		{"a person's own word", 10, []string{"a 10", "b 5 fixed=icebox", "c 20"}, "a=now b=icebox c=next"},
		{"unknown effort is the median", 10, []string{"a 4", "b ?", "c 6 done", "d 1"}, "a=now b=now c= d=now"},
		{"an effort of nothing is unknown", 10, []string{"a 8", "b 0", "c -1"}, "a=now b=next c=next"},
		{"without any estimate", 10, []string{"a ?", "b ?", "c ?", "d ?"}, "a=now b=now c=now d=next"},
		{"no capacity", 0, []string{"a 1", "b 1 fixed=now", "c 1 done"}, "a=later b=now c="},

		// The band is 10 %: 1 of now, 2 of next.
		{"who comes needs room below the band", 10, []string{"a 5 was=now", "b 5 was=next"}, "a=now b=next"},
		{"who has it comes", 10, []string{"a 5 was=now", "b 4 was=next"}, "a=now b=now"},
		{"who is new needs no more than room", 10, []string{"a 5 was=now", "b 5"}, "a=now b=now"},
		{"who was there stays within the band", 10, []string{"b 2 was=next", "a 9 was=now"}, "b=next a=now"},
		{"and leaves beyond it", 10, []string{"b 3 was=next", "a 9 was=now"}, "b=now a=next"},
		{"a full horizon stays full", 10, []string{"a 6 was=now", "b 5 was=now", "c 1 was=now"}, "a=now b=next c=next"},
		{"from now to next is no climb", 10, []string{"a 10 was=now", "b 20 was=now"}, "a=now b=next"},
		{"from later to next is one", 10, []string{"a 10 was=now", "b 10 was=next", "c 10 was=later"}, "a=now b=next c=later"},
	}
	p := compile(t, roadmap.Spec{Now: holds(1), Next: holds(2), Band: new(work.Percent(0.1))})
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, a := range p.Assign(roadmap.Team{Name: "pay", Effort: tc.capacity}, items(t, tc.items...)) {
				got = append(got, string(a.ID)+"="+a.Horizon)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("horizons (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAssignmentsSayWhy(t *testing.T) {
	t.Parallel()
	p := compile(t, roadmap.Spec{Now: holds(1), Next: holds(1)})
	var got []string
	for _, a := range p.Assign(roadmap.Team{Effort: 10}, items(t, "a 5 was=now", "b 4 fixed=now", "c 3", "d ?", "e 11", "f 1 fixed=icebox", "g 1 done", "h 4 fixed=later")) {
		got = append(got, fmt.Sprintf("%s: %s, fixed %v, assumed %v", a.ID, a.Because, a.Fixed, a.Assumed))
	}
	for _, a := range p.Assign(roadmap.Team{Effort: 10}, items(t, "i 12")) {
		got = append(got, fmt.Sprintf("%s: %s", a.ID, a.Because))
	}
	for _, a := range p.Assign(roadmap.Team{}, items(t, "j 12", "k 1 fixed=now")) {
		got = append(got, fmt.Sprintf("%s: %s", a.ID, a.Because))
	}
	want := []string{
		"a: effort 5 stays in now (9 of 10 planned), fixed false, assumed false",
		"b: set by a person; uses 4 of now's 10, fixed true, assumed false",
		"c: effort 3 does not fit in now (9 of 10 planned), fits in next (7 of 10 planned), fixed false, assumed false",
		"d: effort 4 (assumed) does not fit in now (9 of 10 planned), fits in next (7 of 10 planned), fixed false, assumed true",
		"e: effort 11 does not fit in now (9 of 10 planned), does not fit in next (7 of 10 planned), so it is later, fixed false, assumed false",
		"f: set by a person, fixed true, assumed false",
		"g: finished, fixed false, assumed false",
		"h: set by a person, fixed true, assumed false",
		"i: effort 12 is more than now (12 of 10 planned) holds, and comes first",
		"j: the team has no capacity",
		"k: set by a person",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}
