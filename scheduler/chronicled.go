package scheduler

import (
	"context"
	"fmt"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// chronicled corrects by the service's history what the records alone say of edits
// without an answer. One that arrived may look as if it had not, since somebody
// changed the value before it was read back: it counts as applied, and what stands
// there as that person's. One that did not may look as if it had, since somebody
// set the same, or another value: that is theirs.
func (c *Cycle) chronicled(ctx context.Context, live Live, unsure []work.Edit, records []work.Record, results []work.Result) error {
	if live.Conn.Historian == nil {
		return nil
	}
	byID := recordsByID(records)
	var edits []work.Edit
	for _, e := range unsure {
		if byID[e.Target.RefID] != nil && plan.Single(e) {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	wrote, err := c.wroteSince(ctx, live, edits)
	if err != nil {
		return fmt.Errorf("read what came over writes: %w", err)
	}
	for i := range results {
		r := &results[i]
		switch ours, later := wrote[r.EditID]; {
		case !later:
		case ours && r.State != work.Applied:
			r.State, r.Scope, r.Detail = work.Applied, "", "it arrived before its answer was lost, and somebody changed the value since"
		case !ours && r.State == work.Applied:
			r.State, r.Scope, r.Detail = work.Deferred, "issue", "it did not arrive; somebody else set what stands there"
		}
	}
	return nil
}

// wroteSince tells of those edits after which somebody else changed the value
// whether they were made since the record was as the edit saw it. Nobody but the
// holder of the connector's lease writes with its account, so a write of that time is
// the very edit; an older one is another's that wrote the same. What was read since,
// while the edit could not be read back, tells nothing of that.
func (c *Cycle) wroteSince(ctx context.Context, live Live, edits []work.Edit) (map[string]bool, error) {
	later, err := live.Conn.Historian.Later(ctx, edits)
	if err != nil || len(later) == 0 {
		return nil, err
	}
	saw, err := c.c.Store.Saw(ctx)
	since := make(map[string]bool, len(later))
	for _, l := range later {
		since[l.EditID] = !l.Wrote.IsZero() && !l.Wrote.Before(saw[l.EditID])
	}
	return since, err
}
