package scheduler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

func TestS1AndS9APersonsChangeIsPutBackThoughTheProcessDiedRightAfterTheWrite(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.meets()
		f.diesOver("Trivial")
		f.pass(2 * time.Minute)
		f.run()
		same(f, "both places", []string{"Major", "2"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

// The process died right after its very first write, over what a person had set
// meanwhile, who set it again. The record does not show that the write ever
// arrived; its history does, so that the second time counts, also where rules
// overrule what predates Tandem.
func TestS1WhatAPersonSetsAgainAfterAFirstWriteOfUnknownOutcomeIsTheirs(t *testing.T) {
	w := pair()
	w.patch = []string{"\nfields:", "\nadopt: {set_by_person: replace}\nfields:"}
	story(t, w, func(f *firm) {
		f.sets("PAY-1", 10)
		f.between("Minor")
		f.diesOver("Trivial")
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Minor") })
		f.pass(2 * time.Minute)
		f.run()
		same(f, "both places", []string{"Minor", "3"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

// diesOverWhatStood lets the process die right after it wrote over a priority, and
// returns what had stood there.
func (f *firm) diesOverWhatStood() string {
	f.Helper()
	f.run()
	stood := f.priority("PAY-1")
	f.pass(time.Minute)
	f.sets("PAY-1", 10)
	f.diesOver("Trivial")
	f.pass(time.Minute)
	return stood
}

// The process died right after a write, and a person put back what had stood
// there. No record shows that the write ever arrived; its history does, so that
// this person is not written over.
func TestS1AndS9WhoPutsBackWhatStoodBeforeAWriteOfUnknownOutcomeIsRespected(t *testing.T) {
	story(t, pair(), func(f *firm) {
		stood := f.diesOverWhatStood()
		f.ok(f.jira.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = priorityID(stood) }))
		f.pass(2 * time.Minute)
		f.run()
		same(f, "Jira", stood, f.priority("PAY-1"))
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		before := f.wrote()
		f.pass(time.Hour)
		f.run()
		same(f, "Tandem's writes since", before, f.wrote())
		f.reproduces()
	})
}

// The same, and before the write could be read back somebody changed the title, and a
// poll read that: it is no word about what came before.
func TestS1AndS9WhoPutsBackWhatStoodBeforeAWriteThatAPollHadSeenIsRespected(t *testing.T) {
	story(t, pair(), func(f *firm) {
		stood := f.diesOverWhatStood()
		f.ok(f.jira.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Summary = "Another title" }))
		f.breaks(func(r *http.Request) *sim.Fault {
			if strings.HasSuffix(r.URL.Path, "/issue/bulkfetch") {
				return &sim.Fault{Status: http.StatusServiceUnavailable}
			}
			return nil
		})
		f.pass(2 * time.Minute)
		f.run()
		f.mended()
		f.pass(time.Minute)
		f.ok(f.jira.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = priorityID(stood) }))
		f.pass(2 * time.Minute)
		f.run()
		same(f, "Jira", stood, f.priority("PAY-1"))
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
	})
}

// The process died right after it had put one label in the place of another, and a
// person took that off. Neither stands there: that is the person's choice, and not
// a write that never arrived.
func TestS1AndS9WhoTakesOffALabelOfUnknownOutcomeIsRespected(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		same(f, "written", []string{"roadmap/now"}, f.issue("PAY-1").Labels)
		f.pass(time.Minute)
		f.says("PAY-1", work.MoveHorizon, "later")
		f.diesAfterWriting("PAY-1")
		f.restart()
		f.run()
		same(f, "in its place", []string{"roadmap/later"}, f.issue("PAY-1").Labels)
		f.untampered()
		f.restart()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = nil })
		f.pass(2 * time.Minute)
		f.run()
		same(f, "taken off", 0, len(f.issue("PAY-1").Labels))
		same(f, "held", []string{"PAY-1 horizon changed_by_person"}, holds(f.run()))
	})
}

// The same with its first label of all, for which a person chose another one. Of
// labels no history is asked: what stands there was not there when Tandem looked, so
// that it is no value from before Tandem, which the rules would let it replace.
func TestS1AndS9WhoPutsAnotherLabelInThePlaceOfAFirstOneOfUnknownOutcomeIsRespected(t *testing.T) {
	w := pair()
	w.patch = []string{"\nfields:", "\nadopt: {set_by_person: replace}\nfields:"}
	story(t, w, func(f *firm) {
		f.diesAfterWriting("PAY-1")
		f.restart()
		f.run()
		same(f, "written", []string{"roadmap/now"}, f.issue("PAY-1").Labels)
		f.untampered()
		f.restart()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = []string{"roadmap/later"} })
		f.pass(2 * time.Minute)
		f.run()
		same(f, "Jira", []string{"roadmap/later"}, f.issue("PAY-1").Labels)
		same(f, "held", []string{"PAY-1 horizon changed_by_person"}, holds(f.run()))
	})
}

// The process died before its first write, and a person set the very value. The
// record looks as if the write had arrived; its history tells whose it is, so that
// it stays when Tandem wants another one.
func TestS1WhoSetsWhatAWriteThatNeverArrivedWouldHaveSetIsRespected(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.sets("PAY-1", 10)
		dead := false
		f.transport["jira"] = judgedRoad{func(r *http.Request) (*http.Response, error) {
			if dead = dead || r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, f.path("PAY-1")); dead {
				return nil, http.ErrServerClosed // nobody knows how far it came
			}
			return f.site().RoundTrip(r)
		}}
		f.restart()
		f.run()
		same(f, "nothing arrived", "Major", f.priority("PAY-1"))
		f.untampered()
		f.restart()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") })
		f.sets("PAY-1", 90) // 1 by now
		f.pass(time.Minute)
		same(f, "held", 1, len(holds(f.run())))
		f.pass(time.Minute)
		f.run()
		same(f, "the person's", "Trivial", f.priority("PAY-1"))
	})
}

// What never arrived is written again, though Tandem wrote the same before and a
// person changed it back then, where the person wants it again.
func TestAWriteThatNeverArrivedIsNotTakenForAnOlderOneOfTheSameValue(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 10)
		f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Priority = priorityID("Major") })
		f.pass(time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		f.release("PAY-1")
		f.breaks(at(http.MethodPut, f.path("PAY-1"), func() *sim.Fault { return sim.Refused() }))
		f.run()
		f.mended()
		f.restart()
		f.pass(time.Minute)
		f.run()
		f.pass(time.Minute)
		same(f, "held", []string{}, holds(f.run()))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
	})
}

// The process died right after it had put the person's value back, and another
// person set again what Tandem had written. No record shows that it was put back;
// the history does: the last word is the other person's.
func TestS8AndS9WhoSetsAgainWhatStoodBeforeItWasPutBackHasTheLastWord(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.writesOver()
		f.pass(time.Minute)
		f.diesOver("Major") // put back
		f.pass(time.Second)
		f.ok(f.jira.Edit("PAY-1", jirasim.Cy, func(i *jirasim.Issue) { i.Priority = priorityID("Trivial") }))
		f.sets("PAY-1", 90) // 1 by now
		f.pass(2 * time.Minute)
		same(f, "held", []string{"PAY-1 priority changed_by_person"}, holds(f.run()))
		same(f, "both places", []string{"Trivial", "4"}, []string{f.priority("PAY-1"), f.planned("R-1")})
		f.reproduces()
	})
}

type judgedRoad struct {
	pass func(r *http.Request) (*http.Response, error)
}

func (j judgedRoad) RoundTrip(r *http.Request) (*http.Response, error) { return j.pass(r) }

// diesAfterWriting lets the process die as soon as it has written to an issue:
// Jira has the value, and no answer and no further request gets through.
func (f *firm) diesAfterWriting(key string) {
	road := f.transport["jira"]
	dead := false
	f.transport["jira"] = judgedRoad{func(r *http.Request) (*http.Response, error) {
		if dead {
			return nil, http.ErrServerClosed
		}
		resp, err := road.RoundTrip(r)
		if dead = r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, f.path(key)); dead {
			_ = resp.Body.Close()
			return nil, http.ErrServerClosed
		}
		return resp, err
	}}
}

// diesOver runs a process that dies as soon as it has given PAY-1 a priority, and
// begins another.
func (f *firm) diesOver(priority string) {
	f.Helper()
	f.diesAfterWriting("PAY-1")
	f.restart()
	f.run()
	same(f, "the last write", priority, f.priority("PAY-1"))
	f.untampered()
	f.restart()
}
