package view_test

import (
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
	"tandem/scheduler"

	"tandem/mapping/evidence"
)

// marker stands in everything that is restricted.
const marker = "zqx"

// noon is when the tests are.
func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

const rulesText = `
people: {ana: {board: u-ana}, cy: {board: u-cy}}
teams:
  pay: {roles: {pm: ana, po: cy}, places: {board: [PAY]}, capacity: {effort: 6, every: 2w}}
  web: {roles: {pm: ana, po: ana}, places: {board: [WEB]}}
fields:
  value: {owner: board, board: {field: value}}
  effort: {owner: board, board: {field: effort}}
  theme: {owner: board, board: {field: theme}}
  acceptance: {owner: board, board: {field: acceptance}}
  priority: {owner: tandem, from: tiers, board: {field: priority, values: {1: [Top], 2: [High], 3: [Mid], 4: [Low]}, default: [Mid]}}
evidence: {link: [{tags: {asked: 'board:PAY-2'}}]}
goals:
  exporters: {measure: export errors per week, target: '< 10', period: 2026-Q4, weight: 2, themes: [export]}
  growth: {measure: new accounts, target: '100'}
readiness: [{if: 'item.effort == unknown', because: nobody estimated it}]
rank: {method: expression, expression: 'item.value', order: [next], tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}, unknown: leave, band: 0%, dwell: 0d}
route: {labels: never, default: {accountable: pm, because: triage, within: 3d}}
`

func schema() work.Schema {
	return work.Schema{Kind: "board", Labels: true, Features: []string{"backlog"}, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "kind", Kind: work.Text, Shared: work.Type},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "done": "done"}},
		{Name: "needs", Kind: work.List, Shared: work.Dependencies},
		{Name: "value", Kind: work.Number},
		{Name: "effort", Kind: work.Number},
		{Name: "theme", Kind: work.Text},
		{Name: "acceptance", Kind: work.Text},
		{Name: "priority", Kind: work.Text, Writable: true},
	}}
}

// house is a store with a plan in it, and a desk on top.
type house struct {
	testing.TB

	db    *store.Store
	rules *engine.Rules
	desk  *view.Desk
	conf  view.Config

	mu   sync.Mutex
	now  time.Time
	woke int
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.woke++
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// built makes a house in which nothing was read yet.
func built(tb testing.TB, text string) *house {
	tb.Helper()
	h := &house{TB: tb, now: noon()}
	db, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "tandem.db"), "acme-test", store.Options{Now: h.clock})
	h.ok(err)
	h.db = db
	tb.Cleanup(func() { _ = db.Close() })
	doc, found := config.ParseDocument("rules.yaml", []byte(text))
	var spec engine.Spec
	if found = append(found, doc.Decode(&spec)...); len(found) > 0 {
		tb.Fatal(found)
	}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: map[string]work.Schema{"board": schema()}, Places: map[string][]string{"board": {"PAY", "WEB"}}})
	if len(problems) > 0 {
		tb.Fatal(doc.Diagnose(problems))
	}
	h.rules = rules
	h.conf = view.Config{
		Store: h.db, Rules: rules, Guard: h.guard, Closed: func() []plan.Closure { return nil }, Remake: h.remake,
		Who: func(_, id string) string { return strings.TrimPrefix(id, "u-") }, Wake: h.wake, Now: h.clock, Version: "test",
	}
	h.desk = view.New(h.conf)
	return h
}

func (h *house) guard() plan.Guard {
	return plan.Guard{Instance: work.Propose, BrakeEdits: -1, At: h.clock()}
}

func (h *house) remake(ctx context.Context, run engine.Run) (view.Remade, error) {
	snapshot, err := h.db.SnapshotOf(ctx, run)
	if err != nil {
		return view.Remade{}, err
	}
	outcome := engine.Evaluate(h.rules, snapshot)
	outcome.Plan = run.Plan
	return view.Remade{Outcome: &outcome, Rules: h.rules, Snapshot: &snapshot}, nil
}

// issue is one of the board; what is restricted has the marker in everything
// that it is made of. key is of one that is not, such as PAY-1.
func issue(key string, value float64, audience work.Audience, more map[string]work.Value) work.Record {
	mark := ""
	if audience == work.Restricted {
		mark = marker
	}
	place, _, _ := strings.Cut(key, "-")
	r := work.Record{
		Ref: work.NewRef("board", mark+strings.ToLower(key), mark+key), Place: place, Audience: audience, Version: noon().Add(-time.Hour), Created: noon().Add(-24 * time.Hour),
		URL: "https://board.example/" + mark + key,
		Fields: map[string]work.Value{
			"summary": work.NewText("Do " + mark + key), "kind": work.NewText("story"), "status_category": work.NewText("new"), "needs": work.Empty(),
			"value": work.NewNumber(value), "effort": work.Empty(), "theme": work.Empty(), "acceptance": work.Empty(), "priority": work.Empty(),
		},
	}
	maps.Copy(r.Fields, more)
	return r
}

type fields = map[string]work.Value

// furnished is a house with issues of two teams: PAY-2 has feedback that is
// restricted, PAY-3 is public, PAY-4 and PAY-5 are restricted, PAY-7 is done.
func furnished(tb testing.TB) *house {
	tb.Helper()
	h := built(tb, rulesText)
	text, number := work.NewText, work.NewNumber
	h.read(
		issue("PAY-1", 90, work.Internal, fields{"effort": number(4), "theme": text("export"), "needs": work.NewList("PAY-6", marker+"PAY-4")}),
		issue("PAY-2", 70, work.Internal, fields{"effort": number(2), "theme": text("export")}),
		issue("PAY-3", 10, work.Public, fields{"kind": text("epic"), "summary": text("Größe der EXPORTE")}),
		issue("PAY-4", 85, work.Restricted, fields{"effort": number(1), "theme": text("export")}),
		issue("PAY-5", 75, work.Restricted, fields{"kind": text("epic")}),
		issue("PAY-6", 5, work.Internal, fields{"effort": number(3), "kind": text("epic"), "theme": text("export")}),
		issue("PAY-7", 50, work.Internal, fields{"status_category": text("done"), "acceptance": text("waiting")}),
		issue("PAY-8", 50, work.Restricted, fields{"status_category": text("done"), "acceptance": text("waiting")}),
		issue("PAY-9", 12, work.Internal, fields{"effort": number(1), "summary": text("Faster invoices for everybody")}),
		issue("WEB-1", 60, work.Public, fields{"effort": number(1)}),
	)
	h.say(work.Restricted, marker+" says", "asked")
	h.decide()
	return h
}

func (h *house) read(records ...work.Record) {
	h.Helper()
	_, err := h.db.SavePage(h.Context(), "board", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Records: records}, nil)
	h.ok(err)
}

// say stores a feedback. The first word of what is said is its id.
func (h *house) say(audience work.Audience, text string, tags ...string) {
	h.Helper()
	id, _, _ := strings.Cut(text, " ")
	heard := work.Feedback{
		Ref: work.NewRef("voices", id, id), Text: text, Person: id + "-person", Account: id + "-account", Tags: tags,
		At: noon().Add(-time.Hour), Audience: audience, Version: noon(), Kind: "request", Method: work.Interview, Language: "en",
	}
	_, err := h.db.SavePage(h.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: []work.Feedback{heard}},
		[][]evidence.Link{h.rules.Evidence().Link(&heard)})
	h.ok(err)
}

// decide makes a run, as the daemon does.
func (h *house) decide() {
	h.Helper()
	snapshot, err := h.db.Snapshot(h.Context(), h.clock().Truncate(24*time.Hour))
	h.ok(err)
	outcome := engine.Evaluate(h.rules, snapshot)
	outcome.Gate(h.guard(), snapshot)
	outcome.Stability, err = scheduler.Compare(h.Context(), h.db, h.rules, &snapshot, &outcome)
	h.ok(err)
	run := outcome.Run(snapshot.Seq, h.rules, "config")
	run.At, run.Seen = h.clock(), snapshot.Seen()
	_, err = h.db.SaveRun(h.Context(), run)
	h.ok(err)
}

// visit lets somebody in: an approver of an audience.
func (h *house) visit(audience work.Audience) *view.Visit {
	return h.desk.Visit(h.Context(), view.Who{Name: "web:" + audience.String(), Role: view.Approver, Audience: audience, Person: "ana"})
}

// safe checks that nothing restricted is in what a visitor is told, and that
// the one who sees everything is told of it where planted says so.
func (h *house) safe(what string, planted bool, tell func(*view.Visit) (any, error)) {
	h.Helper()
	for _, audience := range []work.Audience{work.UnknownAudience, work.Public, work.Internal, work.Restricted} {
		told, err := tell(h.visit(audience))
		h.ok(err)
		text, err := json.Marshal(told)
		h.ok(err)
		has := strings.Contains(strings.ToLower(string(text)), marker)
		if audience != work.Restricted && has || audience == work.Restricted && has != planted {
			h.Errorf("%s for %s: the marker is there: %t, want %t\n%s", what, audience, has, audience == work.Restricted && planted, text)
		}
	}
}

func same(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
