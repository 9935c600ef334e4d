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
		run := func(seq int64, left int, outlived ...plan.SlotRef) {
			k.t.Helper()
			k.run(engine.Run{DataSeq: seq, Outlived: outlived})
			if all := k.snapshot().Undone; len(all) != left {
				k.t.Errorf("seen at %d of %d: undone %+v", seq, k.snapshot().Seq, all)
			}
		}
		ended := plan.SlotRef{Ref: e.Target.RefID, Field: e.Field}
		run(before, 1, ended)
		run(k.snapshot().Seq, 1)
		run(k.snapshot().Seq, 0, ended)
	})
}
