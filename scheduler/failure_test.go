package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/work"
	"tandem/scheduler"
)

const searchRoute = "/rest/api/2/search/jql"

func status(code int) func() *sim.Fault {
	return func() *sim.Fault {
		return &sim.Fault{
			Name: "status", Status: code, Header: http.Header{"Content-Type": {"application/json"}},
			Body: `{"errorMessages":["something is wrong"],"errors":{}}`,
		}
	}
}

func TestS5AFailedReadIsNoEmptySource(t *testing.T) {
	for _, tc := range []struct {
		name  string
		fault func() *sim.Fault
	}{
		{"web page with status 200", func() *sim.Fault { return sim.HTMLPage(http.StatusOK) }},
		{"web page with status 502", func() *sim.Fault { return sim.HTMLPage(http.StatusBadGateway) }},
		{"status 500", status(http.StatusInternalServerError)},
		{"status 401", status(http.StatusUnauthorized)},
		{"status 403", status(http.StatusForbidden)},
		{"status 404", status(http.StatusNotFound)},
		{"page cut off", func() *sim.Fault { return sim.CutOff(200) }},
		{"no connection", sim.Refused},
		{"empty object", func() *sim.Fault {
			return &sim.Fault{Name: "empty object", Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: "{}"}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			story(t, world{issues: issues("PAY", 4), rows: map[string]string{"R-1": "PAY-4"}}, func(f *firm) { f.blindness(tc.fault) })
		})
	}
}

// blindness: Jira cannot be read for two cycles.
func (f *firm) blindness(fault func() *sim.Fault) {
	f.Helper()
	before := f.look()
	wanted := edits(before)
	f.breaks(at("GET", searchRoute, fault))
	f.pass(time.Minute)
	report := f.run()
	if report.Failures["jira"] == nil {
		f.Fatal("the read did not fail")
	}
	same(f, "items", len(before.Outcome.Items), len(report.Outcome.Items))
	same(f, "edits", []string{"R-1 priority empty→1 ready"}, edits(report)) // the file goes on
	if h := holds(report); len(h)+1 != len(wanted) || slices.ContainsFunc(h, func(s string) bool { return !strings.HasSuffix(s, " connector_stale") }) {
		f.Errorf("held %v of %v", h, wanted)
	}
	same(f, "written in Jira", []string{}, f.wrote())
	same(f, "written in the file", "1", f.planned("R-1"))
	overview, err := f.db.Status(f.Context())
	f.ok(err)
	same(f, "stored records", map[string]int{"jira": 4, "plan": 1}, overview.Records)
	if i := slices.IndexFunc(overview.Streams, func(s work.StreamStatus) bool { return s.Connector == "jira" }); overview.Streams[i].Failure == "" {
		f.Error("the status does not say that Jira could not be read")
	}

	f.restart()
	same(f, "edits of Jira after a restart", 0, len(edits(f.run())))
	f.mended()
	f.pass(time.Minute)
	report = f.run()
	same(f, "holds after the next read", []string{}, holds(report))
	same(f, "priorities", []string{"Trivial", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-4")})
	f.writtenOnce()
}

// The second page of the first read is cut off: what came stays, and the rest
// is no absence.
func TestS5AReadThatWasCutShortGoesOnWhereItWas(t *testing.T) {
	story(t, world{issues: issues("PAY", 8), pageSize: 3}, func(f *firm) {
		pages := 0
		f.breaks(at("GET", searchRoute, func() *sim.Fault {
			if pages++; pages == 2 {
				return sim.CutOff(100)
			}
			return nil
		}))
		report := f.run()
		same(f, "items so far", 3, len(report.Outcome.Items))
		same(f, "edits", []string{}, edits(report))
		f.jira.ResetCounts()
		report = f.run()
		same(f, "items", 8, len(report.Outcome.Items))
		if calls := f.jira.Calls("GET", searchRoute); calls != 2 {
			t.Errorf("the rest took %d pages, not 2", calls)
		}
		f.pass(time.Minute)
		f.run()
		f.writtenOnce()
	})
}

func TestS5ARecordThatLeftTheScopeIsNotAbsent(t *testing.T) {
	w := pair()
	w.issues = append(w.issues, issue("PAY-2", 50))
	w.where = "labels is EMPTY OR labels not in (elsewhere)"
	story(t, w, func(f *firm) {
		before := f.run()
		f.pass(time.Minute)
		f.person("PAY-1", func(i *jirasim.Issue) { i.Labels = append(i.Labels, "elsewhere") })
		written, roadmap := f.wrote(), f.roadmap()
		for range 3 {
			f.pass(10 * time.Minute)
			report := f.run()
			same(f, "items", len(before.Outcome.Items), len(report.Outcome.Items))
			same(f, "twins", 1, report.Outcome.Twins)
			same(f, "left to do", []string{}, append(edits(report), holds(report)...))
		}
		same(f, "Tandem's writes", written, f.wrote())
		same(f, "the twin", roadmap, f.roadmap())
	})
}

// tampered changes what Jira answers, as an app or a new version might.
func (f *firm) tampered(path string, change func(body string) string) {
	f.transport["jira"] = judged(f, road{f.site(), func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err != nil || !strings.Contains(r.URL.Path, path) {
			return resp, err
		}
		return rewritten(resp, change)
	}})
}

func TestS15OneRecordThatNobodyUnderstandsIsSetAsideAlone(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		f.tampered(searchRoute, oddSummary("PAY-2"))
		report := f.run()
		same(f, "set aside", []string{"record jira:PAY-2"}, f.letters())
		same(f, "items", 2, len(report.Outcome.Items))
		same(f, "failures", 0, len(report.Failures))
		same(f, "priorities", []string{"Trivial", "Major", "Critical"}, []string{f.priority("PAY-1"), f.priority("PAY-2"), f.priority("PAY-3")})

		f.untampered()
		f.pass(time.Minute)
		f.person("PAY-2", func(i *jirasim.Issue) { i.Summary = "plain again" })
		f.run()
		same(f, "set aside once it is understood", []string{}, f.letters())
		same(f, "its priority", "Minor", f.priority("PAY-2"))
	})
}

// What was just written comes back in a form that nobody understands: that is
// no absence, whatever the late search shows.
func TestS15ARecordThatCannotBeReadBackIsNotTakenForGone(t *testing.T) {
	for _, lag := range []time.Duration{0, 20 * time.Minute} {
		t.Run("search late by "+lag.String(), func(t *testing.T) {
			story(t, world{issues: issues("PAY", 3), rows: map[string]string{"R-1": "PAY-2"}}, func(f *firm) {
				f.jira.SetLag(lag)
				f.tampered("/issue/bulkfetch", oddSummary("PAY-2"))
				f.run()
				written := f.wrote()
				for range 3 {
					f.pass(time.Minute)
					report := f.run()
					same(f, "twins", 1, report.Outcome.Twins)
					same(f, "left to do", []string{}, append(edits(report), holds(report)...))
				}
				f.untampered()
				f.pass(time.Minute)
				report := f.run()
				same(f, "left to do", []string{}, append(edits(report), holds(report)...))
				same(f, "Tandem's writes", written, f.wrote())
				same(f, "the twin", "3", f.planned("R-1"))
			})
		})
	}
}

// Jira asks for five minutes: it is neither read nor written until then, by
// polls, hints and reads back alike, and other services go on.
func TestS10AServiceThatAsksForAPauseIsLeftAlone(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), rows: map[string]string{"R-1": "PAY-1"}, hooks: true, unjudged: true}, func(f *firm) {
		f.run()
		f.pass(time.Minute)
		f.sets("PAY-1", 99)
		f.breaks(func(*http.Request) *sim.Fault {
			limit := status(http.StatusTooManyRequests)()
			limit.Header = http.Header{"Retry-After": {"300"}, "RateLimit-Reason": {"jira-burst-based"}}
			return limit
		})
		stop := f.looping()
		f.pass(3 * time.Second)
		f.mended()
		var calls atomic.Int32
		f.breaks(func(*http.Request) *sim.Fault { calls.Add(1); return nil })
		_, err := f.db.SaveHints(f.Context(), "jira", "d1", []connectors.Hint{{Ref: work.NewRef("jira", fmt.Sprint(f.issue("PAY-2").ID), "PAY-2"), Scope: connectors.Inside}})
		f.ok(err)
		f.wakes()
		f.pass(4*time.Minute + 50*time.Second)
		same(f, "calls within the pause", int32(0), calls.Load())
		f.pass(2 * time.Minute)
		stop()
		if calls.Load() == 0 {
			f.Error("nothing is asked for after the pause")
		}
		same(f, "written after the pause", "Critical", f.priority("PAY-1"))
	})
}

// forgetful is a store that cannot note that a read failed.
type forgetful struct {
	scheduler.Store

	full bool
}

// SaveFailure fails while the disk is full.
func (s *forgetful) SaveFailure(ctx context.Context, connector, stream, cause string) error {
	if s.full {
		return errors.New("disk full")
	}
	return s.Store.SaveFailure(ctx, connector, stream, cause)
}

func TestS5NothingIsWrittenAfterAReadWhoseFailureCouldNotBeNoted(t *testing.T) {
	story(t, world{issues: issues("PAY", 3)}, func(f *firm) {
		s := &forgetful{Store: f.db}
		c := f.newCycle(s)
		_, err := c.Poll(f.Context())
		f.ok(err)
		_, err = c.Decide(f.Context())
		f.ok(err)
		apply := func() {
			run, _, err := f.db.LastRun(f.Context())
			f.ok(err)
			_, err = c.Apply(f.Context(), run)
			f.ok(err)
		}
		f.pass(10 * time.Minute)
		f.breaks(at("GET", searchRoute, status(http.StatusInternalServerError)))
		s.full = true
		if _, err = c.Poll(f.Context()); err == nil {
			f.Fatal("the failure was noted")
		}
		s.full = false
		f.mended()
		apply()
		same(f, "written", []string{}, f.wrote())
		f.pass(10 * time.Minute)
		_, err = c.Poll(f.Context())
		f.ok(err)
		_, err = c.Decide(f.Context())
		f.ok(err)
		if apply(); len(f.wrote()) == 0 {
			f.Error("nothing is written once Jira was read")
		}
	})
}

// A run is applied by whoever has the connector then, which may be later than a
// read that failed: what it wants there waits, and elsewhere it goes out.
func TestS5NothingOfARunIsWrittenWhereAReadFailedSince(t *testing.T) {
	story(t, world{issues: issues("PAY", 3), rows: map[string]string{"R-1": "PAY-3"}}, func(f *firm) {
		c := f.newCycle(f.db)
		steps := func(all ...func(context.Context) (scheduler.Report, error)) {
			f.Helper()
			for _, step := range all {
				_, err := step(f.Context())
				f.ok(err)
			}
		}
		apply := func(ctx context.Context) (scheduler.Report, error) {
			run, _, err := f.db.LastRun(ctx)
			f.ok(err)
			return c.Apply(ctx, run)
		}
		steps(c.Poll, c.Decide)
		f.pass(10 * time.Minute)
		f.breaks(at("GET", searchRoute, status(http.StatusServiceUnavailable)))
		steps(c.Poll)
		f.mended()
		steps(apply)
		same(f, "written in Jira", []string{}, f.wrote())
		same(f, "written in the file", "1", f.planned("R-1"))
		f.pass(10 * time.Minute)
		steps(c.Poll, c.Decide, apply)
		if len(f.wrote()) == 0 {
			f.Error("nothing is written once Jira was read")
		}
	})
}
