package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
)

const issueRoute = "/rest/api/2/issue/{issueIdOrKey}"

// always breaks every request to an issue of the method in the same way.
func always(method string, f func() *sim.Fault) func(*http.Request) *sim.Fault {
	return func(r *http.Request) *sim.Fault {
		if r.Method != method || sim.CallOf(r.Context()).Route != issueRoute {
			return nil
		}
		return f()
	}
}

func TestEachLimitHoldsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	limit := func(reason string, wait time.Duration) func() *sim.Fault {
		return func() *sim.Fault { return jirasim.RateLimited(reason, wait, time.Now()) }
	}
	cases := []struct {
		name        string
		fault       func() *sim.Fault
		state       work.ResultState
		scope       string
		least, most time.Duration // until
		requests    int
	}{
		{"burst that does not end", limit("jira-burst-based", time.Second), work.Deferred, "connector", 30 * time.Second, 2 * time.Minute, 4},
		{"burst that says more than is waited", limit("jira-burst-based", 6*time.Second), work.Deferred, "connector", 5 * time.Second, 6 * time.Second, 1},
		{"writes to one issue", limit("jira-per-issue-on-write", 25*time.Second), work.Deferred, "issue", 24 * time.Second, 25 * time.Second, 1},
		{"quota of the tenant", limit("jira-quota-tenant-based", 1847*time.Second), work.Deferred, "connector", 1846 * time.Second, 1847 * time.Second, 1},
		{"quota of the app", limit("jira-quota-global-based", 1847*time.Second), work.Deferred, "connector", 1846 * time.Second, 1847 * time.Second, 1},
		{"an absurd wait", limit("jira-quota-tenant-based", 12*time.Hour), work.Deferred, "connector", 59 * time.Minute, time.Hour, 1},
		{"maintenance", func() *sim.Fault { return sim.Unavailable(600) }, work.Deferred, "connector", 9 * time.Minute, 10 * time.Minute, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := write(t, setup{})
				w.site.SetFault(always(http.MethodPut, c.fault))
				began := time.Now()
				got := w.one(t, field(0, "priority", text("Critical"), text("Major")))
				wait := time.Until(got.Until)
				if got.State != c.state || got.Scope != c.scope || wait < c.least-2*time.Second || wait > c.most || len(w.writes()) != c.requests {
					t.Errorf("%+v after %d requests, wait %v", got, len(w.writes()), wait)
				}
				if took := time.Since(began); took > 4*5*time.Second {
					t.Errorf("slept %v", took)
				}
				w.site.SetFault(nil)
				next := w.one(t, field(1, "priority", text("Critical"), text("Major")))
				if quota := strings.HasPrefix(c.name, "quota"); (next.State == work.Deferred) != (quota || c.name == "an absurd wait") {
					t.Errorf("the next issue: %+v", next)
				}
			})
		})
	}
}

func TestABurstPassesWithinSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := write(t, setup{})
		w.site.SetFault(sim.Script(http.MethodPut, issueRoute, jirasim.RateLimited("jira-burst-based", time.Second, time.Now())))
		began := time.Now()
		w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
		if took := time.Since(began); took < time.Second || took > 1300*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// TestAThousandIssuesAreWrittenWithinTheLimits: two changes of each of a
// thousand issues, 20 ms away, under the published limits.
func TestAThousandIssuesAreWrittenWithinTheLimits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const n = 1000
		w := write(t, setup{options: jirasim.Options{Limits: true}, world: func(w *jirasim.World) {
			for i := 10; i < n; i++ {
				issue := w.Issues[0]
				issue.ID, issue.Key = int64(10000+i), fmt.Sprintf("PAY-%d", i+1)
				w.Issues = append(w.Issues, issue)
			}
		}})
		w.site.SetLatency(20 * time.Millisecond)
		var edits []work.Edit
		for i := range n {
			edits = append(edits, field(i, "priority", text("Critical"), text("Major")), edit(i, "labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)))
		}
		began := time.Now()
		for _, batch := range w.Sink.Batches(edits) {
			for _, r := range w.Sink.Send(t.Context(), batch) {
				if r.State != work.Applied {
					t.Fatalf("%+v", r)
				}
			}
		}
		took := time.Since(began)
		t.Logf("%d edits, %d requests to write, %d calls, %v", len(edits), len(w.writes()), len(w.calls), took)
		if took > time.Minute || len(w.writes()) > n+20 {
			t.Errorf("took %v and %d requests", took, len(w.writes()))
		}
	})
}

func TestWhoeverChangesTheIssueMeanwhileIsReadFirst(t *testing.T) {
	t.Parallel()
	w := write(t, setup{})
	w.site.ConflictNext("PAY-1")
	w.want(t, field(0, "priority", text("Critical"), text("Major")), work.Applied, "")
	if len(w.writes()) != 2 {
		t.Errorf("%v", w.writes())
	}
	// A person was quicker: nothing is written over it.
	w.site.SetFault(func(r *http.Request) *sim.Fault {
		if r.Method == http.MethodPut {
			w.site.SetFault(nil)
			if err := w.site.Edit("PAY-2", jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10104" }); err != nil {
				t.Error(err)
			}
			w.site.ConflictNext("PAY-2")
		}
		return nil
	})
	w.want(t, field(1, "priority", text("Critical"), text("Major")), work.Conflict, "priority is Trivial, the plan expected Major")
	w.site.SetFault(always(http.MethodPut, func() *sim.Fault { return &sim.Fault{Name: "409", Status: 409, Body: `{}`} }))
	w.calls = nil
	w.want(t, field(2, "priority", text("Critical"), text("Major")), work.Conflict, "")
	if len(w.writes()) != 2 {
		t.Errorf("%v", w.writes())
	}
}
