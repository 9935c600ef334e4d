package undo_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Run 1 wrote Low, run 2 wrote High over it, and somebody set Low again: that is
// no longer what run 1 wrote.
func TestS14WhatSomebodyPutBackSinceALaterRunIsLeft(t *testing.T) {
	t.Parallel()
	at := target("priority", "")
	record := work.Record{Ref: work.Ref{RefID: at.RefID}, Fields: map[string]work.Value{"priority": work.NewText("Low")}}
	scene := undo.Scene{
		Records: map[work.RefID]*work.Record{at.RefID: &record},
		Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: work.NewText("High"), Written: true, Before: work.NewText("Mid")}}),
		Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: "priority", Writable: true}}}},
	}
	p := undo.New([]undo.Write{{Target: at, Before: work.NewText("Mid"), Wrote: work.NewText("Low"), Run: 1}}, scene, undo.Errand{Kind: work.Undo, By: "ana"})
	if len(p.Edits) > 0 || len(p.Changed) != 1 {
		t.Errorf("edits %v, changed %v", p.Edits, p.Changed)
	}
}
