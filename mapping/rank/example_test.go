package rank_test

import (
	"fmt"
	"time"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// An item is scored, placed, given a tier, and all of it is explained.
func Example() {
	ranker, problems := rank.Compile("/rank", rank.Spec{
		Lens:  rank.Lens{Method: "rice"},
		Tiers: &rank.Tiers{Least: map[string]float64{"1": 80, "2": 60, "3": 30, "4": 0}},
	})
	if len(problems) > 0 {
		fmt.Println(problems)
		return
	}
	item := &work.Item{ID: "export"}
	item.Fields.Set(work.Impact, work.NewNumber(2))
	item.Fields.Set(work.Effort, work.NewNumber(3))
	subject := &expression.Subject{Item: item, Evidence: work.Evidence{Accounts: 30, Signals: 41, Confidence: 0.8}}

	scored := ranker.Score(subject)
	monday := time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	for _, p := range ranker.Order([]rank.Entry{{ID: item.ID, Scored: scored}}, monday) {
		fmt.Printf("%s: score %.1f, place %d, priority %s\n", p.ID, scored.Next.Value, p.Place, p.Tier)
	}
	for _, term := range ranker.Terms(subject) {
		fmt.Println(term.Text)
	}
	// Output:
	// export: score 61.4, place 1, priority 2
	// reach 30 (evidence.accounts): +52.1 points against the usual 1
	// impact 2 (item.impact): +13.8 points against the usual 1
	// confidence 0.8 (evidence.confidence): +46.4 points against the usual 0.05
	// effort 3 (item.effort): +0.0 points against the usual 3
}
