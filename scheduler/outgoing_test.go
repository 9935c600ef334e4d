package scheduler_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
)

// What jobs hold in memory of a run is what may go out by itself, and the moves
// in backlogs, since they wait for each other whatever becomes of one.
func TestOfARunOnlyWhatGoesOutByItselfStaysInMemory(t *testing.T) {
	t.Parallel()
	edit := func(id string, gate plan.Gate) plan.Planned {
		target := work.Target{RefID: work.RefID{Connector: "jira", ID: id}, Path: "priority"}
		return plan.Planned{Edit: work.Edit{ID: id, Target: target, Verb: work.SetField}, Gate: gate}
	}
	move := func(id string, gate plan.Gate) plan.Planned {
		e := edit(id, gate)
		e.Verb, e.Target.Path, e.Target.Element = work.MoveInBacklog, work.NativeRank, "PAY"
		return e
	}
	anyHour := edit("any hour", plan.Quiet)
	anyHour.Terms = &plan.Terms{AnyHour: true}
	run := engine.Run{
		Seq: 7, DataSeq: 40, AsOf: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), At: time.Now(), RulesHash: "rules", ConfigHash: "config",
		Plan: plan.Plan{Edits: []plan.Planned{
			edit("ready", plan.Ready), edit("asks", plan.NeedsApproval), edit("braked", plan.Braked), edit("ramped", plan.Ramped),
			edit("quiet", plan.Quiet), anyHour, edit("frozen", plan.Frozen), edit("paused", plan.Paused), edit("observed", plan.Observed),
			edit("retired", plan.Retired), edit("unread", plan.FirstRead), move("moves", plan.Ready), move("waits", plan.NeedsApproval),
		}},
	}
	brief := scheduler.Outgoing(run)
	ids := []string{}
	for _, e := range brief.Plan.Edits {
		ids = append(ids, e.ID)
	}
	if diff := cmp.Diff([]string{"ready", "any hour", "moves", "waits"}, ids); diff != "" {
		t.Errorf("edits (-want +got):\n%s", diff)
	}
	brief.Plan = plan.Plan{}
	if diff := cmp.Diff(engine.Run{Seq: 7, DataSeq: 40, AsOf: run.AsOf, RulesHash: "rules", ConfigHash: "config"}, brief); diff != "" {
		t.Errorf("the rest (-want +got):\n%s", diff)
	}
	if len(run.Plan.Edits) != 13 {
		t.Error("the run itself was changed")
	}
}
