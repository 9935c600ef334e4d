package web_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/web"
	"tandem/internal/work"
	"tandem/mapping/evidence"
	"tandem/scheduler"
)

// marker stands in everything that is restricted.
const marker = "zqx"

// hostile is a title that would do harm where it is not escaped.
const hostile = `<img src=x onerror=alert(1)>"'</script><script>alert(2)</script>{{.}}`

// noon is when the tests are: a Monday.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

const rulesText = `
people: {ana: {jira: u-ana}, cy: {jira: u-cy}}
teams:
  pay: {roles: {pm: ana, po: cy}, places: {jira: [PAY], github: [acme/pay]}, capacity: {effort: 6, every: 2w}}
  ops: {roles: {pm: cy, po: cy}, places: {jira: [OPS]}, capacity: {effort: 10, every: 2w}}
fields:
  value: {owner: jira, jira: {field: customfield_value}}
  effort: {owner: jira, jira: {field: customfield_effort}}
  theme: {owner: jira, jira: {field: customfield_theme}}
  priority: {owner: tandem, from: tiers, jira: {field: priority, values: {1: [Top], 2: [High], 3: [Mid], 4: [Low]}, default: [Mid]}}
  horizon: {owner: tandem, jira: {label: 'roadmap/{value}'}}
  rank: {owner: tandem, jira: {backlog: true}}
twins: {join: [{key_at_start_of: github.title}]}
evidence: {link: [{tags: {asked: 'jira:PAY-2', export: 'jira:PAY-1'}}]}
goals:
  keep_exporters: {measure: export errors per week, target: '< 10', period: 2026-Q4, weight: 2, themes: [export]}
readiness:
  - {if: 'item.effort == unknown', because: 'no estimate'}
rank:
  why: {method: expression, expression: 'item.value ?? 40'}
  next: {method: expression, expression: '100 - 5 * (item.effort ?? 10)'}
  order: [horizon, next, why]
  tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}
  unknown: leave
  band: 0%
  dwell: 0d
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route:
  labels: never
  default: {accountable: pm, because: triage, within: 3d}
  routes:
    - {if: 'item.kind == "bug" && item.effort <= 2', accountable: po, because: 'small bug, at once'}
    - {if: 'item.kind == "epic" && item.goal == unknown', accountable: pm, because: 'epic without a goal'}
`

func schemas() map[string]work.Schema {
	jira := work.Schema{Kind: "jira", Labels: true, MaxLabel: 255, Features: []string{"backlog", "mark", "touched"}, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "description", Kind: work.Text, Shared: work.Body},
		{Name: "issuetype", Kind: work.Text, Shared: work.Type, Values: map[string]string{"Bug": "bug", "Story": "story", "Epic": "epic", "Task": "task"}},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "indeterminate": "doing", "done": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
		{Name: "priority", Kind: work.Text, Writable: true},
		{Name: "customfield_*", Writable: true},
		{Name: work.NativeSprint, Kind: work.Text, Shared: work.Sprint},
		{Name: work.NativeSprintState, Kind: work.Text},
		{Name: "blocked_by", Kind: work.List, Shared: work.Dependencies},
	}}
	github := work.Schema{Kind: "github", Labels: true, MaxLabel: 50, LabelSpaces: true, LabelsFold: true, Fields: []work.NativeField{
		{Name: "title", Kind: work.Text, Shared: work.Title},
		{Name: "state", Kind: work.Text, Shared: work.Status, Values: map[string]string{"open": "todo", "closed": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
	}}
	return map[string]work.Schema{"jira": jira, "github": github}
}

// office is a store with a plan in it, and the pages on top.
type office struct {
	testing.TB

	db    *store.Store
	rules *engine.Rules
	guard plan.Guard
	web   *web.Web
	log   *bytes.Buffer
	// desk and pages may be changed before serve is called.
	desk  view.Config
	pages web.Config

	mu   sync.Mutex
	now  time.Time
	woke int
}

func (o *office) ok(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// issue is an issue in Jira. One that is restricted has the marker in
// everything that it is made of. Fields are changed afterwards.
func issue(key string, audience work.Audience, fields map[string]work.Value) work.Record {
	mark := ""
	if audience == work.Restricted {
		mark = marker
	}
	place, id, _ := strings.Cut(key, "-")
	r := work.Record{
		Ref: work.NewRef("jira", mark+place+id, mark+key), Place: place, Audience: audience, Version: noon().Add(-time.Hour), Created: noon().Add(-24 * time.Hour),
		URL: "https://jira.example/browse/" + mark + key,
		Fields: map[string]work.Value{
			"summary": work.NewText("Do " + mark + key), "issuetype": work.NewText("Story"), "status_category": work.NewText("new"),
			"labels": work.NewList(mark + "label"), work.NativeSprintState: work.Empty(), "priority": work.Empty(),
		},
	}
	maps.Copy(r.Fields, fields)
	return r
}

// sized are the fields that ranking reads.
func sized(value, effort float64) map[string]work.Value {
	return map[string]work.Value{"customfield_value": work.NewNumber(value), "customfield_effort": work.NewNumber(effort)}
}

// with adds a field.
func with(fields map[string]work.Value, name string, v work.Value) map[string]work.Value {
	fields[name] = v
	return fields
}

// twin is an issue on GitHub of the same work.
func twin(number, key string, audience work.Audience) work.Record {
	return work.Record{
		Ref: work.NewRef("github", "g"+number, "acme/pay#"+number), Place: "acme/pay", Audience: audience, Version: noon().Add(-time.Hour), Created: noon().Add(-20 * time.Hour),
		URL:    "https://github.example/acme/pay/issues/" + number,
		Fields: map[string]work.Value{"title": work.NewText(key + ": do it"), "state": work.NewText("open"), "labels": work.Empty()},
	}
}

// chosen is an issue of which a person set the priority.
func chosen(r work.Record, priority, by string) work.Record {
	r.Fields["priority"] = work.NewText(priority)
	r.Touched = map[string]work.Touch{"priority": {By: by, At: noon().Add(-2 * time.Hour)}}
	return r
}

// opened makes an office of two teams: issues of which one is public, some
// internal and some restricted; one of the internal ones has restricted
// feedback, one a title that would do harm.
func opened(tb testing.TB) *office {
	tb.Helper()
	o := foundedOn(tb, rulesText)
	o.read("jira",
		issue("PAY-1", work.Internal, with(sized(90, 2), "customfield_theme", work.NewText("export"))),
		issue("PAY-2", work.Internal, sized(70, 3)),
		issue("PAY-3", work.Public, sized(10, 4)),
		issue("PAY-4", work.Restricted, sized(85, 1)),
		chosen(issue("PAY-5", work.Restricted, sized(75, 2)), "Low", marker+"u-cy"),
		chosen(issue("PAY-6", work.Internal, sized(5, 12)), "Top", "u-ana"),
		issue("PAY-7", work.Internal, map[string]work.Value{"issuetype": work.NewText("Epic"), "customfield_value": work.NewNumber(60)}),
		issue("PAY-8", work.Internal, with(sized(50, 5), "summary", work.NewText(hostile))),
		issue("OPS-1", work.Internal, sized(30, 8)),
		issue("OPS-2", work.Internal, with(sized(30, 8), "status_category", work.NewText("done"))))
	o.read("github", twin("1", "PAY-1", work.Internal), twin("3", "PAY-3", work.Public))
	_, err := o.db.SavePage(o.Context(), "jira", "rank", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Orders: []work.Order{
		{Scope: "PAY", IDs: []string{"PAY6", "PAY3", marker + "PAY4", marker + "PAY5", "PAY2", "PAY1", "PAY7", "PAY8"}},
		{Scope: "OPS", IDs: []string{"OPS1"}},
	}}, nil)
	o.ok(err)
	o.hear(
		work.Feedback{
			Ref: work.NewRef("voices", marker+"f", marker+"f"), Text: marker + " says", Person: marker + "p", Account: marker + "a", Tags: []string{"asked"},
			At: noon().Add(-time.Hour), Audience: work.Restricted, Version: noon(), Kind: "request", Method: work.Interview,
		},
		work.Feedback{
			Ref: work.NewRef("voices", "f1", "f1"), Text: "The export drops rows", Person: "kim", Account: "Globex", Segment: "enterprise", Tags: []string{"export"},
			At: noon().AddDate(0, 0, -8), Audience: work.Internal, Version: noon(), Kind: "request", Method: work.Interview,
		})
	o.decide()
	o.serve()
	return o
}

// foundedOn makes an office with rules of its own, in which nothing was read
// yet and nothing is served.
func foundedOn(tb testing.TB, text string) *office {
	tb.Helper()
	o := &office{TB: tb, now: noon(), log: &bytes.Buffer{}}
	db, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "tandem.db"), "acme-test", store.Options{Now: o.clock})
	o.ok(err)
	o.db = db
	tb.Cleanup(func() { _ = db.Close() })
	doc, found := config.ParseDocument("rules.yaml", []byte(text))
	if len(found) > 0 {
		tb.Fatal(found)
	}
	var spec engine.Spec
	if found := doc.Decode(&spec); len(found) > 0 {
		tb.Fatal(found)
	}
	places := map[string][]string{"jira": {"PAY", "OPS"}, "github": {"acme/pay"}}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: schemas(), Places: places})
	if len(problems) > 0 {
		tb.Fatal(doc.Diagnose(problems))
	}
	o.rules = rules
	o.guard = plan.Guard{Instance: work.Propose, BrakeEdits: -1, At: noon()}
	o.desk = view.Config{
		Store: db, Rules: rules, Guard: func() plan.Guard { return o.guard }, Closed: func() []plan.Closure { return nil },
		Remake: o.remake, Who: func(_, id string) string { return id }, Wake: func() { o.woke++ },
		Leases: func(context.Context) ([]work.Lease, error) {
			return []work.Lease{{Duty: "jira", Node: "n1", Token: 1, Expires: noon()}}, nil
		},
		Now: o.clock, Version: "test",
	}
	o.pages = web.Config{
		Who: whoOf, Token: func(context.Context) string { return csrf },
		Instance: "acme-test", Version: "test", Log: slog.New(slog.NewTextHandler(o.log, nil)), Now: o.clock,
	}
	return o
}

func (o *office) read(connector string, records ...work.Record) {
	o.Helper()
	_, err := o.db.SavePage(o.Context(), connector, "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Records: records}, nil)
	o.ok(err)
}

// hear stores feedback.
func (o *office) hear(all ...work.Feedback) {
	o.Helper()
	links := make([][]evidence.Link, len(all))
	for i := range all {
		links[i] = o.rules.Evidence().Link(&all[i])
	}
	_, err := o.db.SavePage(o.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: all}, links)
	o.ok(err)
}

// decide makes a run, as the daemon does.
func (o *office) decide() engine.Run {
	o.Helper()
	snapshot, err := o.db.Snapshot(o.Context(), o.clock().Truncate(24*time.Hour))
	o.ok(err)
	outcome := engine.Evaluate(o.rules, snapshot)
	outcome.Gate(o.guard, snapshot)
	outcome.Stability, err = scheduler.Compare(o.Context(), o.db, o.rules, &snapshot, &outcome)
	o.ok(err)
	run := outcome.Run(snapshot.Seq, o.rules, "config")
	run.At, run.Seen = o.clock(), snapshot.Seen()
	run.Seq, err = o.db.SaveRun(o.Context(), run)
	o.ok(err)
	return run
}

func (o *office) remake(ctx context.Context, run engine.Run) (view.Remade, error) {
	snapshot, err := o.db.SnapshotOf(ctx, run)
	if err != nil {
		return view.Remade{}, err
	}
	outcome := engine.Evaluate(o.rules, snapshot)
	outcome.Plan = run.Plan
	return view.Remade{Outcome: &outcome, Rules: o.rules}, nil
}

// serve opens the pages.
func (o *office) serve() {
	o.Helper()
	o.pages.Desk = view.New(o.desk)
	pages, err := web.New(o.pages)
	o.ok(err)
	o.web = pages
}
