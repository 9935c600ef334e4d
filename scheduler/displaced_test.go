package scheduler_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/plan/undo"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

// holdDetails are the details of the holds of a report.
func holdDetails(r scheduler.Report) (all []string) {
	for _, h := range r.Outcome.Plan.Holds {
		all = append(all, h.Key+" "+h.Field.String()+" by "+h.By+": "+h.Detail)
	}
	return all
}

// between lets a person set a priority after Tandem looked and before its write
// arrives.
func (f *firm) between(priority string) {
	const key = "PAY-1"
	f.before(http.MethodPut, f.path(key), func() {
		f.pass(20 * time.Millisecond)
		f.person(key, func(i *jirasim.Issue) { i.Priority = priorityID(priority) })
		f.pass(80 * time.Millisecond)
	})
}

// meets lets Tandem know the firm, and gives it a priority to write that a person
// sets in between.
func (f *firm) meets() {
	f.Helper()
	f.run()
	f.pass(time.Minute)
	f.sets("PAY-1", 10) // 4 by now
	f.between("Major")
}

// writesOver lets Tandem write over what the person set in between.
func (f *firm) writesOver() {
	f.Helper()
	f.meets()
	f.run()
	same(f, "Tandem wrote over it", "Trivial", f.priority("PAY-1"))
	f.untampered()
}

func TestS1WhatAPersonSetBetweenLookAndWriteIsPutBackAndHeld(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()

		f.pass(time.Minute)
		second := f.run()
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(second))
		same(f, "both places", []string{"Major", "2"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Minute)
		third := f.run()
		detail := holdDetails(third)[0]
		if !strings.Contains(detail, "by "+jirasim.Ana+": set to \"Major\" at 07:01:00 UTC, 80 ms before Tandem's write; the value was put back") {
			f.Errorf("the hold says %s", detail)
		}
		before := f.wrote()
		f.restart()
		f.pass(24 * time.Hour)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "Tandem's writes since", before, f.wrote())
		f.reproduces()

		f.release("PAY-1")
		f.run()
		same(f, "after the release", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Minute)
		same(f, "in the end", []string{}, holds(f.run()))
	})
}

// writesOverForGood writes over a person's change, and Jira refuses to take it back.
func (f *firm) writesOverForGood() {
	f.Helper()
	f.writesOver()
	f.breaks(at(http.MethodPut, f.path("PAY-1"), func() *sim.Fault { return &sim.Fault{Status: http.StatusBadRequest} }))
	f.pass(time.Minute)
	f.run()
	f.pass(time.Minute)
}

// Jira refuses to take the person's value back, and somebody lets Tandem's stand.
// That is no word about what that person sets by hand afterwards, though it be the
// same.
func TestS1WhatIsSetAgainAfterTandemsOwnWasReleasedIsRespected(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOverForGood()
		f.run()
		f.release("PAY-1")
		f.mended()
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Major") })
		f.pass(2 * time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "both places", []string{"Major", "2"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

// Jira refuses to take the person's value back, until somebody mends that and
// types tandem release --set-aside jira.
func TestS1WhatCouldNotBePutBackIsTriedAgainWithWhatWasSetAside(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOverForGood()
		if detail := holdDetails(f.run())[0]; !strings.Contains(detail, "it could not be put back") {
			f.Errorf("the hold says %s", detail)
		}
		f.mended()
		n, err := f.db.Retry(f.Context(), "jira")
		f.ok(err)
		same(f, "tried again", 1, n)
		f.pass(time.Minute)
		f.run()
		same(f, "put back", "Major", f.priority("PAY-1"))
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

func TestS1WhatSomebodyChangedSinceIsNotPutBack(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()
		f.pass(time.Second)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "both places", []string{"Minor", "3"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Second)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") }) // what Tandem wrote
		f.pass(time.Minute)
		same(f, "held", []string{}, holds(f.run()))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

// The bot's value was never read, and the person's looks as Tandem left it: the
// history tells that it is not Tandem's any more.
func TestS1WhoSetsAgainWhatTandemWroteBeforeItIsPutBackHasTheLastWord(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()
		f.pass(time.Second)
		f.ok(f.jira.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Priority = priorityID("Major") }))
		f.pass(time.Second)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") }) // what Tandem wrote
		f.pass(time.Minute)
		f.breaks(func(r *http.Request) *sim.Fault {
			if strings.HasSuffix(r.URL.Path, "/changelog/bulkfetch") {
				return &sim.Fault{Name: "down", Status: http.StatusServiceUnavailable}
			}
			return nil
		})
		before := f.wrote()
		f.run()
		f.mended()
		f.pass(time.Minute)
		f.run()
		f.pass(time.Minute)
		same(f, "held", []string{}, holds(f.run()))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		same(f, "Tandem's writes since", before, f.wrote())
	})
}

func TestS1WhatTandemWroteBeforeItGaveBackIsAPersonsWhoSetsItLater(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()
		f.pass(time.Minute)
		f.run()
		same(f, "given back", "Major", f.priority("PAY-1"))
		f.pass(time.Minute)
		f.run()
		f.pass(time.Second)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") }) // what Tandem wrote
		f.sets("PAY-1", 90)                                                              // 1 by now
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.reproduces()
	})
}

func TestS1WhatAPersonSetBetweenLookAndPuttingBackIsPutBackInTurn(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()
		f.pass(time.Minute)
		f.between("Minor")
		f.run()
		same(f, "put back over it", "Major", f.priority("PAY-1"))
		f.untampered()
		f.pass(time.Minute)
		f.run()
		same(f, "both places", []string{"Minor", "3"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

// An undo wrote over what a person had set in between, and so did what put that
// back, over the very value of the undo. That value is the person's now: undoing
// the undo leaves it.
func TestS14WhatWasPutBackForAPersonIsNotUndoneThoughAnUndoWroteTheSame(t *testing.T) {
	story(t, pair(), func(f *firm) {
		stood := f.priority("PAY-1")
		f.run()
		f.pass(time.Minute)
		f.between("Minor")
		f.undoes(f.lastRun(), undo.Scope{})
		same(f, "the undo wrote over it", stood, f.priority("PAY-1"))
		undoing := f.lastRun()
		f.untampered()
		for _, c := range []struct{ back, meanwhile string }{{"Minor", "Trivial"}, {"Trivial", stood}} {
			f.pass(time.Minute)
			f.between(c.meanwhile)
			f.run()
			same(f, "put back over what was set meanwhile", c.back, f.priority("PAY-1"))
			f.untampered()
		}
		f.pass(time.Minute)
		f.run()
		same(f, "put back in turn", stood, f.priority("PAY-1"))
		f.pass(time.Minute)
		errand, _ := f.undoes(undoing, undo.Scope{})
		same(f, "after the undo of the undo", stood, f.priority("PAY-1"))
		if !slices.ContainsFunc(errand.Back.Changed, func(c undo.Changed) bool { return c.Key == "PAY-1" && c.Field == work.Priority }) {
			f.Errorf("changed since: %+v", errand.Back.Changed)
		}
	})
}

// The answer to a write is lost, and a person sets another value before the
// write is sent again: it is one edit in the journal and for the brake, and what
// the person set is put back.
func TestS1AndS12WhatAPersonSetBetweenAWriteAndItsRepetitionIsPutBackAndCountsOnce(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 10)
		f.breaks(sim.Script(http.MethodPut, "", sim.LostAnswer()))
		tries := 0
		f.transport["jira"] = road{f.transport["jira"], func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if r.Method == http.MethodPut {
				if tries++; tries == 2 {
					f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Major") })
					f.pass(80 * time.Millisecond)
				}
			}
			return next.RoundTrip(r)
		}}
		before := f.braking()
		report := f.run()
		same(f, "tries", 2, tries)
		same(f, "Tandem wrote over it", "Trivial", f.priority("PAY-1"))
		same(f, "edits that the brake counts", before+report.Sent, f.braking())
		f.mended()
		f.untampered()
		f.pass(time.Minute)
		f.run()
		same(f, "both places", []string{"Major", "2"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

// lastRun is the newest run that wrote something.
func (f *firm) lastRun() int64 {
	f.Helper()
	runs, err := f.db.Runs(f.Context(), 1)
	f.ok(err)
	return runs[0].Run
}

// braking is how many edits of the last day the brake counts.
func (f *firm) braking() int {
	f.Helper()
	snap, err := f.db.Snapshot(f.Context(), time.Now())
	f.ok(err)
	return snap.Sent
}

func TestWhatCannotBeReadBackWithItsHistoryIsNotConfirmed(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.meets()
		broken := false
		f.before(http.MethodPut, f.path("PAY-1"), func() { broken = true })
		f.breaks(func(r *http.Request) *sim.Fault {
			if broken && strings.HasSuffix(r.URL.Path, "/changelog/bulkfetch") {
				return &sim.Fault{Name: "down", Status: http.StatusServiceUnavailable}
			}
			return nil
		})
		f.run()
		_, unread, err := f.db.Pending(f.Context())
		f.ok(err)
		if !slices.ContainsFunc(unread, func(e work.Edit) bool { return e.Field == work.Priority && e.Key == "PAY-1" }) {
			f.Error("the edit counts as read back")
		}
		broken = false
		f.untampered()
		f.pass(2 * time.Minute)
		f.run()
		f.pass(2 * time.Minute)
		f.run()
		same(f, "both places", []string{"Major", "2"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}
