package store_test

import (
	"testing"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// Somebody replaced Tandem's value and then let Tandem write over it: what
// retiring brings back is that person's value, not the one before.
func TestS14BeforeIsThePersonsValueThatTandemWroteOver(t *testing.T) {
	t.Parallel()
	for where, openStore := range onBoth() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			first, second, third := edit("1", "High", "Low"), edit("1", "Highest", "Medium"), edit("1", "Medium", "Low")
			for _, e := range []work.Edit{first, second, third} {
				k.begin(e)
				k.finish(result(e, work.Applied))
				k.read([]work.Ref{e.Ref()})
			}
			k.wantLine("after three writes", third, plan.Entry{Value: text("Low"), Written: true, Before: text("Highest")})
		})
	}
}

// An undo put back what an earlier run had written, and later that is what the
// rules want: it stays Tandem's, and what was there before Tandem is known.
func TestS18WhatAnUndoPutBackStaysTandemsWhenItIsWantedAgain(t *testing.T) {
	t.Parallel()
	for where, openStore := range onBoth() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for name, c := range map[string]struct {
				path   string
				undone bool
				want   plan.Entry
			}{
				"a value that was put back": {"priority", true, plan.Entry{Value: text("Low"), Written: true, Before: text("High")}},
				"a value of somebody":       {"priority", false, plan.Entry{Value: text("Low"), Before: text("Low")}},
				"the comment, by whom ever": {work.NativeComment, false, plan.Entry{Value: text("Low"), Written: true, Before: work.Empty()}},
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					first, second, undo := edit("1", "High", "Low"), edit("1", "Low", "Medium"), edit("1", "Medium", "Low")
					undo.ID, undo.Errand, undo.By = "undo", work.Undo, "ana"
					all := []work.Edit{first, second}
					if c.undone {
						all = append(all, undo)
					}
					for _, e := range all {
						e.Target.Path = c.path
						k.begin(e)
						k.finish(result(e, work.Applied))
						k.read([]work.Ref{e.Ref()})
					}
					first.Target.Path = c.path
					k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{{Target: first.Target, Value: text("Low"), Before: text("Low"), At: noon}}}})
					k.wantLine("adopted", first, c.want)
				})
			}
		})
	}
}
