package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/api"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/secret"
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
people: {ana: {board: u-ana}}
teams: {pay: {roles: {pm: ana, po: ana}, places: {board: [PAY]}, capacity: {effort: 6, every: 2w}}}
fields:
  value: {owner: board, board: {field: value}}
  priority: {owner: tandem, from: tiers, board: {field: priority, values: {1: [Top], 2: [High], 3: [Mid], 4: [Low]}, default: [Mid]}}
  rank: {owner: tandem, board: {backlog: true}}
evidence: {link: [{tags: {asked: 'board:PAY-2'}}]}
rank: {method: expression, expression: 'item.value', order: [next], tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}, unknown: leave, band: 0%, dwell: 0d}
route: {labels: never, default: {accountable: pm, because: triage, within: 3d}}
`

func schema() work.Schema {
	return work.Schema{Kind: "board", Labels: true, Features: []string{"backlog"}, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "done": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
		{Name: "value", Kind: work.Number},
		{Name: "effort", Kind: work.Number},
		{Name: "priority", Kind: work.Text, Writable: true},
		{Name: work.NativeSprintState, Kind: work.Text},
	}}
}

// office is a store with a plan in it, and an API on top.
type office struct {
	testing.TB

	db    *store.Store
	rules *engine.Rules
	guard plan.Guard
	api   *api.API
	doc   *openapi3.T
	book  *http.ServeMux // finds what is described
	found *openapi3filter.RequestValidationInput
	log   *bytes.Buffer

	mu   sync.Mutex
	now  time.Time
	woke int
	// undo carries out what clients order; patience is of the answers.
	undo     func(context.Context, work.Commission) (view.Undone, error)
	patience time.Duration
	// asked are the operations that tests used.
	asked map[string]bool
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

// token is that of a client.
func token(name string) string { return name + "-" + strings.Repeat("0123456789abcdef", 2) }

func tokens() []api.Token {
	all := []api.Token{}
	for _, audience := range []work.Audience{work.Public, work.Internal, work.Restricted} {
		for _, role := range []view.Role{view.Viewer, view.Approver, view.Admin} {
			name := audience.String() + "-" + role.String()
			all = append(all, api.Token{Name: name, Secret: secret.FromText(token(name)), Role: role, Audience: audience})
		}
	}
	return all
}

// record is an issue of the board. One that is restricted has the marker in
// everything that it is made of.
func record(id, key string, value float64, audience work.Audience) work.Record {
	mark := ""
	if audience == work.Restricted {
		mark = marker
	}
	return work.Record{
		Ref: work.NewRef("board", mark+id, mark+key), Place: "PAY", Audience: audience, Version: noon().Add(-time.Hour), Created: noon().Add(-24 * time.Hour),
		URL: "https://board.example/" + mark + key,
		Fields: map[string]work.Value{
			"summary": work.NewText("Do " + mark + key), "status_category": work.NewText("new"), "labels": work.NewList(mark + "label"),
			"value": work.NewNumber(value), work.NativeSprintState: work.Empty(), "priority": work.Empty(),
		},
	}
}

// chosen is an issue of which a person set the priority.
func chosen(r work.Record, priority, by string) work.Record {
	r.Fields["priority"] = work.NewText(priority)
	r.Touched = map[string]work.Touch{"priority": {By: by}}
	return r
}

// opened makes an office: issues of which one is public, some internal, and
// some restricted; one of the internal ones has restricted feedback.
func opened(tb testing.TB) *office {
	tb.Helper()
	o := founded(tb)
	o.fill()
	return o
}

// foundedOn makes an office with other rules.
func foundedOn(tb testing.TB, text string) *office {
	tb.Helper()
	o := &office{TB: tb, now: noon(), asked: map[string]bool{}, log: &bytes.Buffer{}}
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
	rules, problems := engine.Compile(spec, engine.Env{Schemas: map[string]work.Schema{"board": schema()}, Places: map[string][]string{"board": {"PAY"}}})
	if len(problems) > 0 {
		tb.Fatal(doc.Diagnose(problems))
	}
	o.rules = rules
	o.guard = plan.Guard{Instance: work.Propose, BrakeEdits: -1, At: noon()}
	return o
}

func (o *office) fill() {
	o.Helper()
	o.read(record("1", "PAY-1", 90, work.Internal), record("2", "PAY-2", 70, work.Internal), record("3", "PAY-3", 10, work.Public), record("4", "PAY-4", 85, work.Restricted),
		chosen(record("5", "PAY-5", 75, work.Restricted), "Low", marker+"u-cy"), chosen(record("6", "PAY-6", 5, work.Internal), "Top", "u-ana"))
	_, err := o.db.SavePage(o.Context(), "board", "rank", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Orders: []work.Order{
		{Scope: "PAY", IDs: []string{"6", "3", marker + "4", marker + "5", "2", "1"}},
	}}, nil)
	o.ok(err)
	heard := work.Feedback{
		Ref: work.NewRef("voices", marker+"f", marker+"f"), Text: marker + " says", Person: marker + "p", Account: marker + "a", Tags: []string{"asked"},
		At: noon().Add(-time.Hour), Audience: work.Restricted, Version: noon(), Kind: "request", Method: work.Interview,
	}
	_, err = o.db.SavePage(o.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: []work.Feedback{heard}},
		[][]evidence.Link{o.rules.Evidence().Link(&heard)})
	o.ok(err)
	o.decide()
	o.serve(tokens())
}

func (o *office) read(records ...work.Record) {
	o.Helper()
	_, err := o.db.SavePage(o.Context(), "board", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Records: records}, nil)
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

func (o *office) config(clients []api.Token) api.Config {
	return api.Config{Desk: o.desk(), Tokens: clients, Listen: "127.0.0.1:8080", Log: slog.New(slog.NewTextHandler(o.log, nil)), Now: o.clock}
}

func (o *office) desk() *view.Desk {
	return view.New(view.Config{
		Store: o.db, Rules: o.rules, Guard: func() plan.Guard { return o.guard }, Closed: func() []plan.Closure { return nil },
		Remake: o.remake, Who: func(_, id string) string { return id }, Wake: func() { o.woke++; o.carry() },
		Leases: func(context.Context) ([]work.Lease, error) {
			return []work.Lease{{Duty: "board", Node: "n1", Token: 1, Expires: noon()}}, nil
		},
		Now: o.clock, Version: "test", Orders: o.orders(), Patience: o.patience, WhatIf: o.whatIf,
	})
}

// whatIf compares with rules that ask for less.
func (o *office) whatIf(ctx context.Context, order view.WhatIfOrder) (view.WhatIfFound, error) {
	doc, found := config.ParseDocument("rules", []byte(order.Rules))
	var spec engine.Spec
	if found = append(found, doc.Decode(&spec)...); len(found) > 0 {
		return view.WhatIfFound{}, view.MistakesError{Text: found.Error()}
	}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: map[string]work.Schema{"board": schema()}, Places: map[string][]string{"board": {"PAY"}}})
	if len(problems) > 0 {
		return view.WhatIfFound{}, view.MistakesError{Text: doc.Diagnose(problems).Error()}
	}
	snapshot, err := o.db.Snapshot(ctx, o.clock().Truncate(24*time.Hour))
	then, now := engine.Evaluate(o.rules, snapshot), engine.Evaluate(rules, snapshot)
	return view.WhatIfFound{WhatIf: now.WhatIf(rules, &then, o.rules, &snapshot), AsOf: now.AsOf, Requests: map[string]int{}}, err
}

// orders are those of the store, where somebody carries them out.
func (o *office) orders() view.Orders {
	if o.undo == nil {
		return nil
	}
	return o.db
}

// carry carries out the order that waits, as a node does.
func (o *office) carry() {
	order, found, err := o.db.TakeCommission(o.Context())
	if err != nil || !found {
		return
	}
	go func() {
		done, refused := o.undo(o.Context(), order)
		if done.Hash == "" && refused == nil {
			done.Hash = done.Errand.Hash()
		}
		told, err := view.Tell(&order, &done, refused, func(_, id string) string { return id })
		if err == nil {
			_, err = o.db.EndCommission(o.Context(), order.ID, told)
		}
		if err != nil {
			o.Error(err)
		}
	}()
}

func (o *office) serve(clients []api.Token) {
	o.Helper()
	server, err := api.New(o.config(clients))
	o.ok(err)
	o.api = server
	if o.doc == nil {
		o.doc, err = description()
		o.ok(err)
		o.index()
	}
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

// reply is what came back.
type reply struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

// list returns a list of the body.
func (r reply) list(name string) []map[string]any {
	all := []map[string]any{}
	for _, e := range r.body[name].([]any) {
		all = append(all, e.(map[string]any))
	}
	return all
}

func (o *office) get(client, path string) reply { o.Helper(); return o.ask(client, "GET", path, "") }

func (o *office) post(client, path, body string) reply {
	o.Helper()
	return o.ask(client, "POST", path, body)
}

// ask sends a request and compares it and the answer with the description.
func (o *office) ask(client, method, path, body string) reply {
	o.Helper()
	req := httptest.NewRequestWithContext(o.Context(), method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	if client != "" {
		req.Header.Set("Authorization", "Bearer "+token(client))
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	return o.send(req, body)
}

func (o *office) send(req *http.Request, body string) reply {
	o.Helper()
	own := req.Clone(o.Context())
	own.Body = io.NopCloser(strings.NewReader(body))
	w := httptest.NewRecorder()
	o.api.ServeHTTP(w, req)
	r := reply{status: w.Code, header: w.Header(), text: w.Body.String()}
	if w.Header().Get("Content-Type") != "application/yaml" {
		o.ok(json.Unmarshal(w.Body.Bytes(), &r.body))
	}
	o.found = nil
	if o.book.ServeHTTP(httptest.NewRecorder(), own); o.found == nil {
		return r // strangers have no description
	}
	input := o.found
	o.asked[own.Method+" "+input.Route.Path] = true
	options := &openapi3filter.Options{MultiError: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, RejectWhenRequestBodyNotSpecified: true}
	input.Options = options
	if err := openapi3filter.ValidateRequest(o.Context(), input); err != nil && r.status < 400 {
		o.Errorf("%s %s was taken and is not as described: %v", req.Method, req.URL, err)
	}
	err := openapi3filter.ValidateResponse(o.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: r.status, Header: r.header, Body: io.NopCloser(strings.NewReader(r.text)), Options: options,
	})
	if err != nil {
		o.Errorf("%s %s: the answer %d is not as described: %v\n%s", req.Method, req.URL, r.status, err, r.text)
	}
	return r
}

// problem checks that the answer is a problem with a remedy.
func (o *office) problem(r reply, status int, kind string) {
	o.Helper()
	if r.status != status || r.header.Get("Content-Type") != "application/problem+json" || r.body["type"] != "urn:tandem:problem:"+kind || r.body["remedy"] == "" {
		o.Errorf("answered %d %s, want %d %s with a remedy", r.status, r.text, status, kind)
	}
}
