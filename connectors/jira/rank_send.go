package jira

import (
	"context"

	"tandem/internal/work"
)

// moveBatches sends each move alone.
func moveBatches(moves []work.Edit) [][]work.Edit {
	batches := make([][]work.Edit, len(moves))
	for i := range moves {
		batches[i] = moves[i : i+1]
	}
	return batches
}

// move refuses: this version does not order backlogs.
func (s *sink) move(_ context.Context, batch []work.Edit) []work.Result {
	results := make([]work.Result, len(batch))
	for i, e := range batch {
		results[i] = work.Result{EditID: e.ID, State: work.Rejected, Detail: s.site.name + " does not move issues in backlogs in this version"}
	}
	return results
}
