package monitor_test

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/monitor"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// shelf is a store of which the figures are known.
type shelf struct {
	figures work.Figures
	err     error
	asked   int
}

func (s *shelf) Figures(context.Context) (work.Figures, error) {
	s.asked++
	return s.figures, s.err
}

func (s *shelf) Held(context.Context) ([]work.Lease, error) {
	return []work.Lease{{Duty: "jira", Node: "n1", Expires: noon().Add(20 * time.Second)}, {Duty: work.Deciding, Node: "n2", Expires: noon().Add(30 * time.Second)}}, nil
}

func (s *shelf) Jobs(context.Context) ([]work.JobCount, error) {
	return []work.JobCount{{Kind: "poll", State: "running", Count: 1}}, nil
}

// service has two pages and takes every edit.
type service struct{}

func (service) Pages(context.Context, string, connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		if yield(connectors.Page{Records: make([]work.Record, 3), Feedback: make([]work.Feedback, 2)}, nil) {
			yield(connectors.Page{}, errors.New("secret title of PAY-12"))
		}
	}
}

func (service) Batches(edits []work.Edit) [][]work.Edit { return [][]work.Edit{edits} }

func (service) Send(_ context.Context, batch []work.Edit) []work.Result {
	return []work.Result{{EditID: batch[0].ID, State: work.Applied}}
}

// world is a Monitor to which everything happened once.
func world(t *testing.T) (*monitor.Monitor, *shelf) {
	t.Helper()
	s := &shelf{figures: healthy().Figures}
	s.figures.Records, s.figures.Newest = map[string]int{"jira": 2}, map[string]time.Time{"jira": noon().Add(-time.Hour)}
	s.figures.Letters = []work.Pile{{Connector: "jira", Kind: "edit", Count: 1, Oldest: noon().Add(-time.Hour)}}
	s.figures.Day = []work.Pile{{Connector: "jira", Kind: "applied", Count: 4, Oldest: noon()}}
	s.figures.Hints = []work.Pile{{Connector: "jira", Count: 1, Oldest: noon().Add(-time.Minute)}}
	m := monitor.New(monitor.Config{
		Version: "v1.2.3", Write: work.Propose, Connectors: []string{"jira"}, Store: s, Queue: s, Leases: s, Now: noon,
	})
	m.As("n1")
	live := m.Watched("jira", connectors.Connector{Source: service{}, Sink: service{}})
	failures := 0
	for _, err := range live.Source.Pages(t.Context(), "issues", nil) {
		if err != nil {
			failures++
		}
	}
	if failures != 1 {
		t.Fatalf("%d failures came through", failures)
	}
	live.Sink.Send(t.Context(), []work.Edit{{ID: "e", Target: work.Target{RefID: work.RefID{Connector: "jira", ID: "12"}}}})
	m.Called(httpx.Call{Connector: "jira", Outcome: httpx.OK, Took: 20 * time.Millisecond, Ahead: time.Second, Dated: true})
	m.Cycle(time.Second)
	m.Job("poll", monitor.JobDone, time.Second)
	m.Decided(&plan.Plan{Edits: []plan.Planned{{Gate: plan.Ready, Edit: work.Edit{Target: work.Target{RefID: work.RefID{Connector: "jira"}}}}}}, time.Millisecond)
	m.Steady(monitor.Steadiness{Tau: 0.9, Top10: 0.8, Top50: 0.7, Places: 3, Priorities: 1})
	return m, s
}

func ask(t *testing.T, m *monitor.Monitor, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestAScrapeShowsEveryFamilyOnce(t *testing.T) {
	t.Parallel()
	m, _ := world(t)
	families, err := m.Registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]monitor.Family{}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "tandem_") {
			continue
		}
		family := monitor.Family{Name: f.GetName(), Type: monitor.Type(strings.ToLower(f.GetType().String())), Help: f.GetHelp()}
		for _, label := range f.GetMetric()[0].GetLabel() {
			family.Labels = append(family.Labels, label.GetName())
		}
		got[family.Name] = family
	}
	want := map[string]monitor.Family{}
	for _, f := range monitor.Families() {
		slices.Sort(f.Labels)
		want[f.Name] = f
		name := regexp.MustCompile(`^tandem_[a-z][a-z_]*[a-z]$`)
		if !name.MatchString(f.Name) || (f.Type == monitor.Counter) != strings.HasSuffix(f.Name, "_total") || !strings.HasSuffix(f.Help, ".") {
			t.Errorf("%+v is not named as Prometheus asks, or its help is no sentence", f)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("families (-documented +shown):\n%s", diff)
	}
}

func TestAScrapeNamesNoRecord(t *testing.T) {
	t.Parallel()
	m, _ := world(t)
	code, text := ask(t, m, "/metrics")
	for _, want := range []string{
		`tandem_records_read_total{connector="jira"} 5`, `tandem_read_failures_total{connector="jira"} 1`, `tandem_calls_total{connector="jira",outcome="ok"} 1`,
		`tandem_edits_total{connector="jira",state="applied"} 1`, `tandem_limit_remaining{connector="github",resource="core"} 4000`,
		`tandem_read_lag_seconds{connector="jira",stream="issues"} 60`, `tandem_build_info{go_version=`, `tandem_write_mode{mode="propose"} 1`,
		`tandem_lease_held{duty="jira"} 1`, `tandem_lease_held{duty="decide*"} 0`, `tandem_jobs{kind="poll",state="running"} 1`, `tandem_store_up 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if code != http.StatusOK || strings.Contains(text, "PAY-12") {
		t.Errorf("code %d, or a record is named:\n%s", code, text)
	}
}

func TestAStoreThatDoesNotAnswerIsTold(t *testing.T) {
	t.Parallel()
	m, s := world(t)
	s.err = errors.New("the disk is full of /secret/path")
	code, text := ask(t, m, "/metrics")
	if code != http.StatusOK || !strings.Contains(text, "tandem_store_up 0") || strings.Contains(text, "tandem_items") || !strings.Contains(text, "tandem_calls_total") {
		t.Errorf("code %d:\n%s", code, text)
	}
	if code, text := ask(t, m, "/readyz"); code != http.StatusServiceUnavailable || strings.Contains(text, "/secret") {
		t.Errorf("ready: %d %s", code, text)
	}
}

func TestTheStoreIsReadOnceForAllWhoAskAtATime(t *testing.T) {
	t.Parallel()
	m, s := world(t)
	for range 5 {
		ask(t, m, "/metrics")
		ask(t, m, "/readyz")
	}
	if s.asked != 1 {
		t.Errorf("the store was read %d times", s.asked)
	}
}

func TestReadySaysWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		streams []work.StreamStatus
		code    int
		causes  []string
	}{
		"read":     {[]work.StreamStatus{{Connector: "jira", Stream: "issues", LastRead: noon()}}, 200, nil},
		"failed":   {[]work.StreamStatus{{Connector: "jira", Failure: "https://x.example: 401"}}, 200, nil},
		"not read": {nil, 503, []string{"jira was not read yet"}},
	}
	for name, c := range cases {
		m, s := world(t)
		s.figures.Streams = c.streams
		code, text := ask(t, m, "/readyz")
		var a monitor.Answer
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		if code != c.code || !slices.Equal(a.Causes, c.causes) || strings.Contains(text, "example") {
			t.Errorf("%s: %d %s", name, code, text)
		}
	}
}

func TestWhatOnlyTakesDeliveriesIsNeverAwaited(t *testing.T) {
	t.Parallel()
	_, s := world(t)
	m := monitor.New(monitor.Config{Connectors: []string{"jira", "forms"}, Silent: []string{"forms"}, Store: s, Now: noon})
	s.figures.Streams = []work.StreamStatus{{Connector: "jira", Stream: "issues", LastRead: noon()}}
	if code, text := ask(t, m, "/readyz"); code != 200 {
		t.Errorf("%d %s", code, text)
	}
	in := healthy()
	in.Connectors = append(in.Connectors, monitor.Inspectable{Name: "forms", Every: time.Minute, Silent: true})
	in.Figures.Streams = append(in.Figures.Streams, work.StreamStatus{Connector: "forms", Stream: "deliveries", LastRead: noon().Add(-30 * 24 * time.Hour)})
	if got := monitor.Problems(in); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestHealthEndsWhereNothingMoves(t *testing.T) {
	t.Parallel()
	now := noon()
	m := monitor.New(monitor.Config{Now: func() time.Time { return now }, Quiet: time.Minute})
	for _, c := range []struct {
		after time.Duration
		move  bool
		code  int
	}{{59 * time.Second, false, 200}, {2 * time.Second, false, 503}, {0, true, 200}, {time.Hour, false, 503}} {
		now = now.Add(c.after)
		if c.move {
			m.Moved()
		}
		if code, text := ask(t, m, "/healthz"); code != c.code {
			t.Errorf("after %v: %d %s", c.after, code, text)
		}
	}
}

func TestClocksAreToldInSteps(t *testing.T) {
	t.Parallel()
	m := monitor.New(monitor.Config{Now: noon})
	for _, ahead := range []time.Duration{time.Second, -3 * time.Second} {
		m.Called(httpx.Call{Connector: "a", Ahead: ahead, Dated: true})
	}
	m.Called(httpx.Call{Connector: "b", Ahead: time.Hour + 4*time.Second, Dated: true})
	m.Called(httpx.Call{Connector: "c"})
	if got := m.Skews(); !maps.Equal(got, map[string]time.Duration{"a": 0, "b": time.Hour}) {
		t.Errorf("%v", got)
	}
}
