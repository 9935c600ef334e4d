package store_test

import (
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// Tandem put p4 in place of p2, and an undo took that back. A person put p4 there
// then: it is that person's, and not the one that Tandem had written. Once Tandem
// replaces it by p3, a retirement brings back p4.
func TestS14WhatAPersonSetsAgainAfterAnUndoIsThatPersons(t *testing.T) {
	for name, c := range map[string]struct {
		undone, redone bool
		before         work.Value
	}{
		"it is still Tandem's":        {before: work.NewFlag(false)},
		"set again after an undo":     {undone: true, before: work.NewFlag(true)},
		"the undo was undone in turn": {undone: true, redone: true, before: work.NewFlag(false)},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(k *kept) {
				k.page(issue("1", 1, "High"))
				swap := func(id string, verb work.Verb, label string) work.Edit {
					e := edit("1", "x", "y")
					e.ID, e.Verb, e.Target.Path, e.Target.Element = id, verb, work.NativeLabels, label
					e.Value, e.Expect = work.NewFlag(verb == work.AddLabel), work.NewFlag(verb != work.AddLabel)
					return e
				}
				take := func(errand work.Errand, edits ...work.Edit) {
					for i := range edits {
						edits[i].Errand = errand
					}
					k.begin(edits...)
					for _, e := range edits {
						k.finish(result(e, work.Applied))
					}
					k.read([]work.Ref{edits[0].Ref()}, issue("1", 2, "High"))
				}
				take("", swap("4 over 2", work.AddLabel, "p4"), swap("2 goes", work.RemoveLabel, "p2"))
				if c.undone {
					take(work.Undo, swap("2 back", work.AddLabel, "p2"), swap("4 back", work.RemoveLabel, "p4"))
				}
				if c.redone {
					take(work.Undo, swap("4 again", work.AddLabel, "p4"), swap("2 again", work.RemoveLabel, "p2"))
				}
				if c.undone && !c.redone {
					k.outlived(work.Priority)
				}
				three, four := swap("3 over 4", work.AddLabel, "p3"), swap("4 goes", work.RemoveLabel, "p4")
				three.While, three.Unless = work.NewList("p4"), work.NewList("p1", "p2")
				take("", three, four)
				k.wantLine("the one that goes", four, plan.Entry{Value: work.NewFlag(false), Written: true, Before: c.before})
				two := plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(!c.undone || c.redone)}
				k.wantLine("the one before it", swap("", work.RemoveLabel, "p2"), two)
			})
		})
	}
}

// The same with a field of one value, which a person sets to what Tandem had
// written before.
func TestS14AValueThatAPersonSetsAgainAfterAnUndoComesBack(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		write := func(id, from, to string, errand work.Errand) work.Edit {
			e := edit("1", from, to)
			e.ID, e.Errand = id, errand
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{e.Ref()}, issue("1", 2, to))
			return e
		}
		write("1", "High", "Low", "")
		write("2", "Low", "High", work.Undo)
		k.outlived(work.Priority)
		last := write("3", "Low", "Medium", "")
		k.wantLine("a person's", last, plan.Entry{Value: work.NewText("Medium"), Written: true, Before: work.NewText("Low")})
	})
}

// outlived notes that a run saw something else at issue 1 than an undo had left there.
func (k *kept) outlived(field work.Field) {
	k.t.Helper()
	k.run(engine.Run{DataSeq: k.snapshot().Seq, Outlived: []plan.SlotRef{{Ref: ref("1").RefID, Field: field}}})
}
