package scheduler_test

import (
	"strconv"
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

// release ends the hold of a priority, or a dead letter, as tandem release
// does.
func (f *firm) release(key string) {
	f.Helper()
	f.ends(f.ref(key), work.Priority)
}

// ends releases a field of a record as the last run held it.
func (f *firm) ends(ref work.RefID, field work.Field) {
	f.Helper()
	run, _, err := f.db.LastRun(f.Context())
	f.ok(err)
	r := plan.Release{Slot: plan.SlotRef{Ref: ref, Field: field}}
	for i := range run.Plan.Holds {
		if of := plan.ReleaseOf(&run.Plan.Holds[i]); of.Slot == r.Slot {
			r = of
		}
	}
	f.ok(f.db.Release(f.Context(), r, "ana"))
}

// releases ends the hold of a priority in GitHub.
func (f *firm) releases(key string) {
	f.Helper()
	i, ok := f.github.Issue(key)
	if !ok {
		f.Fatalf("%s is not in GitHub", key)
	}
	f.ends(work.RefID{Connector: "github", ID: strconv.FormatInt(i.ID, 10)}, work.Priority)
}

// A hold that only a look has shown is released; what that person saw, and not what
// somebody sets before Tandem reads the place again.
func TestS1AReleaseOfWhatALookShowedIsOfThatValueAlone(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") })
		shown := f.look().Outcome.Plan.Holds
		same(f, "shown", 1, len(shown))
		f.ok(f.db.Release(f.Context(), plan.ReleaseOf(&shown[0]), "ana"))
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.pass(2 * time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "Jira", "Minor", f.priority("PAY-1"))
	})
}

// A person's change is respected for a month. After it the edit waits for an
// approval, however often Tandem decides until somebody gives it.
func TestWhatAPersonChangedLongAgoIsProposedUntilSomebodyDecides(t *testing.T) {
	story(t, priorities(3, "propose"), func(f *firm) {
		f.run()
		f.approve(false, "PAY-3 priority")
		f.run()
		f.person("PAY-3", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") })
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-3 priority changed_by_person"}, holds(f.run()))
		f.pass(31 * 24 * time.Hour)
		for _, run := range []string{"the first run after it", "the one after that", "a day later"} {
			report := f.run()
			same(f, run, []string{"PAY-3 priority respect_over"}, holds(report))
			same(f, run, []string{"PAY-3 priority Trivial→Critical needs_approval"}, only(edits(report), "PAY-3 priority"))
			f.pass(12 * time.Hour)
		}
		f.approve(false, "PAY-3 priority")
		f.run()
		same(f, "approved", "Critical", f.priority("PAY-3"))
		f.pass(time.Minute)
		same(f, "in the end", []string{}, holds(f.run()))
	})
}
