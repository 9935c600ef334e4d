package scheduler_test

import (
	"slices"
	"testing"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Tandem's p4 was undone, and ana set p1: when the undo is undone, p4 does not come
// back beside it. What nobody touched does.
func TestS14ALabelDoesNotComeBackBesideOneThatSomebodySetSince(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		run := f.run()
		f.pass(time.Minute)
		_, report := f.undoes(run.Outcome.Number, undo.Scope{})
		same(f, "undone", []string{"bug"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.relabel("acme/pay#1", "bug", "priority/p1")
		errand, _ := f.undoes(report.Outcome.Number, undo.Scope{})
		same(f, "undone again", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		if len(errand.Back.Changed) != 1 || errand.Back.Changed[0].Key != "acme/pay#1" || errand.Back.Changed[0].Field != work.Priority {
			f.Errorf("changed since %+v", errand.Back.Changed)
		}
		f.pass(time.Minute)
		same(f, "holds", []string{"acme/pay#1 priority changed_by_person"}, holds(f.run()))
	})
}

// Two labels stood there, and Tandem took one off once they were released to it: when
// that is undone, both stand there again.
func TestS14ALabelComesBackBesideOneThatStoodThereBefore(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		own, both := f.labels("acme/pay#2"), []string{"priority/p1", "priority/p3", "roadmap/now"}
		f.relabel("acme/pay#2", both...)
		f.run()
		f.releases("acme/pay#2")
		f.pass(time.Minute)
		released := f.run()
		same(f, "released", own, f.labels("acme/pay#2"))
		f.pass(time.Minute)
		f.undoes(released.Outcome.Number, undo.Scope{})
		same(f, "undone", both, f.labels("acme/pay#2"))
	})
}

func TestALabelDoesNotComeBackBesideThatOfALaterRun(t *testing.T) {
	story(t, hubbed(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 40)
		second := f.run()
		same(f, "second", []string{"bug", "priority/p3", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		f.sets("PAY-1", 90)
		f.run()
		same(f, "third", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		f.pass(time.Minute)
		errand, _ := f.undoes(second.Outcome.Number, undo.Scope{})
		same(f, "undone", []string{"bug", "priority/p1", "roadmap/now"}, f.labels("acme/pay#1"))
		i := slices.IndexFunc(errand.Back.Left, func(l undo.Left) bool { return l.Key == "acme/pay#1" })
		if i < 0 || errand.Back.Left[i].Why != "Tandem wrote priority/p1 there since; undo that run first, or undo by --item" {
			f.Errorf("left %+v", errand.Back.Left)
		}
	})
}
