package store_test

import (
	"testing"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// A person took off the label that Tandem had put there, and released the
// hold: what Tandem puts there then is its own, and nobody's change.
func TestS8AnAddedLabelEndsTheLinesOfThoseThatAreGone(t *testing.T) {
	t.Parallel()
	for where, openStore := range onBoth() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			k.page(issue("1", 1, "High"))
			add := func(label string, unless ...string) work.Edit {
				e := edit("1", "x", "y")
				e.ID, e.Verb, e.Target.Path, e.Target.Element = "add "+label, work.AddLabel, work.NativeLabels, label
				e.Value, e.Expect, e.Unless = work.NewFlag(true), work.NewFlag(false), work.NewList(unless...)
				return e
			}
			four, two := add("p4", "p2", "p3"), add("p2", "p3", "p4")
			for _, e := range []work.Edit{four, two} {
				k.begin(e)
				k.finish(result(e, work.Applied))
				k.read([]work.Ref{e.Ref()}, issue("1", 2, "High"))
			}
			k.wantLine("the label that went", four, plan.Entry{Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)})
			k.wantLine("the label that stands", two, plan.Entry{Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)})
		})
	}
}
