package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/jira"
	"tandem/internal/secret"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// writing is a stand-in with ten stories of PAY, and the connector to it. All
// traffic is held against Atlassian's description.
type writing struct {
	*connectors.Connector
	site  *jirasim.Site
	mu    sync.Mutex // guards calls: some requests go side by side
	calls []string
	owner connectors.Owner
	open  func(t *testing.T) *connectors.Connector // as another process
}

// court is the description of Jira, which takes a second to read.
var court = sync.OnceValue(func() *judge.Judge { return judge.New(judge.Find()) })

// heard counts the violations that were told already.
var heard struct {
	sync.Mutex
	n int
}

type setup struct {
	world   func(*jirasim.World)
	options jirasim.Options
	config  func(*jira.Config)
}

func write(t *testing.T, s setup) *writing {
	t.Helper()
	world := jirasim.Sample()
	jirasim.Furnish(&world)
	for i := range 10 {
		world.Issues = append(world.Issues, jirasim.Issue{
			ID: int64(10000 + i), Key: fmt.Sprintf("PAY-%d", i+1), Summary: fmt.Sprintf("Issue %d", i+1), Type: "10001", Status: "10000",
			Priority: "10102", Labels: []string{"team"}, Assignee: jirasim.Ana, Updated: time.Now().Add(-time.Duration(100-i) * time.Hour),
		})
	}
	if s.world != nil {
		s.world(&world)
	}
	s.options.Now = time.Now
	site, err := jirasim.New(world, s.options)
	if err != nil {
		t.Fatal(err)
	}
	w := &writing{site: site}
	j, service := court(), judge.Jira
	if s.options.Deployment == jirasim.DataCenter {
		service = judge.JiraDC
	}
	t.Cleanup(func() {
		heard.Lock()
		defer heard.Unlock()
		all := j.Violations()
		for _, v := range all[heard.n:] { // possibly of another test
			t.Error(v)
		}
		heard.n = len(all)
	})
	w.open = func(t *testing.T) *connectors.Connector {
		t.Helper()
		return w.connect(t, s.config, service, j.Transport(service, sim.Network{"acme.example": site}))
	}
	w.Connector = w.open(t)
	return w
}

// connect opens a connector to the site.
func (w *writing) connect(t *testing.T, change func(*jira.Config), service judge.Service, transport http.RoundTripper) *connectors.Connector {
	t.Helper()
	instance, problems := jira.Definition().New(connectortest.Name, func(into any) []work.Problem {
		c, ok := into.(*jira.Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		c.URL, c.Projects = "https://acme.example", []string{"PAY", "WEB"}
		c.Auth = jira.Auth{Email: "bot@acme.example", Token: secret.FromText("jira-token")}
		if service == judge.JiraDC {
			c.Deployment, c.Auth.Email = "datacenter", ""
		}
		if change != nil {
			change(c)
		}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: connectortest.Name, Now: time.Now, Owner: w.owner, Transport: told(func(r *http.Request) (*http.Response, error) {
			w.mu.Lock()
			w.calls = append(w.calls, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/rest/api/2/"))
			w.mu.Unlock()
			return transport.RoundTrip(r)
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return live
}

type told func(*http.Request) (*http.Response, error)

func (f told) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// writes are the calls so far that change something.
func (w *writing) writes() []string {
	var all []string
	for _, c := range w.calls {
		if !strings.HasPrefix(c, "GET") && !strings.Contains(c, "search") && !strings.Contains(c, "bulkfetch") {
			all = append(all, c)
		}
	}
	return all
}

// one sends a batch of one edit.
func (w *writing) one(t *testing.T, e work.Edit) work.Result {
	t.Helper()
	got := w.Sink.Send(t.Context(), []work.Edit{e})
	if len(got) != 1 || got[0].EditID != e.ID {
		t.Fatalf("%+v", got)
	}
	return got[0]
}

func (w *writing) want(t *testing.T, e work.Edit, state work.ResultState, detail string) {
	t.Helper()
	if got := w.one(t, e); got.State != state || !strings.Contains(got.Detail, detail) {
		t.Errorf("%s: %+v, want %s with %q", e.ID, got, state, detail)
	}
}

func (w *writing) issue(t *testing.T, key string) jirasim.Issue {
	t.Helper()
	i, ok := w.site.Issue(key)
	if !ok {
		t.Fatalf("no issue %s", key)
	}
	return i
}

// field sets a field of issue n from what stands there.
func field(n int, path string, value, expect work.Value) work.Edit {
	verb := work.SetField
	if !value.Present() {
		verb = work.ClearField
	}
	return edit(n, path, "", verb, value, expect)
}

func text(s string) work.Value { return work.NewText(s) }

func TestEveryKindOfFieldIsWrittenAndStands(t *testing.T) {
	t.Parallel()
	empty := work.Empty()
	cases := []struct {
		path          string
		first, second work.Value
	}{
		{"fix_versions", text("2026.11"), empty},
		{"components", work.NewList("Checkout", "Ledger"), text("Ledger")},
		{"duedate", text("2026-12-01"), empty},
		{"customfield_10026", work.NewNumber(5), work.NewNumber(0.5)},
		{"customfield_10040", text("Hoch"), text("Kritisch")},
		{"customfield_10050", text("keep exporters"), empty},
		{"customfield_10060", work.NewTime(time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC)), empty},
		{"customfield_10070", work.NewList("a", "b"), work.NewList("b", "c")},
		{"customfield_10101", text("Low"), text("High")},
		{"customfield_10102", work.NewList("EU", "US"), work.NewList("APAC", "US")},
		{"customfield_10103", work.NewList("Security"), work.NewList("Legal", "Security")},
		{"customfield_10104", text("Impediment"), empty},
		{"customfield_10105", text("Shop / Cart"), text("Back office")},
		{"customfield_10106", text(jirasim.Ana), empty},
		{"customfield_10107", work.NewList(jirasim.Ana, jirasim.Cy), work.NewList(jirasim.Cy)},
		{"customfield_10108", work.NewTime(time.Date(2026, 12, 24, 9, 30, 0, 0, time.UTC)), empty},
		{"customfield_10109", text("https://acme.example/brief"), empty},
		{"customfield_10110", text("one\ntwo"), empty},
	}
	w := write(t, setup{})
	var first, second []work.Edit
	for _, c := range cases {
		first = append(first, field(0, c.path, c.first, empty))
		second = append(second, field(0, c.path, c.second, c.first))
	}
	for round, batch := range [][]work.Edit{first, second} {
		for _, want := range []work.ResultState{work.Applied, work.Unchanged} {
			for _, r := range w.Sink.Send(t.Context(), batch) {
				if r.State != want {
					t.Errorf("round %d: %+v, want %s", round, r, want)
				}
			}
		}
	}
	if diff := cmp.Diff([]string{"PUT issue/10000", "PUT issue/10000"}, w.writes()); diff != "" {
		t.Error(diff)
	}
	w.want(t, field(0, "customfield_10111", text("Sprint 7"), empty), work.Rejected, "customfield_10111")
	w.want(t, field(0, "fix_versions", text("2026.10"), empty), work.Rejected, `the version "2026.10" of PAY is archived`)
	w.want(t, field(0, "fix_versions", text("2027"), empty), work.Rejected, `PAY has no version "2027"; it has: 2026.11`)
}
