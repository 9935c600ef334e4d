package scheduler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// undoes types tandem undo RUN.
func (f *firm) undoes(run int64, scope undo.Scope) (scheduler.Errand, scheduler.Report) {
	f.Helper()
	f.look()
	errand, err := f.cycle.PlanUndo(f.Context(), run, scope, "ana")
	f.ok(err)
	report, err := f.cycle.Carry(f.Context(), errand, everything)
	f.ok(err)
	return errand, report
}

// retires types tandem retire.
func (f *firm) retires(scope undo.Scope, as plan.Retirement) (scheduler.Errand, scheduler.Report) {
	f.Helper()
	f.look()
	errand, err := f.cycle.PlanRetire(f.Context(), scope, "ana")
	f.ok(err)
	f.ok(f.db.Retire(f.Context(), as))
	report, err := f.cycle.Carry(f.Context(), errand, everything)
	f.ok(err)
	swept := f.cycle.Sweep(f.Context(), errand, false)
	open, err := f.cycle.Forget(f.Context(), errand, &scope, swept)
	f.ok(err)
	same(f, "open", 0, open)
	return errand, report
}

// services are both stand-ins without what tells of the past: history, times,
// and who changed what.
type services struct {
	Jira   jirasim.World
	GitHub githubsim.World
}

func (f *firm) services() services {
	s := services{Jira: f.jira.World()}
	for i := range s.Jira.Issues {
		s.Jira.Issues[i].Updated, s.Jira.Issues[i].History, s.Jira.Issues[i].Version = time.Time{}, nil, 0
	}
	if f.github == nil {
		return s
	}
	s.GitHub = f.github.World()
	for i := range s.GitHub.Issues {
		s.GitHub.Issues[i].Updated, s.GitHub.Issues[i].Events = time.Time{}, nil
		slices.Sort(s.GitHub.Issues[i].Labels)
	}
	return s
}

func (f *firm) equal(what string, want, got services) {
	f.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func changed(e scheduler.Errand) []string {
	all := []string{}
	for _, c := range e.Back.Changed {
		all = append(all, fmt.Sprintf("%s %s by %s", c.Key, c.Field, c.By))
	}
	return all
}

func TestS14ARunIsUndoneAndStaysSo(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		before := f.services()
		run := f.run()
		f.pass(time.Minute)
		errand, report := f.undoes(run.Outcome.Number, undo.Scope{})
		if len(errand.Back.Edits) == 0 || report.Applied() != len(errand.Back.Edits) || errand.Unsent(report) != 0 {
			f.Fatalf("%d edits, results %v", len(errand.Back.Edits), report.Results)
		}
		after := f.services() // definitions of labels stay: only a retirement removes them
		after.GitHub.Repositories = before.GitHub.Repositories
		f.equal("after the undo", before, after)

		f.pass(time.Minute)
		again := f.run()
		same(f, "planned again", []string{}, edits(again))
		for _, h := range again.Outcome.Plan.Holds {
			if h.Cause != work.ChangedByPerson || h.By != "ana" || !strings.HasPrefix(h.Detail, "undone on 2026-11-23") || !strings.Contains(h.Detail, "respected until 2026-12-23") {
				f.Errorf("held as %+v", h)
			}
		}
		same(f, "holds", len(holds(again)), len(errand.Back.Edits)-0)

		f.pass(time.Minute)
		twice, report := f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "undone twice", 0, len(twice.Back.Edits)+len(twice.Back.Changed)+len(twice.Back.Left)+report.Sent)

		f.pass(31 * 24 * time.Hour)
		f.run()
		f.pass(time.Minute)
		last := f.run()
		same(f, "held in the end", []string{}, holds(last))
		same(f, "in Jira", "Critical", f.priority("PAY-3"))
	})
}

func TestS14WhatAPersonChangedSinceIsListedAndLeft(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		errand, _ := f.undoes(run.Outcome.Number, undo.Scope{Fields: []work.Field{work.Priority}})
		same(f, "changed since", []string{"PAY-1 priority by " + jirasim.Ana}, changed(errand))
		same(f, "hers", "Minor", f.priority("PAY-1"))
		same(f, "put back", "Major", f.priority("PAY-3"))
		same(f, "other fields", []string{"priority/asap", "roadmap/now", "team"}, f.labels("acme/pay#3"))
	})
}

// Ana changes a priority and comes back to it, and Tandem sees neither.
func TestS14WhatAPersonCameBackToIsListedAndLeft(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		run := f.run()
		wrote := f.priority("PAY-1")
		f.pass(2 * time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID(wrote) })
		errand, _ := f.undoes(run.Outcome.Number, undo.Scope{Fields: []work.Field{work.Priority}})
		same(f, "changed since", []string{"PAY-1 priority by " + jirasim.Ana}, changed(errand))
		same(f, "hers", wrote, f.priority("PAY-1"))
		same(f, "put back", "Major", f.priority("PAY-3"))
	})
}

// The label is older than Tandem, and the row is empty since the undo. When the
// value comes to ask for what the label says, neither travels to the other.
func TestS1ALabelThatAgreesWithTandemStandsBesideAnUndo(t *testing.T) {
	w := world{issues: []jirasim.Issue{issue("PAY-1", 95)}, github: []githubsim.Issue{twin("acme/pay", 1, "PAY-1", "priority/p2")}, rows: map[string]string{"R-1": "PAY-1"}}
	story(t, w, func(f *firm) {
		run := f.run()
		same(f, "in the row", "2", f.planned("R-1"))
		f.pass(time.Minute)
		f.undoes(run.Outcome.Number, undo.Scope{})
		f.person("PAY-1", func(i *jirasim.Issue) { i.Custom[valueField] = 70.0 })
		for range 3 {
			f.pass(time.Minute)
			same(f, "planned", []string{}, edits(f.run()))
			same(f, "labels", []string{"priority/p2"}, f.labels("acme/pay#1"))
			same(f, "in the row", "null", f.planned("R-1"))
		}
	})
}

// Tandem put p4 there, a person p1 beside it, and the run is undone: p4 goes, and
// what is left counts for a while as what ana put back, though rules overrule.
func TestS14TheLabelThatAnUndoLeavesBesideStaysThoughPeopleAreOverruled(t *testing.T) {
	w := hubbed()
	w.patch = append(w.patch, "from: tiers\n    jira:", "from: tiers\n    respect: overrule\n    jira:")
	story(t, w, func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p4", "roadmap/now")
		f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "undone", []string{"bug", "priority/p1"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		again := f.run()
		same(f, "afterwards", []string{"bug", "priority/p1"}, f.labels("acme/pay#1"))
		i := slices.IndexFunc(again.Outcome.Plan.Holds, func(h work.Hold) bool { return h.Key == "acme/pay#1" && h.Field == work.Priority })
		if i < 0 || again.Outcome.Plan.Holds[i].By != "ana" || !strings.HasPrefix(again.Outcome.Plan.Holds[i].Detail, "undone on 2026-11-23") {
			f.Errorf("holds %+v", again.Outcome.Plan.Holds)
		}

		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p3")
		f.run()
		same(f, "what a person sets later", []string{"bug", "priority/p2"}, f.labels("acme/pay#1")) // as the undo left it in Jira
	})
}

func TestAReleaseEndsAnUndo(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		run := f.run()
		same(f, "written", "Critical", f.priority("PAY-3"))
		f.pass(time.Minute)
		f.undoes(run.Outcome.Number, undo.Scope{})
		f.pass(time.Minute)
		f.run()
		same(f, "undone", "Major", f.priority("PAY-3"))
		f.release("PAY-3")
		f.pass(time.Minute)
		f.run()
		same(f, "released", "Critical", f.priority("PAY-3"))
	})
}

func TestAnUndoIsUndone(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		run := f.run()
		written := f.services()
		f.pass(time.Minute)
		_, report := f.undoes(run.Outcome.Number, undo.Scope{})
		f.pass(time.Minute)
		f.undoes(report.Outcome.Number, undo.Scope{})
		f.equal("undone twice", written, f.services())
		f.pass(time.Minute)
		last := f.run()
		same(f, "left", []string{}, append(edits(last), holds(last)...))
	})
}

func TestS9AnUndoSurvivesALostAnswer(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		before := f.services()
		run := f.run()
		f.pass(time.Minute)
		f.breaks(at("PUT", "/issue/", sim.LostAnswer))
		f.undoes(run.Outcome.Number, undo.Scope{})
		f.mended()
		f.pass(time.Minute)
		f.restart()
		report := f.run()
		same(f, "planned", []string{}, edits(report))
		f.equal("after the crash", before, f.services())
	})
}

func TestAnUndoKeepsToTheModes(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		run := f.run()
		written := f.services()
		f.guard.Teams["pay"] = work.Observe
		f.restart()
		f.pass(time.Minute)
		errand, report := f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "sent", 0, report.Sent)
		same(f, "observed", len(errand.Back.Edits), errand.Outcome.Plan.Count(plan.Observed))
		f.equal("nothing was written", written, f.services())
	})
}

func TestS14MovesInTheBacklogArePutBack(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		before := f.stands()
		run := f.run()
		same(f, "in order", "3 7 6 5 4 2 8 1", f.stands())
		f.pass(10 * time.Minute)
		_, report := f.undoes(run.Outcome.Number, undo.Scope{Fields: []work.Field{work.Rank}})
		same(f, "put back", before, f.stands())
		if report.Applied() == 0 || len(report.Refused) > 0 {
			f.Fatal(report.Results, report.Refused)
		}
		for range 12 {
			f.pass(time.Minute)
			same(f, "left alone", []string{}, edits(f.run()))
		}
		same(f, "kept", before, f.stands())
		f.pass(31 * 24 * time.Hour)
		f.run()
		f.pass(time.Minute)
		f.run()
		same(f, "in order again", "3 7 6 5 4 2 8 1", f.stands())
	})
}

func TestADraggedIssueIsNotPutBack(t *testing.T) {
	story(t, backlogged(8), func(f *firm) {
		f.sets("PAY-8", 2)
		f.sets("PAY-3", 99)
		run := f.run()
		f.pass(10 * time.Minute)
		f.ok(f.jira.Rank(jirasim.Ana, []string{"PAY-3"}, "", "PAY-5"))
		same(f, "dragged", "7 6 5 3 4 2 8 1", f.stands())
		errand, _ := f.undoes(run.Outcome.Number, undo.Scope{Fields: []work.Field{work.Rank}})
		same(f, "changed since", []string{"PAY-3 rank by " + jirasim.Ana}, changed(errand))
		same(f, "put back", "8 7 6 5 3 4 2 1", f.stands())
	})
}

func TestS18AnUndoAndARetirementLeaveAnIssueAloneThatIsHandsOff(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		f.person("PAY-3", func(i *jirasim.Issue) { i.Labels = append(i.Labels, plan.HandsOffLabel) })
		f.pass(time.Minute)
		stood := f.priority("PAY-3")
		errand, _ := f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "untouched", stood, f.priority("PAY-3"))
		left := 0
		for _, l := range errand.Back.Left {
			if l.Key == "PAY-3" && strings.Contains(l.Why, "or undo it alone: --item jira:PAY-3") {
				left++
			}
		}
		if left == 0 {
			f.Errorf("nobody is told: %+v", errand.Back.Left)
		}
		f.pass(time.Minute)
		f.undoes(run.Outcome.Number, undo.Scope{Refs: []work.RefID{f.ref("PAY-3")}})
		if f.priority("PAY-3") == stood {
			f.Error("the person named the issue, and it was left alone")
		}
		f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID(stood) })
		f.pass(time.Minute)
		before := f.issue("PAY-3")
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "its labels", before.Labels, f.issue("PAY-3").Labels)
		same(f, "labels of another", 0, len(f.issue("PAY-1").Labels))
		f.person("PAY-3", func(i *jirasim.Issue) {
			i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == plan.HandsOffLabel })
		})
		f.pass(time.Minute)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "its labels in the end", 0, len(f.issue("PAY-3").Labels))
	})
}

// Rules overrule people, and a person put p1 beside Tandem's p4. Ana undoes that
// run: p4 goes, and what she sees then stays, as after any undo.
func TestS1TheLabelThatAnUndoLeftOfTwoStays(t *testing.T) {
	w := hubbed()
	w.patch = append(w.patch, "from: tiers", "from: tiers\n    respect: overrule")
	undone := []string{"bug", "priority/p1"}
	begin := func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1", "priority/p4", "roadmap/now")
		f.pass(time.Minute)
		errand, report := f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "applied", len(errand.Back.Edits), report.Applied())
		same(f, "undone", undone, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		same(f, "planned again", []string{}, edits(f.run()))
		same(f, "since", undone, f.labels("acme/pay#1"))
		f.pass(time.Minute)
	}
	t.Run("until its time is over", func(t *testing.T) {
		story(t, w, func(f *firm) {
			begin(f)
			f.pass(31 * 24 * time.Hour)
			f.run()
			same(f, "in the end", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
		})
	})
	t.Run("until somebody changes it", func(t *testing.T) {
		story(t, w, func(f *firm) {
			begin(f)
			f.relabel("acme/pay#1", "bug", "priority/p3")
			f.run() // in Jira stands again what the undo put back there
			same(f, "overruled", []string{"bug", "priority/p2"}, f.labels("acme/pay#1"))
		})
	})
	t.Run("and it is a person's when Tandem leaves", func(t *testing.T) {
		story(t, w, func(f *firm) {
			begin(f)
			f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
			same(f, "left behind", undone, f.labels("acme/pay#1"))
		})
	})
}
