package scheduler_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
)

// doubting is a store that doubts what is decided from changes alone: it lets
// everything be decided once more from a whole snapshot, and compares.
type doubting struct {
	*store.Store

	firm *firm
	seen *engine.Snapshot // of the last Changes; nil where a whole one was taken
}

// Changes takes a whole snapshot too.
func (s *doubting) Changes(ctx context.Context, asOf time.Time, since engine.Snapshot, run int64) (engine.Delta, bool, error) {
	d, known, err := s.Store.Changes(ctx, asOf, since, run)
	if err == nil && known {
		snapshot, err := s.Store.Snapshot(ctx, asOf)
		s.firm.ok(err)
		s.seen = &snapshot
		s.agree("the small parts of a snapshot", snapshot.Small(), d.Now)
	}
	return d, known, err
}

// Snapshot is no reason to doubt.
func (s *doubting) Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error) {
	s.seen = nil
	return s.Store.Snapshot(ctx, asOf)
}

// SaveRun compares, and stores.
func (s *doubting) SaveRun(ctx context.Context, run engine.Run) (int64, error) {
	if s.seen != nil {
		outcome := engine.Evaluate(s.firm.rules, *s.seen)
		whole := outcome.Run(run.DataSeq, s.firm.rules, run.ConfigHash)
		s.seen = nil
		s.firm.decided++
		s.agree("edits", ungated(whole.Plan.Edits), ungated(run.Plan.Edits))
		s.agree("holds", whole.Plan.Holds, run.Plan.Holds)
		s.agree("adoptions", whole.Plan.Adopted, run.Plan.Adopted)
		s.agree("findings", whole.Plan.Findings, run.Plan.Findings)
		s.agree("backlogs", whole.Backlogs, run.Backlogs)
		s.agree("identities", whole.Identities, run.Identities)
		s.agree("placements", whole.Placements, run.Placements)
		s.agree("items", whole.Items, run.Items)
	}
	return s.Store.SaveRun(ctx, run)
}

// agree compares to the last bit.
func (s *doubting) agree(what string, whole, changed any) {
	if !reflect.DeepEqual(whole, changed) {
		s.firm.Errorf("decided from what changed, %s differ:\nwhole   %+v\nchanged %+v", what, whole, changed)
	}
}

// ungated are edits without what the guard says.
func ungated(all []plan.Planned) []plan.Planned {
	edits := make([]plan.Planned, 0, len(all))
	for i := range all {
		edits = append(edits, plan.Planned{Edit: all[i].Edit})
	}
	return edits
}

func TestS16ACycleDecidesFromWhatChanged(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.large = 1
		f.cycle = f.newCycle(&doubting{Store: f.db, firm: f})
		for n := range 12 {
			f.sets("PAY-1", float64(10+7*n))
			f.run()
			f.pass(time.Hour)
		}
		if f.decided < 6 {
			f.Errorf("only %d of a dozen cycles decided from what changed", f.decided)
		}
	})
}
