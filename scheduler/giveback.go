package scheduler

import (
	"context"
	"fmt"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// owing leaves out what is no longer owed to a person: since Tandem wrote over
// that change, somebody has set what Tandem wrote, perhaps by way of another
// value that was never read. The record looks as Tandem left it; the history
// tells. What it cannot be asked about waits.
func (c *Cycle) owing(ctx context.Context, live Live, edits []work.Edit) ([]work.Edit, error) {
	var back []work.Edit
	for _, e := range edits {
		if e.Errand == work.GiveBack {
			e.Verb, e.Value = work.SetField, e.Expect // what Tandem wrote
			back = append(back, e)
		}
	}
	if len(back) == 0 || live.Conn.Historian == nil {
		return edits, nil
	}
	later, err := live.Conn.Historian.Later(ctx, back)
	if err != nil {
		c.waits.heard(live.Name, err)
		c.c.Log.Warn("what is to be given back to people waits: who changed it last could not be read", "connector", live.Name, "count", len(back), "err", err)
		return slices.DeleteFunc(edits, func(e work.Edit) bool { return e.Errand == work.GiveBack }), nil
	}
	if len(later) == 0 {
		return edits, nil
	}
	all, err := c.c.Store.Displaced(ctx)
	if err != nil {
		return nil, fmt.Errorf("read what was written over: %w", err)
	}
	was, over := plan.DisplacedAt(all), map[string]bool{}
	var targets []work.Target
	for _, e := range back {
		i := slices.IndexFunc(later, func(l work.Later) bool { return l.EditID == e.ID })
		if d, known := was[e.Target]; i >= 0 && known && later[i].At.After(d.Written) {
			over[e.ID], targets = true, append(targets, e.Target)
		}
	}
	if err := c.c.Store.EndDisplaced(ctx, targets); err != nil {
		return nil, fmt.Errorf("end what was written over: %w", err)
	}
	return slices.DeleteFunc(edits, func(e work.Edit) bool { return over[e.ID] }), nil
}
