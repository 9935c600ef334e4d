package roadmap_test

import (
	"fmt"
	"testing"

	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

// A team that can do 40 per period fills now with one period and next with two.
func ExamplePlan_Assign() {
	plan, problems := roadmap.Compile("/roadmap", roadmap.Spec{})
	if len(problems) > 0 {
		fmt.Println(problems)
		return
	}
	for _, a := range plan.Assign(roadmap.Team{Name: "pay", Effort: 40}, []roadmap.Item{
		{ID: "export", Place: 1, Effort: work.NewNumber(30)},
		{ID: "search", Place: 2, Effort: work.NewNumber(20)},
		{ID: "themes", Place: 3, Fixed: "later"},
		{ID: "import", Place: 4, Effort: work.NewNumber(70)},
	}) {
		fmt.Printf("%s is %s: %s\n", a.ID, a.Horizon, a.Because)
	}
	// Output:
	// export is now: effort 30 fits in now (30 of 40 planned)
	// search is next: effort 20 does not fit in now (30 of 40 planned), fits in next (20 of 80 planned)
	// themes is later: set by a person
	// import is later: effort 70 does not fit in now (30 of 40 planned), does not fit in next (20 of 80 planned), so it is later
}

// BenchmarkAssign gives 100,000 items of 20 teams their horizons.
func BenchmarkAssign(b *testing.B) {
	p := compile(b, roadmap.Spec{})
	items := make([]roadmap.Item, 5000)
	for i := range items {
		items[i] = roadmap.Item{ID: work.ItemID(fmt.Sprint(i)), Place: i * 7919 % len(items), Effort: work.NewNumber(float64(1 + i%13)), Previous: "next"}
	}
	for b.Loop() {
		for range 20 {
			p.Assign(roadmap.Team{Effort: 400}, items)
		}
	}
}
