package jira

import (
	"tandem/internal/work"
)

// maxRun is how many issues one call moves.
const maxRun = 50

// moveBatches splits moves into runs: each move of a run puts its issue behind
// the one before. One run is one call. Moves of one scope keep their order.
func moveBatches(moves []work.Edit) [][]work.Edit {
	var batches [][]work.Edit
	last := map[string]int{} // the last batch of a scope
	for _, e := range moves {
		i, ok := last[e.Target.Element]
		if !ok || !continues(batches[i], e) {
			i = len(batches)
			last[e.Target.Element] = i
			batches = append(batches, nil)
		}
		batches[i] = append(batches[i], e)
	}
	return batches
}

// continues reports whether a move goes on with a run.
func continues(run []work.Edit, e work.Edit) bool {
	before := run[len(run)-1]
	_, sound := anchorOf(before)
	anchor, ok := anchorOf(e)
	if !sound || !ok || anchor.Before || anchor.ID != before.Target.ID || len(run) >= maxRun || e.Expect != before.Expect {
		return false
	}
	for _, o := range run {
		if o.Target.RefID == e.Target.RefID {
			return false
		}
	}
	return true
}

// anchorOf returns where an edit puts its issue, if that is a place at all.
func anchorOf(e work.Edit) (work.Anchor, bool) {
	a, ok := work.ParseAnchor(e.Value)
	return a, ok && e.Target.ID != "" && a.ID != e.Target.ID
}
