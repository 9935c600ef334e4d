package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// approve notes that ana approves edits of the newest kept plan, as tandem
// apply beside a daemon does: those that words name, or all without any. It
// returns what was declined, each as "PAY-1 priority: reason".
func (f *firm) approve(quiet bool, words ...string) []string {
	f.Helper()
	run, ok, err := f.db.LastRun(f.Context())
	if f.ok(err); !ok {
		f.Fatal("nothing was planned yet")
	}
	ids, unknown := plan.Select(run.Plan.Edits, words)
	for _, id := range unknown {
		ids[id] = true
	}
	if len(words) == 0 {
		for _, e := range run.Plan.Edits {
			ids[e.ID] = true
		}
	}
	approvals, declined := plan.Approve(&run.Plan, run.Seq, ids, "ana", quiet)
	f.ok(f.db.Approve(f.Context(), approvals))
	var all []string
	for id, why := range declined {
		name := id
		for _, e := range run.Plan.Edits {
			if e.ID == id {
				name = e.Key + " " + e.Field.String()
			}
		}
		all = append(all, name+": "+why)
	}
	slices.Sort(all)
	return all
}

// approvals lists them, each as "PAY-1 priority by ana used".
func (f *firm) approvals() []string {
	f.Helper()
	list, err := f.db.Approvals(f.Context(), 100)
	f.ok(err)
	all := []string{}
	for _, a := range list {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s by %s %s", a.Key, a.Slot.Field, a.By, a.End)))
	}
	slices.Sort(all)
	return all
}

// priorities are written alone: other fields would only be in the way.
func priorities(n int, write string) world {
	return world{issues: issues("PAY", n), write: write, patch: roomy()}
}

func TestTheDaemonWritesWhatAPersonApproved(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		first := f.run()
		same(f, "nobody approved", []string{}, f.wrote())
		waiting := first.Outcome.Plan.Count(plan.NeedsApproval)
		if waiting == 0 {
			f.Fatal("nothing waits for approval")
		}
		same(f, "declined", 0, len(f.approve(false)))
		f.run()
		same(f, "priority", "Critical", f.priority("PAY-3"))
		same(f, "all are used", waiting, len(only(f.approvals(), " used")))
		wrote := f.wrote()
		f.pass(time.Minute)
		same(f, "nothing is left", []string{}, edits(f.run()))
		same(f, "written once", wrote, f.wrote())
	})
}

func TestWhatWasNotApprovedGoesOnWaiting(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority")
		report := f.run()
		same(f, "wrote", []string{"PAY-3 priority 10102→10101"}, f.wrote())
		same(f, "used", []string{"PAY-3 priority by ana used"}, f.approvals())
		audit, err := f.db.Audit(f.Context(), f.ref("PAY-3"), 10)
		f.ok(err)
		same(f, "who approved it", "ana", audit[0].ApprovedBy)
		if report.Outcome.Plan.Count(plan.NeedsApproval) == 0 {
			f.Error("nothing waits any more")
		}
		f.pass(time.Minute)
		f.run()
		same(f, "an approval is used once", 1, len(f.wrote()))
	})
}

func TestApprovingTwiceIsApprovingOnce(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		report := f.run()
		id := ""
		for _, e := range report.Outcome.Plan.Edits {
			if e.Key == "PAY-3" && e.Field == work.Priority {
				id = e.ID
			}
		}
		f.approve(false, id)
		f.approve(false, id)
		same(f, "approved", []string{"PAY-3 priority by ana"}, f.approvals())
		f.run()
		same(f, "wrote", []string{"PAY-3 priority 10102→10101"}, f.wrote())
		f.pass(time.Minute)
		f.run()
		declined := f.approve(false, id)
		if len(declined) != 1 || !strings.HasPrefix(declined[0], id+": the newest plan does not hold it") {
			f.Errorf("approved a third time: %q", declined)
		}
	})
}

// What was approved is a change of one value that was seen. Another value, or
// another one that stands there, was never approved.
func TestAnApprovalEndsWhenThePlanIsAnotherOne(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority") // Major → Critical
		f.approve(false, "PAY-1 priority") // Major → Trivial
		f.sets("PAY-3", 10)
		f.ok(f.jira.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = priorityID("Minor") }))
		f.run()
		same(f, "wrote", []string{}, only(f.wrote(), "priority"))
		same(f, "ended", []string{"PAY-1 priority by ana no_longer_planned", "PAY-3 priority by ana no_longer_planned"}, f.approvals())
		f.sets("PAY-3", 90)
		f.pass(time.Minute)
		same(f, "it does not come back", []string{"PAY-3 priority Major→Critical needs_approval"}, only(edits(f.run()), "PAY-3 priority"))
	})
}

func TestAnApprovalOutlivesTheProcess(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority")
		f.restart()
		f.run()
		same(f, "wrote", []string{"PAY-3 priority 10102→10101"}, f.wrote())
		f.restart()
		f.pass(time.Minute)
		f.run()
		same(f, "once", 1, len(f.wrote()))
	})
}

// The brake is for what nobody looked at: approved edits neither wait for it
// nor use it up.
func TestApprovedEditsDoNotCountForTheBrake(t *testing.T) {
	w := priorities(40, "auto")
	w.brake = "{edits: 10, share: 0%}"
	story(t, w, func(f *firm) {
		report := f.run()
		wanted := report.Outcome.Plan.Count(plan.Braked)
		if wanted <= 20 || len(f.wrote()) > 0 {
			f.Fatalf("the brake holds %d edits, %d were written", wanted, len(f.wrote()))
		}
		f.approve(false, "PAY-40 priority", "PAY-39 priority", "PAY-38 priority")
		report = f.run()
		same(f, "wrote what was approved", 3, len(f.wrote()))
		same(f, "the rest waits", wanted-3, report.Outcome.Plan.Count(plan.Braked))
		f.approve(false)
		f.run()
		same(f, "wrote all", wanted, len(f.wrote()))
		overview, err := f.db.Status(f.Context())
		f.ok(err)
		same(f, "sent", wanted, overview.SentToday)
		same(f, "counts for the brake", 0, overview.Unapproved)

		f.pass(time.Minute)
		f.sets("PAY-1", 99)
		report = f.run()
		same(f, "the brake is off", "", report.Outcome.Plan.Brake)
		same(f, "it writes by itself", "Critical", f.priority("PAY-1"))
	})
}

func TestApprovedEditsWaitForTheEndOfQuietHours(t *testing.T) {
	w := priorities(3, "propose")
	w.extra = "quiet: {from: '18:00', to: '08:00'}\n"
	story(t, w, func(f *firm) { // it is 07:00
		f.run()
		f.approve(false, "PAY-3 priority")
		f.approve(true, "PAY-1 priority")
		f.run()
		same(f, "in quiet hours", []string{"PAY-1 priority 10102→10104"}, f.wrote())
		f.pass(time.Minute)
		f.approve(true, "PAY-3 priority")
		same(f, "replaced", []string{"PAY-1 priority by ana used", "PAY-3 priority by ana", "PAY-3 priority by ana replaced"}, f.approvals())
		f.approve(false, "PAY-3 horizon")
		f.run()
		same(f, "approved for them too", 2, len(f.wrote()))
		f.pass(2 * time.Hour)
		f.run()
		same(f, "after them", 3, len(f.wrote()))
	})
}

func TestNothingApprovedLeavesWhereNobodyMayWrite(t *testing.T) {
	for _, gate := range []plan.Gate{plan.Observed, plan.Paused, plan.Frozen, plan.Retired} {
		t.Run(string(gate), func(t *testing.T) {
			w := priorities(3, "propose")
			story(t, w, func(f *firm) {
				f.run()
				f.approve(true)
				switch gate {
				case plan.Paused:
					f.ok(f.db.Pause(f.Context(), true, "cy", "incident"))
				case plan.Retired:
					f.ok(f.db.Retire(f.Context(), plan.Retirement{Kind: plan.RetiredAll}))
				case plan.Frozen:
					f.guard.Calendar.Instance.Freeze = []work.Freeze{{From: 20261101, To: 20261130}}
				default:
					f.guard.Instance = work.Observe
				}
				f.restart()
				report := f.run()
				same(f, "wrote", []string{}, f.wrote())
				same(f, "all wait", len(report.Outcome.Plan.Edits), report.Outcome.Plan.Count(gate))
			})
		})
	}
}

// An edit that a service put off needs no second yes; one of which the record
// turned out to be another needs one.
func TestAnApprovedEditThatWasPutOffStaysApproved(t *testing.T) {
	backlogStory(t, "ab", "ab", func(s *shop) {
		s.write = work.Propose
		s.restart()
		s.board.issues["a"].value, s.board.issues["a"].version = 90, time.Now()
		s.board.sends = func([]work.Edit) fate { return fate{state: work.Deferred, until: time.Now().Add(time.Hour)} }
		s.run()
		run, _, err := s.db.LastRun(s.Context())
		if err != nil {
			s.Fatal(err)
		}
		if len(run.Plan.Edits) != 2 {
			s.Fatalf("planned %+v", run.Plan.Edits)
		}
		ids := map[string]bool{run.Plan.Edits[0].ID: true}
		approvals, _ := plan.Approve(&run.Plan, run.Seq, ids, "ana", false)
		if err := s.db.Approve(s.Context(), approvals); err != nil {
			s.Fatal(err)
		}
		s.run()
		if got := s.board.did(); len(got) > 0 {
			s.Fatalf("sent %v", got)
		}
		s.board.sends = nil
		time.Sleep(2 * time.Hour)
		s.run()
		if got := s.board.did(); len(got) != 1 {
			s.Errorf("after the service took it again, sent %v", got)
		}
		list, err := s.db.Approvals(s.Context(), 10)
		if err != nil || len(list) != 2 || list[0].End != plan.ApprovalUsed || list[1].End != plan.ApprovalPutOff {
			s.Errorf("approvals %+v, %v", list, err)
		}
	}, "fields:\n", "fields:\n  priority: {owner: tandem, from: tiers, board: {field: priority, values: {1: [Top], 2: [High], 3: [Mid], 4: [Low]}}}\n")
}

// A run that is kept tells the same later, though its approvals are over.
func TestAKeptRunKnowsWhatWasApprovedThen(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority")
		f.run()
		f.pass(time.Minute)
		f.run()
		runs, err := f.db.KeptRuns(f.Context(), 100)
		f.ok(err)
		counted := 0
		for _, kept := range runs {
			run, _, err := f.db.RunOf(f.Context(), kept.Number)
			f.ok(err)
			snapshot, err := f.db.SnapshotOf(f.Context(), run)
			f.ok(err)
			counted += len(snapshot.Approved)
			approved := 0
			for _, e := range run.Plan.Edits {
				if e.ApprovedBy() != "" {
					approved++
				}
			}
			same(f, fmt.Sprint("run ", kept.Number), approved, len(snapshot.Approved))
		}
		same(f, "counted for one run", 1, counted)
	})
}

// A service that is out of reach for an hour takes no approval with it.
func TestAnApprovalSurvivesAnOutage(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority")
		road := f.transport["jira"]
		f.transport["jira"] = nil
		f.run()
		same(f, "approved", []string{"PAY-3 priority by ana"}, f.approvals())
		f.transport["jira"] = road
		f.pass(time.Hour)
		f.run()
		same(f, "wrote", []string{"PAY-3 priority 10102→10101"}, f.wrote())
	})
}

var _ scheduler.Approve = scheduler.None
