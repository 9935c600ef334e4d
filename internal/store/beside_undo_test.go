package store_test

import (
	"maps"
	"testing"

	"tandem/internal/work"
)

// An undo takes p2 off, beside which somebody had set p1: both are noted, until the
// undo is undone. Where p2 stays, nothing is.
func TestS14TheLabelThatAnUndoLeavesBesideIsNoted(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			for name, c := range map[string]struct {
				state work.ResultState
				again bool // the undo is undone
				want  map[string]work.Value
			}{
				"taken off":      {work.Applied, false, map[string]work.Value{"p1": work.NewList("p1"), "p2": work.NewFlag(false)}},
				"not taken off":  {work.Conflict, false, map[string]work.Value{}},
				"and undone too": {work.Applied, true, map[string]work.Value{}},
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					k := openStore(t)
					k.page(issue("1", 1, "High"))
					put, off, again := relabel("put", work.AddLabel, "p2"), relabel("off", work.RemoveLabel, "p2"), relabel("again", work.AddLabel, "p2")
					off.Errand, off.By, off.Keeps = work.Undo, "ana", work.NewList("p1")
					again.Errand, again.By = work.Undo, "bo"
					send := func(e work.Edit, state work.ResultState) {
						k.begin(e)
						k.finish(result(e, state))
						k.read([]work.Ref{e.Ref()})
					}
					send(put, work.Applied)
					send(off, c.state)
					if c.again {
						send(again, work.Applied)
					}
					got := map[string]work.Value{}
					for _, u := range k.snapshot().Undone {
						if got[u.Target.Element] = u.Value; u.By != "ana" || u.Field != put.Field || u.Beside() != (u.Target.Element == "p1") {
							t.Errorf("noted %+v", u)
						}
					}
					if !maps.Equal(c.want, got) {
						t.Errorf("noted %v, want %v", got, c.want)
					}
				})
			}
		})
	}
}
