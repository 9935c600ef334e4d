package scheduler_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// opens lets everybody read acme/pay.
func (f *firm) opens() {
	f.Helper()
	f.ok(f.github.Configure("acme/pay", func(r *githubsim.Repository) { r.Private = false }))
}

// heldBack are what an errand leaves because of the leak guard.
func heldBack(e scheduler.Errand) []string {
	all := []string{}
	for _, l := range e.Back.Left {
		if strings.HasPrefix(l.Why, "leak guard: public readers see it by now") {
			all = append(all, l.Key+" "+l.Target.Element)
		}
	}
	return all
}

// Tandem put p4 there and p1 in its place, and then everybody may read the
// repository: p1 may go, p4 was never meant for them. So it is where the repository
// opens before the plan, and where it does between the plan and the write.
func TestS7AnUndoPutsNothingBackIntoARepositoryThatOpened(t *testing.T) {
	for _, late := range []bool{false, true} {
		t.Run(map[bool]string{false: "before the plan", true: "right before the write"}[late], func(t *testing.T) {
			story(t, hubbed(), func(f *firm) {
				scope := undo.Scope{Fields: []work.Field{work.Priority}, Connector: "github"}
				f.run()
				same(f, "labels", []string{"bug", "priority/p4", "roadmap/now"}, f.labels("acme/pay#1"))
				f.pass(time.Hour)
				f.sets("PAY-1", 95)
				run := f.run()
				same(f, "labels", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
				f.pass(time.Hour)
				if late {
					f.look()
					errand, err := f.cycle.PlanUndo(f.Context(), run.Outcome.Number, scope, "ana")
					f.ok(err)
					same(f, "planned to go back", 2, len(errand.Back.Edits))
					f.opens()
					f.pass(time.Minute)
					report, err := f.cycle.Carry(f.Context(), errand, everything)
					f.ok(err)
					same(f, "conflicts", 1, report.Results[work.Conflict])
					same(f, "the other waits for it", 1, report.Results[work.Deferred])
				} else {
					f.opens()
				}
				f.pass(time.Minute)
				errand, _ := f.undoes(run.Outcome.Number, scope)
				same(f, "held", []string{"acme/pay#1 priority/p4"}, heldBack(errand))
				same(f, "undone", []string{"bug", "roadmap/now"}, f.labels("acme/pay#1"))
				f.pass(time.Minute)
				errand, report := f.undoes(run.Outcome.Number, scope)
				same(f, "held again", []string{"acme/pay#1 priority/p4"}, heldBack(errand))
				same(f, "sent", 0, report.Sent)
				f.run()
				same(f, "in the end", []string{"bug", "roadmap/now"}, f.labels("acme/pay#1"))
			})
		})
	}
}

// A retirement ends all the same: what Tandem put there goes, and what it took away
// is named and stays away.
func TestS7ARetirementEndsInARepositoryThatOpened(t *testing.T) {
	w := hubbed()
	w.github[1].Labels = []string{"priority/p2"}
	story(t, w, func(f *firm) {
		f.run()
		f.releases("acme/pay#2")
		f.pass(time.Hour)
		f.run()
		same(f, "labels", []string{"priority/p3", "roadmap/now"}, f.labels("acme/pay#2"))
		f.pass(time.Hour)
		f.opens()
		f.pass(2 * time.Hour)
		errand, _ := f.retires(undo.Scope{}, plan.Retirement{Kind: plan.RetiredAll, By: "ana"})
		same(f, "held", []string{"acme/pay#2 priority/p2"}, heldBack(errand))
		same(f, "all of Tandem's is gone", 0, len(f.labels("acme/pay#2")))
		same(f, "in the other", []string{"bug"}, f.labels("acme/pay#1"))
	})
}

// What everybody could read before they may read again.
func TestS14AnUndoPutsBackWhatWasPublicBefore(t *testing.T) {
	w := world{issues: issues("WEB", 1), public: true, patch: append(roomy(), "write: observe", "write: auto")}
	w.github = []githubsim.Issue{twin("acme/web", 1, "WEB-1", "roadmap/later")}
	story(t, w, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		i, _ := f.github.Issue("acme/web#1")
		f.ends(work.RefID{Connector: "github", ID: strconv.FormatInt(i.ID, 10)}, work.Horizon)
		run := f.run()
		same(f, "labels", []string{"roadmap/now"}, f.labels("acme/web#1"))
		f.pass(time.Hour)
		errand, _ := f.undoes(run.Outcome.Number, undo.Scope{Connector: "github"})
		same(f, "held", []string{}, heldBack(errand))
		same(f, "put back", []string{"roadmap/later"}, f.labels("acme/web#1"))
	})
}
