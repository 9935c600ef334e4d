package plan_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// TestS1WhatAgreesWithAnOldWishStaysAPersons: while jira cannot be read,
// somebody sets in the file what Tandem would have written by what it last read
// there. Then jira can be read again, and Tandem wants b. What an undo emptied
// in jira says nothing against the person either.
func TestS1WhatAgreesWithAnOldWishStaysAPersons(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		last   string // what Tandem last wrote in the file; - is nothing
		undone bool   // in jira, where nothing stands since
		stale  string
		edits  int // in the file, after the wish changed
		cause  work.Cause
	}{
		"stood in the file before Tandem":     {last: "-", stale: "jira", cause: work.PredatesTandem},
		"replaced what Tandem wrote":          {last: "c", stale: "jira", cause: work.ChangedByPerson},
		"and an undo emptied the twin":        {last: "-", undone: true, stale: "jira", cause: work.PredatesTandem},
		"another connector cannot be read":    {last: "-", stale: "feedback", cause: work.PredatesTandem},
		"all was read: both agree, as before": {last: "-", edits: 1},
		"what Tandem wrote is Tandem's":       {last: "a", stale: "jira", edits: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records[1].Fields = map[string]work.Value{} // github was not read
			w.show(w.records[0], "a")
			w.remember(w.records[0], c.last)
			state := &plan.State{AsOf: asOf}
			if w.records[2].Fields["p"] = work.Empty(); c.undone {
				w.remember(w.records[2], "c")
				state.Undone = plan.UndoneAt([]plan.Undone{{
					Target: work.Target{RefID: w.records[2].RefID, Path: "p"}, Field: work.Priority, Value: work.Empty(), By: "ana", At: asOf.AddDate(0, 0, -1),
				}})
			}
			decide := func(stale map[string]bool, wish string) plan.Verdict {
				state.Stale, state.Ledger = stale, plan.NewLedger(w.entries)
				settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
				return plan.Decide(settled, &w.item, plan.Wish{Value: work.NewText(wish), Audience: work.Internal}, state)
			}
			stale := map[string]bool{}
			if c.stale != "" {
				stale[c.stale] = true
			}
			w.apply(t, decide(stale, "a"))
			v := decide(nil, "b")
			edits := 0
			for _, e := range v.Edits {
				if e.Target.Connector == "file" {
					edits++
				}
			}
			var cause work.Cause
			for _, h := range v.Holds {
				if h.Target.Connector == "file" {
					cause = h.Cause
				}
			}
			if edits != c.edits || cause != c.cause {
				t.Errorf("%d edits in the file, held as %q; want %d, %q", edits, cause, c.edits, c.cause)
			}
		})
	}
}
