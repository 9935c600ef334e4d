package scheduler

import (
	"context"
	"fmt"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// overtaken finds edits without an answer that arrived, though the record shows
// another value: somebody changed it before it was read back. Where the history
// tells so, the edit counts as applied, and what stands there as that person's.
// Else a first write would look as if it never happened, and the person's value
// as one from before Tandem.
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
	later, err := live.Conn.Historian.Later(ctx, edits)
	if err != nil {
		return fmt.Errorf("read what came over writes: %w", err)
	}
	over := make(map[string]bool, len(later))
	for _, l := range later {
		over[l.EditID] = l.Over
	}
	for i := range results {
		if over[results[i].EditID] {
			results[i].State, results[i].Scope, results[i].Detail = work.Applied, "", "it arrived before its answer was lost, and somebody changed the value since"
		}
	}
	return nil
}
