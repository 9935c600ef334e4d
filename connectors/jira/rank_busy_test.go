package jira

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

// TestABacklogOf2000IsReorderedWhilePeopleDrag: 50 random moves, then five by
// people, then the plan again until it is done.
func TestABacklogOf2000IsReorderedWhilePeopleDrag(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, deployment string) {
		t.Helper()
		y := openYard(t, deployment, 2000, nil).settled()
		random := rand.New(rand.NewPCG(7, 7))
		o := y.one()
		desired := slices.Clone(o.IDs)
		for range 50 {
			from, to := random.IntN(2000), random.IntN(2000)
			id := desired[from]
			desired = slices.Insert(slices.Delete(desired, from, from+1), min(to, 1999), id)
		}
		edits := movesTo(o, desired)
		y.ResetCounts()
		applied := 0
		for _, r := range y.send(edits...) {
			if strings.HasSuffix(r, " applied") {
				applied++
			} else {
				t.Error(r)
			}
		}
		wantSame(t, "backlog", desired, y.truth())
		t.Logf("%s: %d moves, %d calls: %v", deployment, applied, y.Calls("", ""), y.Counts())
		y.clock.Advance(5 * time.Minute)
		y.ResetCounts()
		if got := y.one(); len(got.Moved) > 0 {
			t.Errorf("moved %v", got.Moved)
		}
		t.Logf("%s: the poll after: %d calls: %v", deployment, y.Calls("", ""), y.Counts())
	})
}

// movesTo makes the least moves from an order to a wished one, top down.
func movesTo(o work.Order, wanted []string) []work.Edit {
	outside := compareOrders(o.IDs, wanted).outside
	var edits []work.Edit
	for i, id := range wanted {
		switch {
		case !slices.Contains(outside, id):
		case i > 0:
			edits = append(edits, moveTo(o, id, work.Anchor{ID: wanted[i-1]}))
		default:
			next := slices.IndexFunc(wanted, func(w string) bool { return !slices.Contains(outside, w) })
			edits = append(edits, moveTo(o, id, work.Anchor{ID: wanted[next], Before: true}))
		}
	}
	return edits
}
