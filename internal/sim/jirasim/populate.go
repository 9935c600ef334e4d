package jirasim

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Populate adds n plausible issues to the world's projects, in turn. The same
// seed gives the same issues. Their last change lies within a year before now.
func Populate(w *World, n int, seed uint64, now time.Time) {
	rng := rand.New(rand.NewPCG(seed, seed^0x9e3779b97f4a7c15))
	next := map[string]int{}
	for _, i := range w.Issues {
		next[i.Project]++
	}
	c := newCatalog(*w)
	for range n {
		p := w.Projects[rng.IntN(len(w.Projects))]
		next[p.Key]++
		created := now.Add(-time.Duration(rng.Int64N(int64(2 * 365 * 24 * time.Hour))))
		updated := created.Add(time.Duration(rng.Int64N(int64(now.Sub(created)) + 1)))
		i := Issue{
			Key: fmt.Sprintf("%s-%d", p.Key, next[p.Key]), Project: p.Key, Summary: headline(rng), Created: created, Updated: updated,
			Type: pick(rng, p.Types[:3]), Status: pick(rng, p.Statuses), Reporter: w.People[rng.IntN(len(w.People))].ID,
			Custom: map[string]any{},
		}
		if allowed := c.allowed(p.Key); len(allowed) > 0 {
			i.Priority = allowed[rng.IntN(len(allowed))].ID
		}
		for _, f := range w.Fields {
			if f.Kind == Number && f.onScreen(p.Key) && rng.IntN(3) > 0 {
				i.Custom[f.ID] = float64(1 + rng.IntN(13))
			}
		}
		if rng.IntN(4) == 0 {
			i.Labels = []string{pick(rng, []string{"export", "login", "billing", "mobile", "a11y"})}
		}
		w.Issues = append(w.Issues, i)
	}
}

func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

func headline(rng *rand.Rand) string {
	verb := pick(rng, []string{"Export", "Import", "Show", "Validate", "Cache", "Retry", "Translate", "Archive"})
	noun := pick(rng, []string{"invoices", "refunds", "orders", "addresses", "reports", "sessions", "payouts", "coupons"})
	how := pick(rng, []string{"as CSV", "per account", "in the background", "on mobile", "after login", "for auditors"})
	return verb + " " + noun + " " + how
}
