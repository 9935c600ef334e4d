package store_test

import (
	"strings"
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// A person took off the label that Tandem had put there, and released the
// hold: what Tandem puts there then is its own, and nobody's change.
func TestS8AnAddedLabelEndsTheLinesOfThoseThatAreGone(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		four, two := k.label(work.AddLabel, "p4", "p2", "p3"), k.label(work.AddLabel, "p2", "p3", "p4")
		k.wantLine("the label that went", four, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
		k.wantLine("the label that stands", two, plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)})
	})
}

// A person put next in place of Tandem's now. Once Tandem takes that off, and wants
// none there, that none stands there is its own doing.
func TestS8ARemovedLabelEndsTheLinesOfThoseThatAreGone(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		now := k.label(work.AddLabel, "now")
		next := k.label(work.RemoveLabel, "next", "now")
		k.wantLine("the label that was gone", now, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
		k.wantLine("the label that went", next, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)})
	})
}

// A person set a label that Tandem had put there once, and took it off again: with
// what Tandem puts there then, nobody wishes it back.
func TestS14ALabelThatAPersonTookOffDoesNotComeBack(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.label(work.AddLabel, "p4")
		theirs := k.label(work.RemoveLabel, "p4")
		k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{{Target: theirs.Target, Value: work.NewFlag(true), Before: work.NewFlag(true), At: noon}}}})
		k.wantLine("a person set it", theirs, plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(true)})
		k.label(work.AddLabel, "p2", "p4")
		k.wantLine("and took it off", theirs, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
	})
}

// Tandem replaced p3 by p4, and a person put p1 in place of p4. With p2, that Tandem
// puts there next, nobody wishes p3 back, nor p2 itself where it stood there once.
func TestS14WhatTandemTookOffDoesNotComeBackOnceAPersonChose(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		two, three := k.label(work.RemoveLabel, "p2"), k.label(work.RemoveLabel, "p3")
		k.label(work.AddLabel, "p4", "p2", "p3")
		was := plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)}
		k.wantLine("taken off", three, was)
		k.label(work.AddLabel, "p2", "p3", "p4")
		k.wantLine("nobody wants it back", three, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
		k.wantLine("Tandem's alone", two, plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)})
	})
}

// Tandem had taken p3 off and put nothing there, and a person put p1 there. With
// p2, that takes its place, nobody wishes p3 back.
func TestS14WhatTandemTookOffDoesNotComeBackOnceAPersonPutAnotherOneThere(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		three := k.label(work.RemoveLabel, "p3")
		e := relabel("add", work.AddLabel, "p2")
		e.Unless, e.While = work.NewList("p3", "p4"), work.NewList("p1")
		k.begin(e)
		k.finish(result(e, work.Applied))
		k.wantLine("nobody wants it back", three, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
	})
}

// Tandem put p4 in place of p1. A person set p3 beside it, and Tandem took that off
// after a release: of what people wanted one after the other, the last comes back.
func TestS14WhatTandemTookOffDoesNotComeBackOnceItTookOffWhatAPersonPutThereLater(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		k.label(work.AddLabel, "p4", "p2", "p3")
		one := k.label(work.RemoveLabel, "p1")
		three := k.label(work.RemoveLabel, "p3", "p1", "p2")
		k.wantLine("what went last", three, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)})
		k.wantLine("what went first", one, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
	})
}

// People had set p2 and p3. Tandem left p2 where it took p3 off, and replaced it
// later: without Tandem both would stand there. Where somebody took p2 off meanwhile,
// and set it anew, that is a choice of its own.
func TestS14TwoLabelsThatTandemTookOffOneAfterTheOtherComeBack(t *testing.T) {
	for name, again := range map[string]bool{"one after the other": false, "one was set anew": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(k *kept) {
				k.page(issue("1", 1, "High"))
				three := relabel("3", work.RemoveLabel, "p3")
				three.Keeps = work.NewList("p2")
				k.wrote(three)
				four := func(id string) work.Edit {
					e := relabel(id, work.AddLabel, "p4")
					e.While, e.Unless = work.NewList("p2"), work.NewList("p1", "p3")
					return e
				}
				k.wrote(four("4"), relabel("2", work.RemoveLabel, "p2"))
				if again {
					k.wrote(four("5"), relabel("6", work.RemoveLabel, "p2"))
				}
				off := plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)}
				k.wantLine("the one that stayed", relabel("", work.RemoveLabel, "p2"), off)
				off.Before = work.NewFlag(!again)
				k.wantLine("the one beside it", three, off)
			})
		})
	}
}

// People had set p1 and p2, Tandem put p3 in their place, later p1, and p3 again. That
// p1 was its own: without Tandem both would stand there. Where somebody took it off
// meanwhile, and set it anew, that is a choice of its own.
func TestS14TwoLabelsThatTandemTookOffComeBackThoughItPutOneThereLater(t *testing.T) {
	for name, again := range map[string]bool{"Tandem's": false, "set anew": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(k *kept) {
				k.page(issue("1", 1, "High"))
				put := func(id, label, over, without string) {
					add := relabel(id, work.AddLabel, label)
					add.While = work.NewList(strings.Fields(over)...)
					if without != "" {
						add.Unless = work.NewList(without)
					}
					edits := []work.Edit{add}
					for old := range strings.FieldsSeq(over) {
						e := relabel(id+old, work.RemoveLabel, old)
						e.While = work.NewList(label)
						edits = append(edits, e)
					}
					k.wrote(edits...)
				}
				line := func(label string) work.Edit { return relabel("", work.RemoveLabel, label) }
				put("a", "p3", "p1 p2", "")
				put("b", "p1", "p3", "p2")
				if again {
					theirs := plan.Entry{Target: line("p1").Target, Value: work.NewFlag(false), Before: work.NewFlag(false), At: noon}
					k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{theirs}}})
				}
				put("c", "p3", "p1", "p2")
				off := plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)}
				k.wantLine("the one that came and went", line("p1"), off)
				off.Before = work.NewFlag(!again)
				k.wantLine("the other one", line("p2"), off)
			})
		})
	}
}

// Two labels of one field stood there, a person released the field, and Tandem took
// one off: the other stands there by Tandem's choice, though it never put it there.
// Where nothing was taken off, it is still the person's.
func TestS8TheLabelThatARemovalLeavesIsTandems(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for name, c := range map[string]struct {
				state  work.ResultState
				before bool // Tandem had taken the label off that is left now
				want   plan.Entry
			}{
				"taken off":            {work.Applied, false, plan.Entry{Value: work.NewFlag(true), Before: work.NewFlag(true)}},
				"it was gone already":  {work.Unchanged, false, plan.Entry{Value: work.NewFlag(true), Before: work.NewFlag(true)}},
				"Tandem took both off": {work.Applied, true, plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(true)}},
				"not taken off":        {work.Conflict, false, plan.Entry{}},
				"nobody knows":         {work.Uncertain, false, plan.Entry{}},
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					k.page(issue("1", 1, "High"))
					remove := func(label, keeps string) work.Edit {
						e := relabel("remove "+label, work.RemoveLabel, label)
						if keeps != "" {
							e.Keeps = work.NewList(keeps)
						}
						return e
					}
					left, off := remove("p2", ""), remove("p1", "p2")
					if c.before {
						k.begin(left)
						k.finish(result(left, work.Applied))
						k.read([]work.Ref{left.Ref()})
					}
					k.begin(off)
					k.finish(result(off, c.state))
					k.wantLine("the label that is left", left, c.want)
				})
			}
		})
	}
}
