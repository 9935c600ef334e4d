package undo_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// The answer to a comment was lost, and no record shows whether it stands: where
// nothing is known to, a retirement takes away what may.
func TestS18RetiringRemovesACommentWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	at := target(work.NativeComment, "")
	one, two := work.NewText("One."), work.NewText("Two.")
	homes := func(work.RefID) (undo.Home, bool) { return undo.Home{}, false }
	lost := work.AuditEntry{State: work.Uncertain, Edit: work.Edit{Target: at, Key: "PAY-1", Verb: work.SetField, Field: work.Explanation, Value: two, Expect: work.Empty()}}
	line := func(value work.Value) []plan.Entry {
		return []plan.Entry{{Target: at, Value: value, Before: work.Empty(), Written: true}}
	}
	for name, c := range map[string]struct {
		lines  []plan.Entry
		undone bool
		expect work.Value
	}{
		"the first one":         {nil, false, two},
		"after one was cleared": {line(work.Empty()), false, two},
		"of an undone undo":     {line(two), true, two},
		"in place of another":   {line(one), false, one},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			scene := undo.Scene{
				Ledger: plan.NewLedger(c.lines), Records: map[work.RefID]*work.Record{at.RefID: {Ref: work.Ref{RefID: at.RefID, Key: "PAY-1"}}},
				Schemas: map[string]work.Schema{at.Connector: {Fields: []work.NativeField{{Name: work.NativeComment, Kind: work.Text, Writable: true, Blind: true}}}},
			}
			if c.undone {
				scene.Undone = map[work.Target]plan.Undone{at: {Target: at, Value: work.Empty()}}
			}
			v := undo.New(undo.FromLedger(scene.Ledger, []work.AuditEntry{lost}, homes, nil), scene, undo.Errand{Kind: work.Retire, By: "ana"})
			if len(v.Edits) != 1 || v.Edits[0].Verb != work.ClearField || v.Edits[0].Expect != c.expect || v.Edits[0].Key != "PAY-1" {
				t.Errorf("%+v", v)
			}
		})
	}
}
