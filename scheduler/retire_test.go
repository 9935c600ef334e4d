package scheduler_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// traced is a firm in which Tandem leaves every kind of trace.
func traced() world {
	w := hubbed()
	w.owner = connectors.Owner{Instance: "acme-test", Store: "A"}
	w.patch = append(w.patch, "fields:\n", "fields:\n  explanation: {owner: tandem, jira: {field: comment}, github: {field: comment}}\n",
		"join: [marker,", "mark: [jira]\n  link: [jira]\n  join: [marker,")
	return w
}

func TestS18ARetiredTandemLeavesNoTrace(t *testing.T) {
	story(t, traced(), func(f *firm) {
		before := f.services()
		f.run()
		f.pass(time.Hour)
		f.sets("PAY-1", 95)
		before.Jira.Issues[0].Custom[valueField] = 95.0
		f.run()
		traces := f.services()
		for i := range traces.Jira.Issues {
			if issue := traces.Jira.Issues[i]; len(issue.Comments) == 0 || len(issue.Remote) == 0 || len(issue.Properties) == 0 {
				f.Fatalf("Tandem left too few traces at %s", issue.Key)
			}
		}
		f.pass(time.Hour)
		errand, report := f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		if report.Applied() != len(errand.Back.Edits) || len(errand.Back.Left)+len(errand.Back.Changed) > 0 {
			f.Fatalf("%v %+v %+v", report.Results, report.Refused, errand.Back.Left)
		}
		f.equal("as if Tandem had never been there", before, f.services())
		for range 3 {
			f.pass(time.Hour)
			r := f.runWith(everything)
			same(f, "sent", 0, r.Sent)
			same(f, "retired", len(r.Outcome.Plan.Edits), r.Outcome.Plan.Count(plan.Retired))
		}
		f.equal("later", before, f.services())
	})
}

// The journal forgets after a quarter, the ledger does not: a line of an issue
// that was deleted since has no key but the stored one, and stops no other.
func TestS18AndS15ALineOfADeletedIssueStopsNoRetirement(t *testing.T) {
	story(t, traced(), func(f *firm) {
		before := f.services()
		f.run()
		f.pass(time.Hour)
		f.ok(f.github.Delete("acme/pay#2", "ana-acme"))
		before.GitHub.Issues = slices.DeleteFunc(before.GitHub.Issues, func(i githubsim.Issue) bool { return i.Key() == "acme/pay#2" })
		f.counted(61 * time.Minute)
		if _, there := f.look().Outcome.FindKey("github:acme/pay#2"); there {
			f.Fatal("the deleted issue is still there")
		}
		_, err := f.db.Prune(f.Context(), time.Now())
		f.ok(err)
		errand, _ := f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		if !slices.ContainsFunc(errand.Back.Left, func(l undo.Left) bool { return l.Key == "acme/pay#2" && !l.Later }) {
			f.Errorf("left: %+v", errand.Back.Left)
		}
		f.equal("as if Tandem had never been there", before, f.services())
	})
}

// Tandem replaced a label, a person put another one in place of Tandem's, and the
// rules overrule people. What a person chose last comes back, and nothing beside.
func TestS14RetiringBringsBackTheLabelThatAPersonChoseLastAlone(t *testing.T) {
	w := hubbed()
	w.github[0] = twin("acme/pay", 1, "PAY-1", "priority/p3")
	w.patch = append(w.patch, "from: tiers\n    jira:", "from: tiers\n    respect: overrule\n    jira:", "\nfields:", "\nadopt: {set_by_person: replace}\nfields:")
	story(t, w, func(f *firm) {
		f.sets("PAY-1", 95)
		f.run()
		same(f, "replaced", []string{"priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "priority/p4", "roadmap/now")
		f.sets("PAY-1", 50) // 3
		f.run()
		same(f, "overruled", []string{"priority/p3", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.sets("PAY-1", 95)
		f.run()
		same(f, "changed again", []string{"priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "retired", []string{"priority/p4"}, f.labels("acme/pay#1"))
	})
}

func TestARetiredTeamLeavesTheOtherAlone(t *testing.T) {
	w := hubbed()
	w.issues = append(w.issues, issue("WEB-1", 90))
	w.github = append(w.github, twin("acme/web", 1, "WEB-1"))
	w.patch = append(w.patch, "write: observe", "write: auto")
	story(t, w, func(f *firm) {
		before := f.services()
		f.run()
		f.pass(time.Hour)
		same(f, "written", []string{"priority/p1", "roadmap/now"}, f.labels("acme/web#1"))
		f.retires(undo.Scope{Team: "pay"}, plan.Retirement{Kind: plan.RetiredTeam, Name: "pay", By: "ana"})
		same(f, "of the other team", []string{"priority/p1", "roadmap/now"}, f.labels("acme/web#1"))
		same(f, "labels", []string{"bug"}, f.labels("acme/pay#1"))
		same(f, "priority", "Major", f.priority("PAY-3"))
		now := f.services()
		f.equal("the team's", before.of("PAY", "acme/pay"), now.of("PAY", "acme/pay"))

		f.pass(time.Hour)
		f.run()
		same(f, "still", []string{"bug"}, f.labels("acme/pay#1"))
		ended, err := f.db.Recall(f.Context(), plan.RetiredTeam, "pay")
		f.ok(err)
		same(f, "ended", true, ended)
		f.pass(time.Hour)
		f.run()
		// What was put back in Jira predates Tandem now, and is kept like that.
		same(f, "again", []string{"bug", "priority/p2", "roadmap/now"}, f.labels("acme/pay#1"))
	})
}

// of are the issues of one project and one repository, and its labels.
func (s services) of(project, repository string) services {
	var some services
	for _, i := range s.Jira.Issues {
		if i.Project == project {
			some.Jira.Issues = append(some.Jira.Issues, i)
		}
	}
	for _, i := range s.GitHub.Issues {
		if i.Repository == repository {
			some.GitHub.Issues = append(some.GitHub.Issues, i)
		}
	}
	for _, r := range s.GitHub.Repositories {
		if r.Name == repository {
			some.GitHub.Repositories = append(some.GitHub.Repositories, r)
		}
	}
	return some
}

// A label that a person put somewhere keeps its definition, and a value that a
// person set stays.
func TestWhatPeopleUseSurvivesARetirement(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.relabel("acme/pay#2", "priority/p4", "roadmap/now")
		f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		errand, _ := f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "changed since", []string{"PAY-3 priority by " + jirasim.Ana}, changed(errand))
		same(f, "hers in Jira", "Minor", f.priority("PAY-3"))
		same(f, "hers in GitHub", []string{"priority/p4"}, f.labels("acme/pay#2"))
		var defined []string
		for _, l := range f.github.World().Repositories[0].Labels {
			defined = append(defined, l.Name)
		}
		slices.Sort(defined)
		same(f, "defined", []string{"bug", "priority/asap", "priority/p4", "team"}, defined)
	})
}

func TestOrphansAreShownUntilSomebodyRemovesThem(t *testing.T) {
	w := hubbed()
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.write("rules.yaml", world{issues: w.issues, github: w.github, patch: append(w.patch, "priority/p{value}", "prio/{value}")}.rules(f))
		f.live = nil
		f.load()
		f.restart()
		r := f.look()
		sent, err := f.db.LastWritten(f.Context())
		f.ok(err)
		homes := f.cycle.Home
		orphans := undo.Orphans(undo.FromLedger(r.Outcome.Ledger, sent, homes, f.rules.Program()), nil, undo.Territory{
			Rules: f.rules.Program(), Connectors: map[string][]string{"jira": nil, "github": nil, "plan": nil}, Teams: true, Homes: homes,
		})
		var shown []string
		for _, o := range orphans {
			shown = append(shown, o.Key+" "+o.Target.Element+": "+o.Why)
			same(f, "field", work.Priority, o.Field)
		}
		same(f, "no longer ours", []string{
			"acme/pay#1 priority/p4: no rule writes the label priority/p4 there any more",
			"acme/pay#2 priority/p3: no rule writes the label priority/p3 there any more",
			"acme/pay#3 priority/p1: no rule writes the label priority/p1 there any more",
		}, shown)
		f.run()
		same(f, "both", []string{"bug", "prio/4", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
		errand, err := f.cycle.PlanRelease(f.Context(), orphans, "ana")
		f.ok(err)
		_, err = f.cycle.Carry(f.Context(), errand, everything)
		f.ok(err)
		_, err = f.cycle.Forget(f.Context(), errand, nil, nil)
		f.ok(err)
		same(f, "removed", []string{"bug", "prio/4", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		same(f, "left", []string{}, edits(f.run()))
	})
}

// Where a place cannot be swept its lines stay: they are what the next try goes
// by. Those of other places go.
func TestAfterASweepThatFailedTheLinesOfThatPlaceStay(t *testing.T) {
	story(t, traced(), func(f *firm) {
		before := f.services()
		f.run()
		f.pass(time.Hour)
		f.run()
		f.pass(time.Hour)
		f.look()
		plans := func() scheduler.Errand {
			errand, err := f.cycle.PlanRetire(f.Context(), undo.Scope{}, "ana")
			f.ok(err)
			return errand
		}
		errand := plans()
		f.ok(f.db.Retire(f.Context(), plan.Retirement{Kind: plan.RetiredAll, By: "ana"}))
		_, err := f.cycle.Carry(f.Context(), errand, everything)
		f.ok(err)
		f.github.SetFault(at(http.MethodDelete, "/labels/", status(http.StatusInternalServerError)))
		swept := f.cycle.Sweep(f.Context(), errand, false)
		if !slices.ContainsFunc(swept, func(s scheduler.Swept) bool {
			return s.Connector == "github" && s.Place == "acme/pay" && s.Failure != ""
		}) {
			f.Fatalf("the sweep tells %+v", swept)
		}
		open, err := f.cycle.Forget(f.Context(), errand, &undo.Scope{}, swept)
		f.ok(err)
		same(f, "open", 0, open)
		left := map[string]int{}
		count := func() {
			clear(left)
			snapshot, err := f.db.Snapshot(f.Context(), time.Now())
			f.ok(err)
			for _, line := range snapshot.Ledger {
				if line.Written {
					left[line.Target.Connector]++
				}
			}
		}
		if count(); left["jira"] > 0 || left["github"] == 0 {
			f.Errorf("lines that are left: %v", left)
		}
		f.github.SetFault(nil)
		f.look()
		again := plans()
		same(f, "edits of the second try", 0, len(again.Back.Edits))
		swept = f.cycle.Sweep(f.Context(), again, false)
		_, err = f.cycle.Forget(f.Context(), again, &undo.Scope{}, swept)
		f.ok(err)
		if count(); len(left) > 0 {
			f.Errorf("lines that are left after the second try: %v", left)
		}
		f.equal("as if Tandem had never been there", before, f.services())
	})
}

// Where people keep Tandem away nothing is written, and a signature is no
// exception; once the label is gone, the next retirement removes it.
func TestS18ARetirementLeavesTheSignatureWhereHandsOffStands(t *testing.T) {
	w := hubbed()
	w.owner = connectors.Owner{Instance: "acme-test", Store: "A"}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Hour)
		f.run()
		stop := func(labels ...string) {
			f.pass(time.Hour)
			f.person("PAY-2", func(i *jirasim.Issue) { i.Labels = labels })
		}
		stop(append(f.issue("PAY-2").Labels, plan.HandsOffLabel)...)
		before := f.issue("PAY-2")
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		if diff := cmp.Diff(before, f.issue("PAY-2")); diff != "" {
			f.Errorf("PAY-2 under hands-off (-want +got):\n%s", diff)
		}
		same(f, "signed", []bool{false, true, false}, f.signed("PAY-1", "PAY-2", "PAY-3"))
		stop(slices.DeleteFunc(before.Labels, func(s string) bool { return s == plan.HandsOffLabel })...)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "signed once the label is gone", []bool{false, false, false}, f.signed("PAY-1", "PAY-2", "PAY-3"))
	})
}

// A person set another priority, and then the rules came to want it: what stands
// there is the person's, and the signature of Tandem's write is a trace like any
// other.
func TestS18ARetirementRemovesTheTracesOfValuesThatPeopleTookOver(t *testing.T) {
	w := hubbed()
	w.owner = connectors.Owner{Instance: "acme-test", Store: "A"}
	w.issues[2].Labels = []string{"roadmap/now"}
	story(t, w, func(f *firm) {
		f.run()
		same(f, "signed", []bool{true, true, true}, f.signed("PAY-1", "PAY-2", "PAY-3"))
		f.pass(time.Hour)
		f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.sets("PAY-3", 45)
		f.run()
		f.pass(time.Hour)
		f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "hers", "Minor", f.priority("PAY-3"))
		same(f, "signed after the retirement", []bool{false, false, false}, f.signed("PAY-1", "PAY-2", "PAY-3"))
	})
}

// signed tells which issues bear Tandem's signature.
func (f *firm) signed(keys ...string) (all []bool) {
	f.Helper()
	for _, key := range keys {
		all = append(all, f.issue(key).Properties["tandem"] != nil)
	}
	return all
}
