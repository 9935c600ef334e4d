package scheduler_test

import (
	"context"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/scheduler"
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

func (f *firm) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(hearing{f}, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// hearing is a log in which no self-check may find anything.
type hearing struct{ firm *firm }

// Write fails the test where one does.
func (h hearing) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "gave something else than deciding all") {
		h.firm.Errorf("%s", line)
	}
	return h.firm.Output().Write(line)
}

// oblivious is a store that does not tell of records that changed, as if it had
// a mistake.
type oblivious struct{ *store.Store }

// Changes tells of everything but records.
func (s *oblivious) Changes(ctx context.Context, asOf time.Time, since engine.Snapshot, run int64) (engine.Delta, bool, error) {
	d, known, err := s.Store.Changes(ctx, asOf, since, run)
	d.Records = nil
	return d, known, err
}

// doubtful runs cycles on changed values and returns what was logged as errors.
func doubtful(f *firm, s scheduler.Store) string {
	f.Helper()
	var log strings.Builder
	f.cycle = scheduler.New(scheduler.Config{
		Workers: f.workers(), Store: s, Rules: f.rules, Connectors: f.live, Guard: f.guard, ConfigHash: "test", Now: time.Now, Large: 1, DoubtEvery: 3,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	for n := range 16 {
		f.sets("PAY-1", []float64{90, 70, 40, 10}[n%4])
		f.run()
		f.pass(time.Hour / 2)
	}
	return log.String()
}

func TestWhereDecidingWhatChangedIsWrongDecidingAllCountsAndItIsTold(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		if log := doubtful(f, &oblivious{f.db}); !strings.Contains(log, "deciding what changed gave something else") || !strings.Contains(log, "ref=\"items jira:") {
			f.Errorf("the log says %q", log)
		}
		for range 4 {
			f.run()
			f.pass(time.Hour)
		}
		f.cycle = f.newCycle(f.db)
		f.run()
		same(f, "priority", "Trivial", f.priority("PAY-1"))
	})
}

func TestWhereDecidingWhatChangedIsRightNothingIsTold(t *testing.T) {
	story(t, hubbed(), func(f *firm) { same(f, "errors", "", doubtful(f, f.db)) })
}
