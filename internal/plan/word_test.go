package plan_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// What a person had set is as an override wants it, for a while. When that is
// over, it is still what a person had set.
func TestS1AnOverrideThatAgreesWithAPersonsValueDoesNotMakeItTandems(t *testing.T) {
	t.Parallel()
	asOf := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	for name, remembered := range map[string]string{"from before Tandem": "-", "set over what Tandem wrote": "a"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "tandem", false)
			w.records, w.item.Parts = w.records[2:], w.item.Parts[2:]
			w.show(w.records[0], "b")
			w.remember(w.records[0], remembered)
			decide := func(wish plan.Wish) plan.Verdict {
				wish.Audience = work.Internal
				state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: asOf}
				return plan.Decide(plan.Settle(w.program, w.rule, &w.item, w.records, state), &w.item, wish, state)
			}
			v := decide(plan.Wish{Value: work.NewText("b"), Word: 7})
			if len(v.Edits)+len(v.Adopted) > 0 {
				t.Errorf("while it counts: edits %+v, adopted %+v", v.Edits, v.Adopted)
			}
			w.entries = append(w.entries, v.Adopted...)
			if v = decide(plan.Wish{Value: work.NewText("a")}); len(v.Edits) > 0 || len(v.Holds) != 1 {
				t.Errorf("when it is over: edits %+v, holds %+v", v.Edits, v.Holds)
			}
		})
	}
}
