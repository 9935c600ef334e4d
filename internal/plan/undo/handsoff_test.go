package undo_test

import (
	"slices"
	"strings"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// TestS18NothingIsPutBackWherePeopleWantNothingWritten: the label came after
// Tandem's run, and it stands on all records of the place.
func TestS18NothingIsPutBackWherePeopleWantNothingWritten(t *testing.T) {
	t.Parallel()
	p := newPlace()
	p.write(1, target("p", ""), work.NewText("a"))
	p.write(1, target(work.NativeLabels, "x/1"), work.NewFlag(true))
	p.write(1, mover("3"), work.Anchor{ID: "6"}.Value())
	p.write(1, target("q", ""), work.NewText("a"))
	p.fields["q"] = work.NewText("old") // somebody put it back by hand
	p.fields[work.NativeLabels] = work.NewList(append(p.fields[work.NativeLabels].List(), plan.HandsOffLabel)...)
	for _, kind := range []work.Errand{work.Undo, work.Retire} {
		v := undo.New(p.of(1), p.scene(), undo.Errand{Kind: kind, By: "ana"})
		if len(v.Edits) > 0 || len(v.Done) != 1 || len(v.Left) != 3 {
			t.Fatalf("%s: %+v", kind, v)
		}
		for _, l := range v.Left {
			moved := kind == work.Retire && l.Target.Path == work.NativeRank // it stays in any case
			if !moved && (!l.Later || !strings.Contains(l.Why, plan.HandsOffLabel) || !strings.Contains(l.Why, "remove the label")) {
				t.Errorf("%s: %+v", kind, l)
			}
		}
	}
	named := undo.New(p.of(1), p.scene(), undo.Errand{Kind: work.Undo, By: "ana", Named: []work.RefID{target("p", "").RefID, mover("3").RefID}})
	if len(named.Edits) != 3 {
		t.Errorf("a person named the records: %+v", named)
	}
}

// TestTheNeighboursOfARecordThatStaysAreStillPutBack: 3 stays where it is.
func TestTheNeighboursOfARecordThatStaysAreStillPutBack(t *testing.T) {
	t.Parallel()
	p := newPlace()
	p.write(1, mover("3"), work.Anchor{ID: "6"}.Value())
	p.write(1, mover("2"), work.Anchor{ID: "5"}.Value())
	s := p.scene()
	off := *s.Records[mover("3").RefID]
	off.Fields = map[string]work.Value{work.NativeLabels: work.NewList(plan.HandsOffLabel)}
	s.Records[off.RefID] = &off
	v := undo.New(p.of(1), s, undo.Errand{Kind: work.Undo, By: "ana"})
	moved := slices.ContainsFunc(v.Edits, func(e work.Edit) bool { return e.Target == mover("2") })
	if len(v.Edits) != 1 || !moved || len(v.Left) != 1 || v.Left[0].Target != mover("3") {
		t.Errorf("%+v in %v", v, backlog.State{Order: work.Order{IDs: p.order}})
	}
}
