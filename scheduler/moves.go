package scheduler

import (
	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// unhindered returns the moves that do not wait behind another edit: each
// backlog's up to the first one of a record that had an edit which is not
// plainly done (promise S15). Later ones stand behind that.
func unhindered(moves []work.Edit, unsettled map[work.RefID]bool) []work.Edit {
	if len(unsettled) == 0 {
		return moves
	}
	var free []work.Edit
	shut := map[plan.Scope]bool{}
	for _, e := range moves {
		scope := plan.ScopeOf(e)
		if shut[scope] = shut[scope] || unsettled[e.Target.RefID]; !shut[scope] {
			free = append(free, e)
		}
	}
	return free
}

// byScope keeps the batches of one backlog together, in their order: each move
// stands behind an earlier one.
func byScope(batches [][]work.Edit) [][][]work.Edit {
	at := map[plan.Scope]int{}
	var groups [][][]work.Edit
	for _, batch := range batches {
		scope := plan.ScopeOf(batch[0])
		i, known := at[scope]
		if !known {
			i = len(groups)
			at[scope], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], batch)
	}
	return groups
}

// orders is what the streams are for that read how backlogs stand.
const orders = "backlog"

// orderAnew lets the orders of backlogs be read with the next poll where a move
// did not go through: people were there, and until the order is read again the
// same move would be planned, and stopped, in every cycle.
func (c *Cycle) orderAnew(report *Report) {
	met := map[string]bool{}
	for _, r := range report.Refused {
		met[r.Edit.Target.Connector] = met[r.Edit.Target.Connector] || r.Edit.Verb == work.MoveInBacklog
	}
	for _, live := range c.c.Connectors {
		if met[live.Name] {
			c.dues.sooner(live, c.c.Now(), func(s connectors.Stream) bool { return s.Needs == orders })
		}
	}
}
