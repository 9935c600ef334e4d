package scheduler

import (
	"context"
	"reflect"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// mind decides. Where there is much to decide it remembers from one time to the
// next, so that little is read and decided where little changed; else it keeps
// nothing: to read a small store anew takes no time, and memory counts.
type mind struct {
	evaluator *engine.Evaluator               // nil where nothing is remembered
	last      engine.Snapshot                 // without what is large
	run       int64                           // what was decided then; 0 where it was not kept
	placed    map[work.ItemID]engine.Previous // where items stood then
	goneOn    int                             // decisions of what changed since all was decided
}

// complete is the first run whose snapshot was taken while the store kept note
// of everything that changes.
const complete = 3

// decide evaluates the newest data.
func (m *mind) decide(ctx context.Context, c *Config, asOf time.Time) (engine.Outcome, engine.Snapshot, error) {
	if m.run >= complete {
		o, snapshot, ok, err := m.goOn(ctx, c, asOf)
		if ok && err == nil && m.goneOn >= c.DoubtEvery {
			return m.doubt(ctx, c, &o, &snapshot)
		}
		if ok || err != nil {
			return o, snapshot, err
		}
	}
	return m.decideAll(ctx, c, asOf)
}

// decideAll evaluates a whole snapshot.
func (m *mind) decideAll(ctx context.Context, c *Config, asOf time.Time) (engine.Outcome, engine.Snapshot, error) {
	*m = mind{}
	snapshot, err := c.Store.Snapshot(ctx, asOf)
	if err != nil {
		return engine.Outcome{}, engine.Snapshot{}, err
	}
	if c.Large == 0 || len(snapshot.Records) < c.Large {
		return engine.Evaluate(c.Rules, snapshot), snapshot, nil
	}
	m.evaluator = engine.NewEvaluator(c.Rules)
	m.last = snapshot.Small()
	return m.evaluator.Evaluate(snapshot), snapshot, nil
}

// goOn decides what changed since the last time; false where it cannot.
func (m *mind) goOn(ctx context.Context, c *Config, asOf time.Time) (engine.Outcome, engine.Snapshot, bool, error) {
	delta, known, err := c.Store.Changes(ctx, asOf, m.last, m.run)
	if err != nil || !known || len(plan.Unread(c.Guard.Awaited, delta.Now.Whole)) > 0 {
		return engine.Outcome{}, engine.Snapshot{}, false, err
	}
	delta.Kept = true
	o, known := m.evaluator.Next(delta)
	m.last = delta.Now
	now := delta.Now
	now.Previous = m.placed
	m.goneOn++
	return o, now, known, nil
}

// doubt decides all, which is what counts, and compares it with what was decided
// of what changed. They differ only where Tandem is wrong: that is told. Where
// something was stored in between nothing can be said.
func (m *mind) doubt(ctx context.Context, c *Config, changed *engine.Outcome, then *engine.Snapshot) (engine.Outcome, engine.Snapshot, error) {
	print, small, goneOn := changed.Print(), then.Small(), m.goneOn
	*changed, *then = engine.Outcome{}, engine.Snapshot{} // two at a time take twice the memory
	o, snapshot, err := m.decideAll(ctx, c, small.AsOf)
	if err != nil || !reflect.DeepEqual(small, snapshot.Small()) {
		return o, snapshot, err
	}
	whole := o.Print()
	if differs := whole.Differs(&print); differs != "" {
		c.Log.Error("deciding what changed gave something else than deciding all, which counts; please report it",
			"ref", differs, "count", goneOn)
	}
	return o, snapshot, nil
}

// kept notes that a run was stored. What waited for a first read, or for a
// person to look at new rules, is decided whole the next time.
func (m *mind) kept(number int64, run *engine.Run) {
	m.run, m.placed = 0, nil
	if m.evaluator != nil && len(run.Plan.FirstRead) == 0 && !run.Plan.RulesHeld {
		m.run, m.placed = number, run.Placements
	}
}
