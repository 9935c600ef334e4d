package roadmap_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

// today is the day of the laws.
var today = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func days(n int) time.Time { return today.AddDate(0, 0, n) }

const week = 7 * 24 * time.Hour

// drawPlan draws any of the plans.
func drawPlan(tb testing.TB, t *rapid.T) *roadmap.Plan {
	tb.Helper()
	spec := roadmap.Spec{}
	frozen := rapid.IntRange(0, 4).Draw(t, "frozen") == 0
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		spec.Quarters = &roadmap.Calendar{Frozen: frozen, Count: new(rapid.IntRange(1, 3).Draw(t, "quarters"))}
	case 1:
		spec.Months = &roadmap.Calendar{Frozen: frozen}
	case 2:
		spec.Now, spec.Next = holds(1), holds(2)
		spec.Now.Frozen = frozen
	}
	return compile(tb, spec)
}

// drawItems draws the work of a team: set by people, estimated or not, with a
// past, with dates, needing each other, also in circles.
func drawItems(t *rapid.T, names []string) []roadmap.Item {
	all := make([]roadmap.Item, rapid.IntRange(0, 10).Draw(t, "items"))
	horizon := rapid.SampledFrom(append([]string{"", "", "icebox"}, names...))
	id := func(i int) work.ItemID { return work.ItemID(fmt.Sprintf("i%d", i)) }
	for i := range all {
		it := &all[i]
		*it = roadmap.Item{
			ID: id(i), Place: rapid.IntRange(1, 20).Draw(t, "place"),
			Done: rapid.IntRange(0, 5).Draw(t, "done") == 0, Previous: horizon.Draw(t, "previous"),
		}
		if rapid.IntRange(0, 5).Draw(t, "set") == 0 {
			it.Fixed = horizon.Draw(t, "fixed")
		}
		if rapid.Bool().Draw(t, "estimated") {
			it.Effort = work.NewNumber(float64(rapid.IntRange(-1, 30).Draw(t, "effort")) / 2)
		}
		if it.Previous != "" && rapid.Bool().Draw(t, "known") {
			it.Since = days(-rapid.IntRange(0, 20).Draw(t, "since"))
		}
		if rapid.IntRange(0, 3).Draw(t, "dated") == 0 {
			it.Target = days(rapid.IntRange(-10, 200).Draw(t, "target"))
		}
		for range rapid.IntRange(0, 2).Draw(t, "needs") {
			it.Needs = append(it.Needs, roadmap.Need{ID: id(rapid.IntRange(0, len(all)).Draw(t, "need")), Key: "K"})
		}
	}
	return all
}

func find(t *rapid.T, items []roadmap.Item, id work.ItemID) *roadmap.Item {
	i := slices.IndexFunc(items, func(it roadmap.Item) bool { return it.ID == id })
	if i < 0 {
		t.Fatalf("nobody is %s", id)
	}
	return &items[i]
}

// remember gives an outcome back as the last one.
func remember(t *rapid.T, items []roadmap.Item, got []roadmap.Assignment, at time.Time) []roadmap.Item {
	next := slices.Clone(items)
	for _, a := range got {
		it := find(t, next, a.ID)
		if it.Previous != a.Horizon {
			it.Previous, it.Since = a.Horizon, at
		}
	}
	return next
}

func horizonsOf(all []roadmap.Assignment) []string {
	var texts []string
	for _, a := range all {
		texts = append(texts, string(a.ID)+"="+a.Horizon)
	}
	return texts
}

func TestLawsOfTheRoadmap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(t, rt)
		plan := p.On(today)
		items := drawItems(rt, append(plan.Horizons(), "2026-Q3", "2026-10"))
		team := roadmap.Team{Effort: float64(rapid.IntRange(0, 40).Draw(rt, "capacity")) / 2, Every: 2 * week}
		got := plan.Assign(team, items)
		if len(got) != len(items) {
			rt.Fatalf("%d items have %d assignments", len(items), len(got))
		}
		for _, a := range got {
			it := find(rt, items, a.ID)
			switch {
			case it.Done && a.Horizon != "", !it.Done && it.Fixed != "" && (a.Horizon != it.Fixed || !a.Fixed),
				!it.Done && it.Fixed == "" && plan.Index(a.Horizon) == 0, a.Because == "", a.Place != it.Place:
				rt.Fatalf("%+v becomes %+v", it, a)
			}
		}

		mixed := plan.Assign(team, rapid.Permutation(items).Draw(rt, "mixed"))
		if diff := cmp.Diff(got, mixed); diff != "" {
			rt.Fatalf("another order of the slice (-want +got):\n%s", diff)
		}

		again := remember(rt, items, got, today)
		if diff := cmp.Diff(horizonsOf(got), horizonsOf(plan.Assign(team, again))); diff != "" {
			rt.Fatalf("the outcome given back changes something (-want +got):\n%s\n%+v", diff, items)
		}
	})
}

func TestNoHorizonIsFullerThanItsCapacityAndTheBand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := compile(t, roadmap.Spec{}).On(today)
		items := drawItems(rt, p.Horizons())
		team := roadmap.Team{Effort: float64(rapid.IntRange(0, 40).Draw(rt, "capacity")) / 2, Every: 2 * week}
		used, count, set := map[string]float64{}, map[string]int{}, map[string]float64{}
		for _, a := range p.Assign(team, items) {
			if a.Fixed {
				set[a.Horizon] += a.Effort
			} else if a.Horizon != "" {
				used[a.Horizon] += a.Effort
				count[a.Horizon]++
			}
		}
		for name, room := range map[string]float64{roadmap.Now: team.Effort, roadmap.Next: 2 * team.Effort} {
			alone := count[name] == 1 && set[name] == 0 && team.Effort > 0
			if count[name] > 0 && !alone && used[name]+set[name] > room*1.05+1e-6 {
				rt.Fatalf("%s holds %v of %v in %+v", name, used[name]+set[name], room, items)
			}
		}
	})
}

func TestNothingLiesNearerThanWhatItNeedsUnlessThatIsTold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(t, rt).On(today)
		items := drawItems(rt, p.Horizons())
		got := p.Assign(roadmap.Team{Effort: 10, Every: 2 * week}, items)
		horizon := map[work.ItemID]int{}
		for _, a := range got {
			horizon[a.ID] = p.Index(a.Horizon)
		}
		for _, a := range got {
			for _, n := range find(rt, items, a.ID).Needs {
				need := slices.IndexFunc(items, func(it roadmap.Item) bool { return it.ID == n.ID })
				if a.Horizon == "" || need < 0 || items[need].Done || horizon[a.ID] == 0 {
					continue
				}
				if in := horizon[n.ID]; (in == 0 || in > horizon[a.ID]) && horizon[a.ID] <= len(p.Horizons())-1 && a.Risk == "" {
					rt.Fatalf("%+v needs %s, which is %d", a, n.ID, in)
				}
			}
		}
	})
}

func TestThirtyIdleDaysMoveNothingWithinAQuarter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(t, rt)
		first := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
		items := drawItems(rt, p.On(first).Horizons())
		for i := range items {
			items[i].Since, items[i].Target = time.Time{}, time.Time{} // dates come nearer
		}
		team := roadmap.Team{Effort: 10, Every: 2 * week}
		start := p.On(first).Assign(team, items)
		items = remember(rt, items, start, first)
		for n := 1; n <= 30; n++ {
			day := first.AddDate(0, 0, n)
			got := p.On(day).Assign(team, items)
			if diff := cmp.Diff(horizonsOf(start), horizonsOf(got)); diff != "" {
				rt.Fatalf("day %d (-want +got):\n%s\n%+v", n, diff, items)
			}
			items = remember(rt, items, got, day)
		}
	})
}

func TestOneEstimateMovesItsItemOnceAndOthersOnlyForRoom(t *testing.T) {
	t.Parallel()
	p := compile(t, roadmap.Spec{})
	rapid.Check(t, func(rt *rapid.T) {
		items := make([]roadmap.Item, rapid.IntRange(1, 12).Draw(rt, "items"))
		for i := range items {
			items[i] = roadmap.Item{ID: work.ItemID(fmt.Sprintf("i%02d", i)), Place: i + 1, Effort: work.NewNumber(float64(rapid.IntRange(1, 15).Draw(rt, "effort")))}
		}
		team := roadmap.Team{Effort: 20, Every: 2 * week}
		before := p.On(today).Assign(team, items)
		items = remember(rt, items, before, today)
		// Later, one estimate shrinks: nobody goes farther away.
		one := rapid.IntRange(0, len(items)-1).Draw(rt, "one")
		f, _ := items[one].Effort.Number()
		items[one].Effort = work.NewNumber(f / 2)
		later := p.On(days(20))
		for i, a := range later.Assign(team, items) {
			if later.Index(a.Horizon) > later.Index(before[i].Horizon) {
				rt.Fatalf("%s became smaller, and %s goes from %s to %s", items[one].ID, a.ID, before[i].Horizon, a.Horizon)
			}
		}
		// Within the dwell nothing moves at all.
		soon := p.On(days(3))
		if diff := cmp.Diff(horizonsOf(before), horizonsOf(soon.Assign(team, items))); diff != "" {
			rt.Fatalf("moved before its time (-want +got):\n%s", diff)
		}
	})
}

func TestTheBandHoldsAtTheEdge(t *testing.T) {
	t.Parallel()
	p := compile(t, roadmap.Spec{Now: holds(1), Band: new(work.Percent(0.1))})
	rapid.Check(t, func(t *rapid.T) {
		// Estimates before the item tremble by less than the band around what
		// just leaves room for it: it moves once at most.
		last, moves := "", -1
		for range rapid.IntRange(1, 20).Draw(t, "days") {
			before := 30 + rapid.Float64Range(-1.9, 1.9).Draw(t, "off")
			got := p.Assign(roadmap.Team{Effort: 40}, []roadmap.Item{
				{ID: "before", Place: 1, Effort: work.NewNumber(before), Previous: "now"},
				{ID: "edge", Place: 2, Effort: work.NewNumber(10), Previous: last},
			})[1].Horizon
			if got != last {
				moves++
			}
			last = got
		}
		if moves > 1 {
			t.Fatalf("the item at the edge moved %d times", moves)
		}
	})
}
