package scheduler_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

func same(f *firm, what string, want, got any) {
	f.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestS3ApplyingTwiceEqualsApplyingOnce(t *testing.T) {
	story(t, world{issues: issues("PAY", 8), rows: map[string]string{"R-1": "PAY-8"}, write: "propose"}, func(f *firm) {
		approve := shown(f.look())
		first := f.runWith(approve)
		if first.Sent == 0 || first.Applied() != first.Sent {
			f.Fatalf("%d edits were sent, %d arrived", first.Sent, first.Applied())
		}
		once, roadmap := f.wrote(), f.roadmap()
		for range 2 {
			if again := f.runWith(approve); again.Sent > 0 {
				f.Errorf("the same approval sent %d edits again", again.Sent)
			}
			f.restart()
		}
		same(f, "Tandem's writes", once, f.wrote())
		same(f, "the file", roadmap, f.roadmap())
	})
}

// Whoever comes second finds that somebody has done already what was planned.
func TestS3AnEditThatSomebodyMadeMeanwhileIsNotMadeTwice(t *testing.T) {
	story(t, pair(), func(f *firm) {
		f.before("GET", "/issue/", func() {
			f.person("PAY-1", func(i *jirasim.Issue) {
				i.Priority, i.Labels = priorityID("Critical"), []string{"roadmap/now"}
			})
		})
		report := f.run()
		same(f, "results", map[work.ResultState]int{work.Applied: 1, work.Unchanged: 2}, report.Results) // the file, and Jira
		same(f, "Tandem's writes", []string{}, f.wrote())
		f.pass(time.Minute)
		report = f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
	})
}

func TestS4TheSecondCycleFindsNothingToDoAndAsksOnce(t *testing.T) {
	w := world{issues: append(issues("PAY", 120), issue("WEB-1", 90)), rows: map[string]string{"R-1": "PAY-120"}, unjudged: true}
	story(t, w, func(f *firm) {
		first := f.run()
		if first.Sent == 0 || first.Applied() != first.Sent {
			f.Fatalf("the first cycle sent %d edits, %d arrived", first.Sent, first.Applied())
		}
		before := f.wrote()
		f.pass(10 * time.Minute) // the polls no longer look again at what was written
		f.person("PAY-7", func(i *jirasim.Issue) { i.Summary = "Do PAY-7 soon" })
		f.run()
		f.jira.ResetCounts()
		for n := range 5 {
			f.pass(time.Minute)
			report := f.run()
			want := []string{"WEB-1 horizon +roadmap/now observe", "WEB-1 priority Medium→Highest observe"}
			same(f, "what is left", want, edits(report))
			if calls := f.jira.Calls("", ""); calls != n+1 || report.Evaluated {
				f.Fatalf("%d idle cycles took %d calls, decided anew: %v: %v", n+1, calls, report.Evaluated, f.jira.Counts())
			}
		}
		f.restart()
		f.jira.ResetCounts()
		report := f.run()
		if calls := f.jira.Calls("", ""); calls != 1 || report.Sent > 0 {
			f.Errorf("the first cycle after a restart sent %d edits by %d calls: %v", report.Sent, calls, f.jira.Counts())
		}
		same(f, "Tandem's writes", before, f.wrote())
	})
}

// The answer to a write is lost each time, also when it is repeated.
func TestS9AWriteWhoseAnswerIsLostHappensOnce(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.breaks(at("PUT", "/issue/", sim.LostAnswer))
		report := f.run()
		if report.Results[work.Uncertain] == 0 {
			f.Fatalf("no answer was lost: %v", report.Results)
		}
		before := f.wrote()
		f.mended()
		f.pass(time.Minute)
		report = f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		same(f, "Tandem's writes", before, f.wrote())
		f.writtenOnce()
		f.audited()
	})
}

// Neither the answer nor the read that would confirm it comes through.
func TestS9AnEditWhoseFateIsUnknownIsNeitherRepeatedNorTakenForAPersons(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.breaks(func(r *http.Request) *sim.Fault {
			if r.Method == http.MethodPut {
				return sim.LostAnswer()
			}
			if r.URL.Path == "/rest/api/2/issue/bulkfetch" {
				return sim.HTMLPage(http.StatusBadGateway)
			}
			return nil
		})
		f.run()
		before := f.wrote()
		if len(before) == 0 {
			f.Fatal("nothing was written")
		}
		for range 3 {
			f.pass(time.Minute)
			report := f.run()
			same(f, "held while nobody knows", []string{}, holds(report))
			same(f, "planned while nobody knows", []string{}, edits(report))
		}
		f.restart()
		f.mended()
		report := f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		same(f, "Tandem's writes", before, f.wrote())
		f.audited()
	})
}

// The connection breaks before the service sees the request.
func TestS9AWriteThatNeverArrivedIsMadeByTheNextCycle(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.breaks(at("PUT", "/issue/", sim.Refused))
		f.run()
		same(f, "arrived", []string{}, f.wrote())
		f.mended()
		f.pass(10 * time.Minute)
		f.run()
		f.pass(time.Minute)
		report := f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		same(f, "priorities", []string{"Trivial", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-3")})
		f.writtenOnce()
	})
}

// Tandem dies at each call to its store in turn, right before and right after
// it. Two restarts later everything is as if nothing had happened.
func TestS9ACrashAtAnyStepLosesNoEditAndWritesNothingTwice(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after=%v", after), func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				crashed := false
				synctest.Test(t, func(t *testing.T) {
					time.Sleep(time.Until(monday()))
					crashed = crashAt(found(t, world{issues: issues("PAY", 2), rows: map[string]string{"R-1": "PAY-2"}, unjudged: true}), n, after)
				})
				if t.Failed() {
					t.Fatalf("at call %d", n)
				}
				if !crashed {
					if n < 10 {
						t.Fatalf("a cycle made only %d calls", n)
					}
					return
				}
			}
		})
	}
}

func crashAt(f *firm, n int, after bool) (crashed bool) {
	f.Helper()
	mortal := &mortal{Store: f.db, left: n, after: after}
	_, err := f.newCycle(mortal).Run(f.Context(), scheduler.None)
	if err == nil {
		return false
	}
	for range 2 {
		f.pass(time.Minute)
		f.restart()
		f.run()
	}
	f.pass(time.Minute)
	report := f.run()
	same(f, "left to do", []string{}, append(edits(report), holds(report)...))
	same(f, "priorities", []string{"Trivial", "Critical", "1"}, []string{f.priority("PAY-1"), f.priority("PAY-2"), f.planned("R-1")})
	f.writtenOnce()
	f.audited()
	return true
}

// audited checks that the audit and Jira's own log tell the same story.
func (f *firm) audited() {
	f.Helper()
	entries, err := f.db.Audit(f.Context(), work.RefID{}, 10000)
	f.ok(err)
	applied := 0
	for _, e := range entries {
		if e.Edit.Target.Connector == "jira" && e.State == work.Applied {
			applied++
		}
		if e.Edit.Because == "" {
			f.Errorf("%s %s was written without a reason", e.Edit.Ref(), e.Edit.Field)
		}
	}
	if wrote := f.wrote(); applied != len(wrote) {
		f.Errorf("the audit has %d edits of Jira that arrived, Jira has %d: %v", applied, len(wrote), wrote)
	}
}
