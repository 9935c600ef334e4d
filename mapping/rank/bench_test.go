package rank_test

import (
	"fmt"
	"testing"
	"time"

	"tandem/internal/work"
	"tandem/mapping/expression"
	"tandem/mapping/rank"
)

// BenchmarkRank scores and orders 100,000 items in both lenses; in every third
// of them, one that needs another.
func BenchmarkRank(b *testing.B) {
	b.Run("free", func(b *testing.B) { benchmark(b, false) })
	b.Run("bound", func(b *testing.B) { benchmark(b, true) })
}

func benchmark(b *testing.B, bound bool) {
	b.Helper()
	const items = 100_000
	spec := tiered(0.05, 7*24*time.Hour)
	spec.Lens = rank.Lens{}
	spec.Why, spec.Next = &rank.Lens{Method: "rice"}, &rank.Lens{Method: "wsjf"}
	r := compile(b, spec)
	subjects := make([]expression.Subject, items)
	parts := make([]work.Item, items)
	for i := range subjects {
		item := &parts[i]
		item.ID = work.ItemID(fmt.Sprintf("item-%d", i*7919%items))
		item.Team = fmt.Sprintf("team-%d", i%20)
		item.Fields.Set(work.Title, work.NewText("a title"))
		item.Fields.Set(work.Status, work.NewText("todo"))
		for j, f := range []work.Field{work.Impact, work.Effort, work.BusinessValue, work.TimeCriticality, work.RiskReduction} {
			if (i+j)%5 > 0 {
				item.Fields.Set(f, work.NewNumber(float64(1+(i*31+j*17)%13)))
			}
		}
		subjects[i] = expression.Subject{Item: item, Evidence: work.Evidence{Accounts: i % 40, Signals: i % 40, Confidence: float64(i%40) / 43}}
	}
	entries := make([]rank.Entry, items)
	needs := make([][]work.ItemID, items)
	for i := range needs {
		if bound && i%3 == 0 {
			needs[i] = []work.ItemID{subjects[(i+20*(i%7+1))%items].Item.ID}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for i := range subjects {
			item := subjects[i].Item
			entries[i] = rank.Entry{ID: item.ID, Team: item.Team, Horizon: 1 + i%3, Scored: r.Score(&subjects[i]), Previous: rank.Previous{Place: i}, Needs: needs[i]}
		}
		r.Order(entries, day(0))
	}
}
