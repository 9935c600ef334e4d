package scheduler

import (
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// line is where an edit waits behind earlier ones: a record, or a backlog.
type line struct {
	record  work.RefID
	backlog plan.Scope
}

func lineOf(e work.Edit) line {
	if scope := plan.ScopeOf(e); scope != (plan.Scope{}) {
		return line{backlog: scope}
	}
	return line{record: e.Target.RefID}
}

// unshut returns the edits of a batch that wait behind nothing.
func unshut(batch []work.Edit, shut map[line]bool) []work.Edit {
	if len(shut) == 0 {
		return batch
	}
	return slices.DeleteFunc(slices.Clone(batch), func(e work.Edit) bool { return shut[lineOf(e)] })
}
