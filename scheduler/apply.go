package scheduler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

var (
	// ErrOldRun is why nothing of a run goes out: there is a newer one.
	ErrOldRun = errors.New("there is a newer run")
	// ErrForeignRun is why nothing of a run goes out: whoever decided it has
	// other rules or settings.
	ErrForeignRun = errors.New("the run was decided with other rules or settings than these; start all nodes with the same files")
)

// newerEvery is how often a step that writes looks whether there is a newer run,
// or something that was announced and is to be read first.
const newerEvery = 2 * time.Second

// Apply sends what the newest run lets out, as the store keeps it, and reads it
// back. Edits at records that changed since the run looked are left out, and
// those that somebody waits for the answer of; after a person acted all are, and
// those at a connector that could not be read since (promise S5). The next run
// decides them anew.
func (c *Cycle) Apply(ctx context.Context, run engine.Run) (Report, error) {
	report, err := c.step(ctx, c.settle, func(ctx context.Context, report *Report) error { return c.apply(ctx, &run, report) }, c.clarify, c.meter)
	switch {
	case err == nil && !report.More:
		c.spent = run.Seq
	case errors.Is(err, ErrOldRun), errors.Is(err, ErrForeignRun):
		c.spent = run.Seq
	}
	return report, err
}

// Outgoing returns what Apply needs of a run: the edits that go out by
// themselves, and moves in backlogs, which wait for each other.
func Outgoing(run engine.Run) engine.Run {
	brief := engine.Run{Seq: run.Seq, DataSeq: run.DataSeq, AsOf: run.AsOf, RulesHash: run.RulesHash, ConfigHash: run.ConfigHash}
	for _, e := range run.Plan.Edits {
		if None(e) || plan.ScopeOf(e.Edit) != (plan.Scope{}) {
			brief.Plan.Edits = append(brief.Plan.Edits, e)
		}
	}
	brief.Plan.Edits = slices.Clip(brief.Plan.Edits)
	return brief
}

func (c *Cycle) apply(ctx context.Context, run *engine.Run, report *Report) error {
	if run.RulesHash != c.c.Rules.Hash() || run.ConfigHash != c.c.ConfigHash {
		return fmt.Errorf("apply run %d: %w", run.Seq, ErrForeignRun)
	}
	pulse, err := c.c.Store.Pulse(ctx)
	if err != nil {
		return fmt.Errorf("apply run %d: %w", run.Seq, err)
	}
	if pulse.Run != run.Seq {
		return fmt.Errorf("apply run %d: %w, %d", run.Seq, ErrOldRun, pulse.Run)
	}
	all, stale, err := c.stale(ctx, run)
	if err != nil {
		return fmt.Errorf("apply run %d: %w", run.Seq, err)
	}
	report.Outcome = &engine.Outcome{Number: run.Seq, AsOf: run.AsOf, Plan: plan.Plan{Edits: c.own(run.Plan.Edits)}}
	c.tried.begin(run.Seq)
	fresh := func(e plan.Planned) bool {
		return !all[e.Target.Connector] && !stale[e.Target.RefID] && !c.tried.has(e.ID) && None(e)
	}
	report.yields = c.newer(ctx, run.Seq)
	if err := c.write(ctx, fresh, report); err != nil {
		return err
	}
	if report.Sent == 0 {
		return nil
	}
	return c.settle(ctx, report)
}

// own are the edits of the connectors at hand.
func (c *Cycle) own(edits []plan.Planned) []plan.Planned {
	var own []plan.Planned
	for _, e := range edits {
		if slices.ContainsFunc(c.c.Connectors, func(l Live) bool { return l.Name == e.Target.Connector }) {
			own = append(own, e)
		}
	}
	return own
}

// stale returns the records of which the run does not know how they stand: they
// changed since, or somebody waits for the answer of a write. all are the
// connectors of which everything is to be decided anew.
func (c *Cycle) stale(ctx context.Context, run *engine.Run) (all map[string]bool, refs map[work.RefID]bool, err error) {
	all, refs = map[string]bool{}, map[work.RefID]bool{}
	for _, live := range c.c.Connectors {
		whole, changed, err := c.c.Store.Stale(ctx, run.DataSeq, live.Name)
		if err != nil {
			return nil, nil, err
		}
		all[live.Name] = whole
		maps.Copy(refs, changed)
	}
	unsure, unread, err := c.c.Store.Pending(ctx)
	for _, e := range slices.Concat(unsure, unread) {
		refs[e.Target.RefID] = true
	}
	return all, refs, err
}

// newer returns what tells, now and then, that there is a newer run, or that
// something was announced: both go first.
func (c *Cycle) newer(ctx context.Context, run int64) func(now time.Time) bool {
	var mu sync.Mutex
	again := c.c.Now().Add(newerEvery)
	return func(now time.Time) bool {
		mu.Lock()
		defer mu.Unlock()
		if now.Before(again) {
			return false
		}
		again = now.Add(newerEvery)
		pulse, err := c.c.Store.Pulse(ctx)
		return err == nil && (pulse.Run != run || slices.ContainsFunc(c.c.Connectors, func(l Live) bool {
			return pulse.Waiting[l.Name].Records > 0 && !now.Before(c.hintsAgain)
		}))
	}
}

// tried are the edits of one run that were sent, whatever became of them: none
// goes out twice for one decision. What did not go through, and has no time of its
// own for another try, is not sent again, in whatever run, before the connector
// is polled.
type tried struct {
	mu  sync.Mutex
	run int64
	ids map[string]bool
	met map[string]bool
}

// begin forgets what was tried of another run.
func (t *tried) begin(run int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.run != run || t.ids == nil {
		t.run, t.ids = run, map[string]bool{}
	}
}

// note remembers what was sent; what was put off may be sent again.
func (t *tried) note(batch []work.Edit, results []work.Result, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range results {
		if t.ids != nil && results[i].State != work.Deferred {
			t.ids[batch[i].ID] = true
		}
		if futile(results[i], now) {
			if t.met == nil {
				t.met = map[string]bool{}
			}
			t.met[batch[i].ID] = true
		}
	}
}

// futile reports whether to send the edit again at once would only lead to the
// same.
func futile(r work.Result, now time.Time) bool {
	switch r.State {
	case work.Conflict, work.Uncertain:
		return true
	case work.Deferred:
		return !r.Until.After(now)
	case work.Applied, work.Unchanged, work.Rejected:
		return false
	default:
		return false
	}
}

// polled lets edits go out again that did not go through, and reports whether
// there are any.
func (t *tried) polled() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for id := range t.met {
		delete(t.ids, id)
	}
	found := len(t.met) > 0
	clear(t.met)
	return found
}

func (t *tried) has(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ids[id] || t.met[id]
}
