package scheduler

import (
	"context"
	"fmt"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// overtaken finds edits without an answer that arrived, though the record shows
// another value: somebody changed it before it was read back. They count as
// applied, and what stands there as that person's. Else they would look as if
// they never arrived, who put back what had stood there like nobody, and a value
// that was set over a first write like one from before Tandem.
func (c *Cycle) overtaken(ctx context.Context, live Live, unsure []work.Edit, records []work.Record, results []work.Result) error {
	if live.Conn.Historian == nil {
		return nil
	}
	byID := recordsByID(records)
	var edits []work.Edit
	for _, e := range unsure {
		if rec := byID[e.Target.RefID]; rec != nil && plan.Overtaken(e, rec) {
			edits = append(edits, e)
		}
	}
	if len(edits) == 0 {
		return nil
	}
	over, err := c.wroteSince(ctx, live, edits)
	if err != nil {
		return fmt.Errorf("read what came over writes: %w", err)
	}
	for i := range results {
		if over[results[i].EditID] {
			results[i].State, results[i].Scope, results[i].Detail = work.Applied, "", "it arrived before its answer was lost, and somebody changed the value since"
		}
	}
	return nil
}

// wroteSince returns the edits of which the history tells that they were made
// since the record was last read, and that somebody else came after them. Nobody
// but the holder of the connector's lease writes with its account, so a write of
// that time is the very edit; an older one is another's that wrote the same.
func (c *Cycle) wroteSince(ctx context.Context, live Live, edits []work.Edit) (map[string]bool, error) {
	later, err := live.Conn.Historian.Later(ctx, edits)
	if err != nil || len(later) == 0 {
		return nil, err
	}
	refs, of := make([]work.RefID, len(edits)), make(map[string]work.RefID, len(edits))
	for i, e := range edits {
		refs[i], of[e.ID] = e.Target.RefID, e.Target.RefID
	}
	known, err := c.c.Store.Known(ctx, refs)
	since := make(map[string]bool, len(later))
	for _, l := range later {
		since[l.EditID] = !l.Wrote.IsZero() && !l.Wrote.Before(known[of[l.EditID]].Version)
	}
	return since, err
}
