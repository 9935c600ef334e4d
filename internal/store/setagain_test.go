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
				undo := func(edits ...work.Edit) {
					for i := range edits {
						edits[i].Errand = work.Undo
					}
					k.wrote(edits...)
				}
				k.wrote(relabel("4 over 2", work.AddLabel, "p4"), relabel("2 goes", work.RemoveLabel, "p2"))
				if c.undone {
					undo(relabel("2 back", work.AddLabel, "p2"), relabel("4 back", work.RemoveLabel, "p4"))
				}
				if c.redone {
					undo(relabel("4 again", work.AddLabel, "p4"), relabel("2 again", work.RemoveLabel, "p2"))
				}
				if c.undone && !c.redone {
					k.outlived(work.Priority)
				}
				three, four := relabel("3 over 4", work.AddLabel, "p3"), relabel("4 goes", work.RemoveLabel, "p4")
				three.While, three.Unless = work.NewList("p4"), work.NewList("p1", "p2")
				k.wrote(three, four)
				k.wantLine("the one that goes", four, plan.Entry{Value: work.NewFlag(false), Written: true, Before: c.before})
				two := plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(!c.undone || c.redone)}
				k.wantLine("the one before it", relabel("", work.RemoveLabel, "p2"), two)
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

// A person had set p1. Tandem put p4 in its place, later p1 again, and an undo of that
// put p4 back. Once Tandem puts p1 there for good, p4 is nobody's wish: an undo had put
// it there. p1 stands there without Tandem too.
func TestS14WhatAnUndoPutBackDoesNotComeBackOnceTandemReplacesIt(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		over := func(id string, errand work.Errand, next, old string) {
			add, off := relabel(id+next, work.AddLabel, next), relabel(id+old, work.RemoveLabel, old)
			add.While, off.While = work.NewList(old), work.NewList(next)
			add.Errand, off.Errand = errand, errand
			k.wrote(add, off)
		}
		over("a", "", "p4", "p1")
		over("b", "", "p1", "p4")
		over("c", work.Undo, "p4", "p1")
		over("d", "", "p1", "p4")
		k.wantLine("p4", relabel("", work.RemoveLabel, "p4"), plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
		k.wantLine("p1", relabel("", work.RemoveLabel, "p1"), plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(true)})
	})
}

// Tandem wrote Low, an undo put High back, and a person let Tandem write there again:
// who sets Low before it does decides that. It is no longer what Tandem wrote, be the
// undo read back by then or not.
func TestS1WhoSetsAfterAReleaseWhatAnUndoTookAwayIsRespected(t *testing.T) {
	for name, read := range map[string]bool{"after the undo was read back": true, "before that": false} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(k *kept) {
				k.page(issue("1", 1, "High"))
				k.wrote(edit("1", "High", "Low"))
				back := edit("1", "Low", "High")
				back.ID, back.Errand, back.By = "back", work.Undo, "ana"
				k.begin(back)
				k.finish(result(back, work.Applied))
				if read {
					k.read([]work.Ref{back.Ref()}, issue("1", 3, "High"))
				}
				k.release("1", back.Field)
				k.read([]work.Ref{back.Ref()}, issue("1", 4, "Low"))
				if line, ok := k.line(back); !ok || line.Value.Known() || line.Pending || line.Before != work.NewText("High") {
					t.Errorf("the ledger says %+v", line)
				}
			})
		})
	}
}

// An undo made Low of High. Tandem found right what a person had put back, and wrote
// nothing: who undoes what came after it put that there, and Tandem did not. To undo an
// undo leaves to Tandem what it wrote.
func TestS1AnUndoOfAnUndoLeavesToTandemOnlyWhatItWrote(t *testing.T) {
	for name, agreed := range map[string]bool{"what it wrote": false, "what it found right": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(k *kept) {
				k.page(issue("1", 1, "High"))
				undo := func(id, from, to string) {
					e := edit("1", from, to)
					e.ID, e.Errand, e.By = id, work.Undo, "ana"
					k.wrote(e)
				}
				low := edit("1", "High", "Low")
				k.wrote(low)
				undo("back", "Low", "High")
				want := 0
				if agreed {
					k.release("1", low.Field)
					k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{{Target: low.Target, Value: work.NewText("High"), Before: work.NewText("High"), At: noon}}}})
					undo("and forth", "High", "Low")
					undo("and back", "Low", "High")
					want = 1
				} else {
					undo("and forth", "High", "Low")
				}
				if all := k.snapshot().Undone; len(all) != want {
					t.Errorf("undone %+v, want %d", all, want)
				}
				if line, _ := k.line(low); line.Value.Known() == agreed {
					t.Errorf("the ledger says %+v", line)
				}
			})
		})
	}
}

// A person let Tandem write over High, and undid something before it did: though that
// brings High back, it is what the undo put there.
func TestS1AnUndoEndsARelease(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.wrote(edit("1", "High", "Low"))
		k.release("1", work.Priority)
		back := edit("1", "Low", "High")
		back.ID, back.Errand, back.By = "back", work.Undo, "ana"
		k.wrote(back)
		if s := k.snapshot(); len(s.Released) > 0 || len(s.Undone) != 1 {
			t.Errorf("released %+v, undone %+v", s.Released, s.Undone)
		}
	})
}

// An undo took p4 off, and a person let Tandem write there again. Once p3 stands there
// by Tandem, the line of p4 does not tell of a change by a person for ever.
func TestS8TheLineOfALabelThatAnUndoTookOffEndsWithTheNextOne(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		four := k.label(work.AddLabel, "p4", "p3")
		off := relabel("4 off", work.RemoveLabel, "p4")
		off.Errand, off.By = work.Undo, "ana"
		k.wrote(off)
		k.release("1", four.Field)
		k.label(work.AddLabel, "p3", "p4")
		k.wantLine("the one that went", four, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
	})
}

// An undo took Tandem's comment back to what it had said before. Nobody else makes it:
// once a person lets Tandem write there again, the comment is Tandem's as it stands, and
// goes with it.
func TestS18ACommentStaysTandemsAfterAReleaseOfWhatAnUndoLeft(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		says := func(id, from, to string, errand work.Errand) work.Edit {
			e := edit("1", from, to)
			e.ID, e.Errand, e.By, e.Target.Path, e.Field = id, errand, "ana", work.NativeComment, work.Explanation
			k.wrote(e)
			return e
		}
		says("1", "", "Third.", "")
		says("2", "Third.", "Second.", "")
		back := says("3", "Second.", "Third.", work.Undo)
		k.release("1", back.Field)
		k.wantLine("as the undo left it", back, plan.Entry{Value: work.NewText("Third."), Written: true, Before: work.Empty()})
	})
}

// outlived notes that a run saw something else at issue 1 than an undo had left there.
func (k *kept) outlived(field work.Field) {
	k.t.Helper()
	k.run(engine.Run{DataSeq: k.snapshot().Seq, Outlived: []plan.SlotRef{{Ref: ref("1").RefID, Field: field}}})
}
