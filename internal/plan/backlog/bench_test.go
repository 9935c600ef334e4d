package backlog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tandem/internal/plan/backlog"
	"tandem/internal/work"
)

// A backlog in which Tandem wants 50 records elsewhere, and people moved 10.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			shuffle := func(ids []string, moves int) []string {
				ids = slices.Clone(ids)
				for range moves {
					from := rng.IntN(n)
					id := ids[from]
					ids = slices.Insert(slices.Delete(ids, from, from+1), rng.IntN(n), id)
				}
				return ids
			}
			confirmed := names(n)
			s := &backlog.State{Order: work.Order{IDs: shuffle(confirmed, 10)}, Confirmed: confirmed}
			entries := make([]backlog.Entry, n)
			place := map[string]int{}
			for i, id := range shuffle(confirmed, 50) {
				place[id] = i + 1
			}
			for i, id := range s.IDs {
				entries[i] = backlog.Entry{Stance: backlog.Free, Place: place[id]}
			}
			moves := 0
			for b.Loop() {
				moves = len(backlog.Decide(s, entries, policy()).Moves)
			}
			b.ReportMetric(float64(moves), "moves")
		})
	}
}
