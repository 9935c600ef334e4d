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
	onBoth(t, func(k *kept) {
		first, second, third := edit("1", "High", "Low"), edit("1", "Highest", "Medium"), edit("1", "Medium", "Low")
		for _, e := range []work.Edit{first, second, third} {
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{e.Ref()})
		}
		k.wantLine("after three writes", third, plan.Entry{Value: text("Low"), Written: true, Before: text("Highest")})
	})
}

// Who could read the place when what stood there before stood there last: that is
// kept with it, whoever can read it when Tandem writes again, moves the issue or
// finds that its value is right.
func TestS7TheLedgerKnowsWhoCouldReadWhatStoodThereBefore(t *testing.T) {
	onBoth(t, func(k *kept) {
		first, second, third := edit("1", "High", "Low"), edit("1", "Low", "Medium"), edit("1", "Highest", "Low")
		first.Audience, second.Audience, third.Audience = work.Restricted, work.Internal, work.Public
		write := func(e work.Edit) {
			k.begin(e)
			k.finish(result(e, work.Applied))
			k.read([]work.Ref{e.Ref()})
		}
		write(first)
		write(second)
		k.wantLine("written again", second, plan.Entry{Value: text("Medium"), Written: true, Before: text("High"), Audience: work.Restricted})
		k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{{Target: first.Target, Value: text("Medium"), Before: text("Medium"), At: noon}}}})
		k.wantLine("right already", second, plan.Entry{Value: text("Medium"), Written: true, Before: text("High"), Audience: work.Restricted})
		write(third)
		k.wantLine("over a person's", third, plan.Entry{Value: text("Low"), Written: true, Before: text("Highest"), Audience: work.Public})
		fails := edit("1", "Low", "Lowest")
		k.begin(fails)
		k.wantLine("begun", fails, plan.Entry{Value: text("Lowest"), Written: true, Pending: true, Before: text("Highest"), Audience: work.Public})
		k.finish(result(fails, work.Conflict))
		k.wantLine("restored", third, plan.Entry{Value: text("Low"), Written: true, Before: text("Highest"), Audience: work.Public})
	})
}

// An undo put back what an earlier run had written, and later that is what the
// rules want: it stays Tandem's, and what was there before Tandem is known.
func TestS18WhatAnUndoPutBackStaysTandemsWhenItIsWantedAgain(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for name, c := range map[string]struct {
				path   string
				undone bool
				want   plan.Entry
			}{
				"a value that was put back": {"priority", true, plan.Entry{Value: text("Low"), Written: true, Before: text("High")}},
				"a value of somebody":       {"priority", false, plan.Entry{Value: text("Low"), Written: true, Before: text("Low")}},
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

// Tandem wrote here once, and then somebody chose what stands there: that is what a
// retirement leaves, and the line goes on telling that Tandem left its traces.
func TestS18WhatAPersonTookOverIsStillAPlaceThatTandemWrote(t *testing.T) {
	onBoth(t, func(k *kept) {
		write := func(expect, value string, state work.ResultState) work.Edit {
			e := edit("1", expect, value)
			k.begin(e)
			k.finish(result(e, state))
			k.read([]work.Ref{e.Ref()})
			return e
		}
		finds := func(value string) {
			adopted := plan.Entry{Target: edit("1", "", "").Target, Value: text(value), Before: text(value), At: noon}
			k.run(engine.Run{Plan: plan.Plan{Adopted: []plan.Entry{adopted}}})
		}
		first := write("High", "Low", work.Applied)
		finds("Medium")
		k.wantLine("a person chose it", first, plan.Entry{Value: text("Medium"), Written: true, Before: text("Medium")})
		finds("High")
		k.wantLine("and another one", first, plan.Entry{Value: text("High"), Written: true, Before: text("High")})
		write("High", "Highest", work.Unchanged)
		k.wantLine("and what Tandem wanted to write", first, plan.Entry{Value: text("Highest"), Written: true, Before: text("Highest")})
		write("Highest", "Low", work.Applied)
		k.wantLine("Tandem wrote again", first, plan.Entry{Value: text("Low"), Written: true, Before: text("Highest")})
		k.begin(edit("1", "Low", "Medium"))
		k.finish(result(edit("1", "Low", "Medium"), work.Unchanged))
		k.wantLine("what looks written is Tandem's", first, plan.Entry{Value: text("Medium"), Written: true, Pending: true, Before: text("Highest")})
	})
}
