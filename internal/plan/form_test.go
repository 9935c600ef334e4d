package plan_test

import (
	"testing"

	"tandem/internal/work"
)

// TestOwnWriteInAnotherFormIsNoPersonsChange: a service that has many versions
// reads the one that was written as a list of one (promise S8).
func TestOwnWriteInAnotherFormIsNoPersonsChange(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]work.Value{"list": work.NewList("5"), "number": work.NewNumber(5)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "jira", false)
			w.show(w.records[2], "5")
			w.show(w.records[0], "")
			w.item.Parts, w.records = append(w.item.Parts[:1:1], w.item.Parts[2]), append(w.records[:1:1], w.records[2])
			first := w.decide(work.Value{})
			if len(first.Edits) != 1 {
				t.Fatalf("first plan: %+v", first)
			}
			w.apply(t, first)
			w.records[0].Fields["p"] = form
			second := w.decide(work.Value{})
			if len(second.Edits)+len(second.Holds) > 0 {
				t.Errorf("after the write: edits %+v, holds %+v", second.Edits, second.Holds)
			}
			w.apply(t, second) // keeps the form that stands there
			if third := w.decide(work.Value{}); len(third.Adopted) > 0 {
				t.Errorf("adopted once more: %+v", third.Adopted)
			}
			w.show(w.records[1], "6")
			if next := w.decide(work.Value{}); len(next.Edits) != 1 || len(next.Holds) > 0 {
				t.Errorf("after the owner changed it: edits %+v, holds %+v", next.Edits, next.Holds)
			}
		})
	}
}
