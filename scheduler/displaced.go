package scheduler

import (
	"context"
	"fmt"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// displaced looks, for edits that arrived, whether they replaced what a person
// had set since Tandem looked. Once that is stored, the next evaluation plans to
// give it back. It is asked before the edits count as read back, so that nothing
// is forgotten when the process dies in between.
func (c *Cycle) displaced(ctx context.Context, live Live, edits []work.Edit) ([]plan.Displaced, error) {
	if live.Conn.Historian == nil || len(edits) == 0 {
		return nil, nil
	}
	replaced, err := live.Conn.Historian.Replaced(ctx, edits)
	if err != nil {
		return nil, fmt.Errorf("read what writes replaced: %w", err)
	}
	byID := make(map[string]work.Edit, len(edits))
	for _, e := range edits {
		byID[e.ID] = e
	}
	var found []plan.Displaced
	for _, r := range replaced {
		e := byID[r.EditID]
		d, is := plan.Displace(e, r, c.c.Rules.Program().Rule(e.Field))
		if !is {
			continue
		}
		found = append(found, d)
		c.c.Log.Warn("a person's change came between look and write; it is given back",
			"connector", live.Name, "ref", e.Ref().String(), "field", e.Field.String(), "edit", e.ID, "rule", d.String())
	}
	return found, nil
}

// landed are the edits of a connector that arrived, at records whose state is
// known now.
func landed(answered []work.Ref, unsure, unread []work.Edit, results []work.Result) []work.Edit {
	known := among(answered)
	there := map[string]bool{}
	for _, r := range results {
		there[r.EditID] = r.State == work.Applied
	}
	var all []work.Edit
	for _, e := range unsure {
		if there[e.ID] {
			all = append(all, e)
		}
	}
	for _, e := range unread {
		if known[e.Target.RefID] {
			all = append(all, e)
		}
	}
	return all
}
