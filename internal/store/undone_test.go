package store_test

import (
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// An undo put High back. A run that sees Low there ends it, so that who comes back to
// High later is respected anew; one that did not know of the undo ends nothing.
func TestS1ARunEndsAnUndoWherePeopleSetSomethingElse(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		e := edit("1", "High", "Mid")
		k.begin(e)
		k.finish(result(e, work.Applied))
		before := k.snapshot().Seq
		back := edit("1", "Mid", "High")
		back.ID, back.Errand, back.By = "back", work.Undo, "ana"
		k.begin(back)
		k.finish(result(back, work.Applied))
		k.read([]work.Ref{back.Ref()}, issue("1", 2, "High"))
		sees := func(seq int64, value string, left int) {
			k.t.Helper()
			hold := work.Hold{Target: work.Target{RefID: e.Target.RefID}, Field: e.Field, Cause: work.ChangedByPerson, Have: work.NewText(value)}
			k.run(engine.Run{DataSeq: seq, Plan: plan.Plan{Holds: []work.Hold{hold}}})
			if all := k.snapshot().Undone; len(all) != left {
				k.t.Errorf("%s seen at %d of %d: undone %+v", value, seq, k.snapshot().Seq, all)
			}
		}
		sees(before, "Low", 1)
		sees(k.snapshot().Seq, "High", 1)
		sees(k.snapshot().Seq, "Low", 0)
	})
}
