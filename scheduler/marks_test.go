package scheduler_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

// marked is a firm whose rules mark the issues of Jira with their twins, link
// them, and explain what was decided in a comment.
func marked() world {
	w := hubbed()
	w.patch = append([]string{
		"fields:\n", "fields:\n  explanation: {owner: tandem, jira: {field: comment}}\n",
		"twins:\n", "twins:\n  mark: [jira]\n  link: [jira]\n",
	}, w.patch...)
	return w
}

// traces are what Tandem left at an issue of Jira beside its fields.
func (f *firm) traces(key string) string {
	f.Helper()
	i := f.issue(key)
	var mine []string
	for _, c := range i.Comments {
		if strings.HasPrefix(c.Body, "Tandem keeps this comment") {
			mine = append(mine, "comment")
		}
	}
	for _, l := range i.Remote {
		mine = append(mine, "link "+l.GlobalID)
	}
	if p, ok := i.Properties["tandem"]; ok {
		var m struct {
			Twin string `json:"twin"`
		}
		f.ok(json.Unmarshal(p, &m))
		mine = append(mine, "marker "+m.Twin)
	}
	return strings.Join(mine, ", ")
}

// wanted are the traces that belong at PAY-n.
func (f *firm) wanted(n int) string {
	f.Helper()
	i, ok := f.github.Issue(fmt.Sprintf("acme/pay#%d", n))
	if !ok {
		f.Fatalf("no issue %d in GitHub", n)
	}
	return fmt.Sprintf("comment, link tandem=github:%[1]s, marker github:%[1]s", strconv.FormatInt(i.ID, 10))
}

func TestIssuesAreMarkedLinkedAndExplainedOnce(t *testing.T) {
	story(t, marked(), func(f *firm) {
		for range 3 {
			f.run()
			f.pass(time.Minute)
		}
		for n := 1; n <= 3; n++ {
			same(f, fmt.Sprintf("at PAY-%d", n), f.wanted(n), f.traces(fmt.Sprintf("PAY-%d", n)))
		}
		report := f.run()
		same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		f.writtenOnce()
	})
}

// Whatever becomes of the calls that leave traces, in the end each is there
// once.
func TestS9TracesAreLeftOnceWhateverBecomesOfTheirCalls(t *testing.T) {
	for name, path := range map[string]string{"link": "/remotelink", "comment": "/comment"} {
		for fate, fault := range map[string]func() *sim.Fault{"lost answer": sim.LostAnswer, "never sent": sim.Refused} {
			t.Run(name+" "+fate, func(t *testing.T) {
				story(t, marked(), func(f *firm) {
					f.breaks(at("POST", path, fault))
					f.run()
					f.mended()
					for range 4 {
						f.pass(11 * time.Minute)
						f.run()
					}
					f.sets("PAY-1", 50) // links go with other edits
					f.sets("PAY-2", 99)
					f.sets("PAY-3", 1)
					for range 3 {
						f.pass(time.Minute)
						f.run()
					}
					for n := 1; n <= 3; n++ {
						same(f, fmt.Sprintf("at PAY-%d", n), f.wanted(n), f.traces(fmt.Sprintf("PAY-%d", n)))
					}
					report := f.run()
					same(f, "left to do", []string{}, append(edits(report), holds(report)...))
				})
			})
		}
	}
}

// Tandem dies at each call to its store in turn, right before and right after
// it.
func TestS9ACrashAtAnyStepLeavesEachTraceOnce(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after=%v", after), func(t *testing.T) {
			t.Parallel()
			for n := 1; ; n++ {
				crashed := false
				synctest.Test(t, func(t *testing.T) {
					time.Sleep(time.Until(monday()))
					w := marked()
					w.issues, w.github, w.unjudged = w.issues[:1], w.github[:1], true
					crashed = dies(found(t, w), n, after)
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

func dies(f *firm, n int, after bool) (crashed bool) {
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
	f.sets("PAY-1", 99) // links go with other edits
	for range 2 {
		f.pass(time.Minute)
		f.run()
	}
	same(f, "at PAY-1", f.wanted(1), f.traces("PAY-1"))
	report := f.run()
	same(f, "left to do", []string{}, append(edits(report), holds(report)...))
	return true
}

// A person who takes a trace away has the last word.
func TestS1TracesThatAPersonTookAwayAreNotLeftAgain(t *testing.T) {
	story(t, marked(), func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.run()
		f.person("PAY-1", func(i *jirasim.Issue) { i.Comments, i.Remote, i.Properties = nil, nil, nil })
		f.pass(time.Minute)
		f.run()
		for _, value := range []float64{50, 99, 1} {
			f.sets("PAY-1", value)
			f.pass(time.Minute)
			f.run()
		}
		same(f, "at PAY-1", "", f.traces("PAY-1"))
		same(f, "at PAY-2", f.wanted(2), f.traces("PAY-2"))
	})
}

// Anybody may read the issues of Jira, and nobody outside the ones in GitHub.
func TestS7APublicIssueTellsNothingOfItsPrivateTwin(t *testing.T) {
	w := marked()
	w.audience = "public"
	story(t, w, func(f *firm) {
		for range 3 {
			f.run()
			f.pass(time.Minute)
		}
		for n := 1; n <= 3; n++ {
			same(f, fmt.Sprintf("at PAY-%d", n), "", f.traces(fmt.Sprintf("PAY-%d", n)))
		}
	})
}
