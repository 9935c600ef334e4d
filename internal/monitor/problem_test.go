package monitor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/monitor"
	"tandem/internal/plan"
	"tandem/internal/work"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// healthy is an installation in which nothing is wrong.
func healthy() monitor.Inspected {
	return monitor.Inspected{
		Now: noon(),
		Figures: work.Figures{
			Overview: work.Overview{
				LastRun: 7, LastRunAt: noon().Add(-time.Hour),
				Streams: []work.StreamStatus{{Connector: "jira", Stream: "issues", LastRead: noon().Add(-time.Minute)}, {Connector: "jira", Stream: "census", Failure: "401"}},
				Limits:  []work.LimitState{{Connector: "github", Resource: "core", Limit: 5000, Remaining: 4000, Reserve: 1000, Reset: noon().Add(time.Hour)}},
			},
			Skews: map[string]time.Duration{"jira": 30 * time.Second},
			Bytes: 100 << 20, Free: 100 << 30,
			Held: []work.Pile{{Connector: "jira", Kind: "predates_tandem", Count: 9, Oldest: noon().Add(-400 * 24 * time.Hour)}, {Connector: "jira", Kind: "fighting", Count: 1, Oldest: noon().Add(-time.Hour)}},
		},
		Connectors: []monitor.Inspectable{{Name: "jira", Every: time.Minute, Credentials: []string{"env JIRA_TOKEN"}}},
	}
}

func TestNothingIsWrongWhereNothingIs(t *testing.T) {
	t.Parallel()
	if got := monitor.Problems(healthy()); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestEachProblemHasARemedy(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return noon().Add(-time.Duration(n) * time.Hour) }
	failing := func(text string) func(*monitor.Inspected) {
		return func(in *monitor.Inspected) {
			in.Figures.Streams = []work.StreamStatus{{Connector: "jira", Stream: "issues", LastRead: hour(3), Failure: text}}
		}
	}
	cases := []struct {
		name         string
		spoil        func(*monitor.Inspected)
		code         string
		severity     monitor.Severity
		what, remedy string
	}{
		{"a refused token", failing("GET https://x.example/rest/api/2/search: 401 Unauthorized"), "connector_stale", monitor.Stopped, "jira is stale for 3 hours (since", "env JIRA_TOKEN"},
		{"a missing right", failing("GET https://x.example: 403 Forbidden: no"), "connector_stale", monitor.Stopped, "403", "rights"},
		{"a limit", failing("limit of the service reached (core); wait until 12:00"), "connector_stale", monitor.Stopped, "limit", "by itself"},
		{"no network", failing("dial tcp: connection refused"), "connector_stale", monitor.Stopped, "refused", "reach it"},
		{"control characters", failing("a\x1b[31mb\nc"), "connector_stale", monitor.Stopped, "a [31mb c", "tandem check"},
		{"nobody reads", func(in *monitor.Inspected) { in.Figures.Streams[0].LastRead = hour(3) }, "connector_quiet", monitor.Stopped, "3 hours ago", "tandem run"},
		{"no node", func(in *monitor.Inspected) { in.LeasesKnown = true }, "no_daemon", monitor.Stopped, "No daemon is running; the last read was 60 seconds ago", "tandem run"},
		{"a new store", func(in *monitor.Inspected) { in.Figures.LastRun = 0 }, "never_decided", monitor.Stopped, "Nothing was decided", "tandem plan"},
		{"a pause", func(in *monitor.Inspected) {
			in.Figures.Paused, in.Figures.PausedBy, in.Figures.PausedWhy = true, "ana", "release"
		}, "paused", monitor.Stopped, "by ana (release)", "tandem resume"},
		{"a copy", func(in *monitor.Inspected) {
			in.Figures.Paused, in.Figures.Copied = true, &work.Copied{From: "/a on x", To: "/b on y"}
		}, "store_copied", monitor.Stopped, "from /a on x to /b on y", "tandem resume --here"},
		{"a restored file", func(in *monitor.Inspected) { in.Figures.Copied = &work.Copied{From: "/a on x", To: "/a on x"} }, "store_copied", monitor.Stopped, "not the one that Tandem wrote at /a on x but a restored backup", "tandem resume --here"},
		{"the first read", func(in *monitor.Inspected) { in.Figures.FirstRead = []string{"jira"} }, "first_read", monitor.Stopped, "jira was never read whole", "by itself"},
		{"the brake", func(in *monitor.Inspected) { in.Figures.Brake, in.Figures.Braked = "200 edits wanted; look", hour(5) }, "brake_on", monitor.Stopped, "The brake is on for 5 hours (since", "tandem apply"},
		{"refused edits", func(in *monitor.Inspected) {
			in.Figures.Letters = []work.Pile{{Connector: "jira", Kind: "edit", Count: 12, Oldest: hour(50)}}
		}, "dead_letters", monitor.Warned, "jira: 12 edits were refused, the first 2 days ago", "tandem release --set-aside jira"},
		{"another Tandem", func(in *monitor.Inspected) {
			in.Figures.Letters = []work.Pile{{Connector: "jira", Kind: "edit", Count: 12, Oldest: hour(1)}}
			in.Figures.Rivals = []work.Pile{{Connector: "jira", Kind: "acme/K3TQ", Count: 12, Oldest: hour(1)}}
		}, "second_tandem", monitor.Stopped, "another Tandem, acme/K3TQ, writes in the same places; 12 edits were not written", "tandem resume --over acme/K3TQ"},
		{"an old hold", func(in *monitor.Inspected) {
			in.Figures.Held = []work.Pile{{Connector: "jira", Kind: "changed_by_person", Count: 1, Oldest: hour(24 * 40)}}
		}, "old_holds", monitor.Warned, "1 value is held by changed_by_person, the oldest for 40 days", "tandem release REF FIELD"},
		{"late hints", func(in *monitor.Inspected) {
			in.Figures.Hints = []work.Pile{{Connector: "jira", Count: 2, Oldest: hour(1)}}
		}, "hints_waiting", monitor.Warned, "2 changes wait", "running"},
		{"a limit that ends", func(in *monitor.Inspected) { in.Figures.Limits[0].Remaining = 1100 }, "limit_low", monitor.Warned, "1100 of 5000", "every:"},
		{"a clock", func(in *monitor.Inspected) { in.Figures.Skews["jira"] = -time.Hour }, "clock_differs", monitor.Stopped, "60 minutes ahead of that of jira", "NTP"},
		{"a slow clock", func(in *monitor.Inspected) { in.Figures.Skews["jira"] = 150 * time.Second }, "clock_differs", monitor.Warned, "2 minutes behind that of jira", "NTP"},
		{"a full disk", func(in *monitor.Inspected) { in.Figures.Free = 10 << 20 }, "disk_nearly_full", monitor.Warned, "10.5 MB left", "Free space"},
		{"a large store", func(in *monitor.Inspected) { in.Figures.Bytes = 5 << 30 }, "store_large", monitor.Noted, "5.4 GB", "90 days"},
		{"late items", func(in *monitor.Inspected) {
			in.Late = []work.Late{{Role: "pm", Team: "pay", Count: 1, Due: hour(240)}, {Role: "po", Count: 3, Due: hour(48)}}
		}, "late_items", monitor.Warned, "4 items wait longer than was agreed: 1 waits for pm of pay, 3 wait for po; the first should have been answered by 2026-11-12", "tandem inbox"},
		{"approvals", func(in *monitor.Inspected) { in.Waiting = map[plan.Gate]int{plan.NeedsApproval: 3} }, "approval_waits", monitor.Noted, "3 edits wait", "tandem apply"},
		{"a retired team", func(in *monitor.Inspected) { in.Figures.Retired = []string{"team pay"} }, "retired", monitor.Noted, "team pay", "tandem resume --team pay"},
		{"quiet hours", func(in *monitor.Inspected) { in.Closed = []string{"until 08:00: quiet hours"} }, "closed", monitor.Noted, "until 08:00", "--in-quiet-hours"},
	}
	var seen []string
	for _, c := range cases {
		in := healthy()
		c.spoil(&in)
		got := monitor.Problems(in)
		if len(got) != 1 {
			t.Errorf("%s: %d problems: %+v", c.name, len(got), got)
			continue
		}
		p := got[0]
		if p.Code != c.code || p.Severity != c.severity || !strings.Contains(p.What, c.what) || !strings.Contains(p.Remedy, c.remedy) {
			t.Errorf("%s: %+v", c.name, p)
		}
		seen = append(seen, p.Code)
	}
	want := slices.Sorted(slices.Values(monitor.Codes()))
	if diff := cmp.Diff(want, slices.Compact(slices.Sorted(slices.Values(seen)))); diff != "" {
		t.Errorf("codes (-listed +seen):\n%s", diff)
	}
}

func TestTheWorstComesFirst(t *testing.T) {
	t.Parallel()
	in := healthy()
	in.Figures.Retired = []string{"team pay"}
	in.Figures.Free = 1 << 20
	in.Figures.Paused, in.Figures.PausedBy = true, "ana"
	in.Figures.Streams[0].Failure = "x"
	var got []monitor.Severity
	for _, p := range monitor.Problems(in) {
		got = append(got, p.Severity)
	}
	if diff := cmp.Diff([]monitor.Severity{monitor.Stopped, monitor.Stopped, monitor.Warned, monitor.Noted}, got); diff != "" {
		t.Error(diff)
	}
}
