package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// doubtRest is after how long it is looked again for what did not arrive: it
// may be on its way, where another node sent it.
const doubtRest = 5 * time.Second

// settle reads back by id everything that was sent or may have been: to
// confirm it, and after a crash to find out whether it arrived. It comes
// before anything else, so that no verdict rests on a doubtful record. A connector
// that does not answer is stale until it is read.
func (c *Cycle) settle(ctx context.Context, report *Report) error {
	unsure, unread, err := c.c.Store.Pending(ctx)
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	for _, live := range c.c.Connectors {
		delete(c.doubts, live.Name)
		delete(c.unsettled, live.Name) // also where nothing is pending any more
		refs := refsOf(live.Name, unsure, unread)
		if len(refs) == 0 || live.Failure != nil {
			continue
		}
		answered, records, err := c.fetch(ctx, live, refs)
		results := arrived(answered, unsure, records)
		if err == nil {
			err = c.chronicled(ctx, live, unsure, records, results)
		}
		if slices.ContainsFunc(results, func(r work.Result) bool { return r.State == work.Deferred }) {
			c.doubts[live.Name] = c.c.Now().Add(doubtRest)
		}
		var displaced []plan.Displaced
		if err == nil {
			displaced, err = c.displaced(ctx, live, landed(answered, unsure, unread, results))
		}
		if err != nil {
			c.unsettled[live.Name] = true
			c.c.Log.Warn("what was written could not be read back; it is tried again", "connector", live.Name, "err", err)
			report.fail(live.Name, err)
			if err := c.failed(ctx, live.Name, "", err.Error()); err != nil {
				return fmt.Errorf("settle: %w", err)
			}
			continue
		}
		if len(results) > 0 {
			if err := c.c.Store.Finish(ctx, results); err != nil {
				return fmt.Errorf("settle: %w", err)
			}
		}
		if len(displaced) > 0 {
			if err := c.c.Store.SaveDisplaced(ctx, displaced); err != nil {
				return fmt.Errorf("settle: %w", err)
			}
		}
		if err := c.c.Store.SaveRead(ctx, answered, records); err != nil {
			return fmt.Errorf("settle: %w", err)
		}
	}
	return nil
}

// refsOf returns the records of a connector that edits touch, each once.
func refsOf(connector string, lists ...[]work.Edit) []work.Ref {
	seen := map[work.RefID]bool{}
	var refs []work.Ref
	for _, edits := range lists {
		for _, e := range edits {
			if e.Target.Connector == connector && !seen[e.Target.RefID] {
				seen[e.Target.RefID] = true
				refs = append(refs, e.Ref())
			}
		}
	}
	return refs
}

// arrived finds out what became of edits without an answer, at the records
// whose state is known now.
func arrived(answered []work.Ref, unsure []work.Edit, records []work.Record) []work.Result {
	known, byID := among(answered), recordsByID(records)
	var results []work.Result
	for _, e := range unsure {
		if !known[e.Target.RefID] {
			continue
		}
		result := work.Result{EditID: e.ID, State: work.Applied, Detail: "read back after a lost answer"}
		switch rec := byID[e.Target.RefID]; {
		case rec == nil:
			result.State, result.Detail = work.Conflict, "the record is gone or no longer visible"
		case plan.Unshown(e):
			result.State, result.Scope, result.Detail = work.Deferred, "issue", "no record shows whether it arrived; where it did not, it is planned again"
		case plan.Overtaken(e, rec):
			result.Detail = "somebody chose otherwise before it was read back"
		case !plan.Arrived(e, rec):
			result.State, result.Scope, result.Detail = work.Deferred, "issue", "it did not arrive; it is planned again"
		}
		results = append(results, result)
	}
	return results
}

// among returns the records that were asked for with an answer: one that is not
// there is gone, or out of sight.
func among(answered []work.Ref) map[work.RefID]bool {
	known := make(map[work.RefID]bool, len(answered))
	for _, ref := range answered {
		known[ref.RefID] = true
	}
	return known
}

func recordsByID(records []work.Record) map[work.RefID]*work.Record {
	byID := make(map[work.RefID]*work.Record, len(records))
	for i := range records {
		byID[records[i].RefID] = &records[i]
	}
	return byID
}
