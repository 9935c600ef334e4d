package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/work"
)

func moveOf(scope, id, team string) plan.Planned {
	ref := work.RefID{Connector: "jira", ID: id}
	return plan.Planned{Edit: work.Edit{ID: id, Verb: work.MoveInBacklog, Team: team, Target: work.Target{RefID: ref, Path: work.NativeRank, Element: scope}}}
}

func gates(p plan.Plan) []plan.Gate {
	all := make([]plan.Gate, 0, len(p.Edits))
	for _, e := range p.Edits {
		all = append(all, e.Gate)
	}
	return all
}

// A move stands behind an earlier one: where that does not go out, it does not
// either. Other backlogs and other edits are not concerned.
func TestNoMoveGoesOutBeforeAnEarlierOneOfItsBacklog(t *testing.T) {
	t.Parallel()
	field := plan.Planned{Edit: work.Edit{ID: "f", Verb: work.SetField, Team: "auto", Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "3"}, Path: "priority"}}}
	p := plan.Plan{Edits: []plan.Planned{
		moveOf("PAY", "1", "auto"), moveOf("PAY", "2", "propose"), moveOf("PAY", "3", "auto"), moveOf("OPS", "4", "auto"), field,
		moveOf("WEB", "5", "observe"), moveOf("WEB", "6", "propose"), moveOf("WEB", "7", "auto"),
	}}
	g := plan.Guard{
		Instance: work.Auto, Connectors: map[string]work.WriteMode{"jira": work.Auto}, BrakeEdits: -1, Ledger: plan.NewLedger(nil),
		Teams: map[string]work.WriteMode{"auto": work.Auto, "propose": work.Propose, "observe": work.Observe},
	}
	g.Apply(&p)
	want := []plan.Gate{
		plan.Ready, plan.NeedsApproval, plan.NeedsApproval, plan.Ready, plan.Ready,
		plan.Observed, plan.Observed, plan.Observed,
	}
	if diff := cmp.Diff(want, gates(p)); diff != "" {
		t.Error(diff)
	}
}

func TestTheRampLetsMovesThroughFromTheTop(t *testing.T) {
	t.Parallel()
	p := plan.Plan{Edits: []plan.Planned{moveOf("PAY", "1", ""), moveOf("PAY", "2", ""), moveOf("PAY", "3", ""), moveOf("PAY", "4", "")}}
	known := plan.Entry{Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "4"}, Path: "priority"}, Written: true}
	g := plan.Guard{Instance: work.Auto, BrakeEdits: -1, Ramp: 2, Ledger: plan.NewLedger([]plan.Entry{known})}
	g.Apply(&p)
	if diff := cmp.Diff([]plan.Gate{plan.Ready, plan.Ready, plan.Ramped, plan.Ramped}, gates(p)); diff != "" {
		t.Error(diff)
	}
}
