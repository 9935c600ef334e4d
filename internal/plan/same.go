package plan

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Same reports whether two plans decide the same, apart from moves in backlogs;
// gates count only where both were judged by the same guard.
func Same(a, b *Plan, gates bool) bool {
	return slices.EqualFunc(fieldEdits(a), fieldEdits(b), func(x, y Planned) bool {
		return x.Edit == y.Edit && (!gates || x.Gate == y.Gate && x.Until().Equal(y.Until()))
	}) && slices.EqualFunc(fieldHolds(a), fieldHolds(b), func(x, y work.Hold) bool {
		since := x.Since.Equal(y.Since)
		x.Since, y.Since = time.Time{}, time.Time{}
		return since && x == y
	})
}

func fieldEdits(p *Plan) []Planned {
	return slices.DeleteFunc(slices.Clone(p.Edits), func(e Planned) bool { return e.Verb == work.MoveInBacklog })
}

func fieldHolds(p *Plan) []work.Hold {
	return slices.DeleteFunc(slices.Clone(p.Holds), func(h work.Hold) bool { return h.Field == work.Rank })
}
