package digest_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/digest"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/secret"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// marker stands in everything that is restricted.
const marker = "zqx"

// monday is when the tests begin: 08:29 in Berlin.
func monday() time.Time { return time.Date(2026, 11, 23, 7, 29, 0, 0, time.UTC) }

const rulesText = `
people: {ana: {board: u-ana}, cy: {board: u-cy}}
teams: {pay: {roles: {pm: ana, po: cy}, places: {board: [PAY]}, capacity: {effort: 3, every: 2w}}}
fields:
  value: {owner: board, board: {field: value}}
  effort: {owner: board, board: {field: effort}}
  priority: {owner: tandem, from: tiers, board: {field: priority, values: {1: [Top], 2: [High], 3: [Mid], 4: [Low]}, default: [Mid]}}
  horizon: {owner: tandem, from: roadmap, board: {label: 'roadmap/{value}'}}
evidence: {link: [{tags: {asked: 'board:PAY-2'}}]}
rank: {method: expression, expression: 'item.value', order: [next], tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}, unknown: leave, band: 0%, dwell: 0d}
roadmap: {now: {capacity: 1}, next: {capacity: 1}, later: {}, band: 0%, dwell: 0d}
route: {labels: never, default: {accountable: pm, because: triage, within: 3d}}
`

func schema() work.Schema {
	return work.Schema{Kind: "board", Labels: true, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "done": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
		{Name: "value", Kind: work.Number},
		{Name: "effort", Kind: work.Number},
		{Name: "priority", Kind: work.Text, Writable: true},
	}}
}

// firm is a store with items in it, and digests about them.
type firm struct {
	testing.TB

	path  string
	db    *store.Store
	rules *engine.Rules
	log   *lockedBuffer
	clock *clockHand
}

// clockHand is a clock that tests move.
type clockHand struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clockHand) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clockHand) pass(d time.Duration) { c.set(c.Now().Add(d)) }

func (c *clockHand) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (f *firm) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// empty is the file of a new store: its tables are made once.
var empty = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "digest")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "tandem.db")
	db, err := store.Open(context.Background(), "sqlite:"+path, "acme-test", store.Options{Now: monday, Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// founded makes a firm without items.
func founded(tb testing.TB) *firm {
	tb.Helper()
	f := &firm{TB: tb, path: filepath.Join(tb.TempDir(), "tandem.db"), log: &lockedBuffer{}, clock: &clockHand{now: monday()}}
	file, err := empty()
	f.ok(err)
	f.ok(os.WriteFile(f.path, file, 0o600))
	f.open()
	_, err = f.db.Adopt(tb.Context()) // it is a copy
	f.ok(err)
	doc, found := config.ParseDocument("rules.yaml", []byte(rulesText))
	f.ok(found.Err())
	var spec engine.Spec
	f.ok(doc.Decode(&spec).Err())
	rules, problems := engine.Compile(spec, engine.Env{Schemas: map[string]work.Schema{"board": schema()}, Places: map[string][]string{"board": {"PAY"}}})
	f.ok(doc.Diagnose(problems).Err())
	f.rules = rules
	return f
}

func (f *firm) open() {
	f.Helper()
	db, err := store.Open(f.Context(), "sqlite:"+f.path, "acme-test", store.Options{Now: f.clock.Now, Log: slog.New(slog.DiscardHandler)})
	f.ok(err)
	f.db = db
	f.Cleanup(func() { _ = db.Close() })
}

// record is an issue of the board. One that is restricted has the marker in
// everything that it is made of.
func record(id string, value float64, audience work.Audience) work.Record {
	mark := ""
	if audience == work.Restricted {
		mark = marker
	}
	return work.Record{
		Ref: work.NewRef("board", mark+id, mark+"PAY-"+id), Place: "PAY", Audience: audience, Version: monday().Add(-time.Hour), Created: monday().Add(-24 * time.Hour),
		URL: "https://board.example/" + mark + "PAY-" + id,
		Fields: map[string]work.Value{
			"summary": work.NewText("Do " + mark + "PAY-" + id), "status_category": work.NewText("new"), "labels": work.NewList(mark + "label"),
			"value": work.NewNumber(value), "effort": work.NewNumber(1), "priority": work.Empty(),
		},
	}
}

// valued is a newer version of an issue.
func (f *firm) valued(id string, value float64, audience work.Audience) work.Record {
	r := record(id, value, audience)
	r.Version = f.clock.Now()
	return r
}

func (f *firm) read(records ...work.Record) {
	f.Helper()
	_, err := f.db.SavePage(f.Context(), "board", "issues", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Records: records}, nil)
	f.ok(err)
	f.decide()
}

// decide makes a run, as the daemon does.
func (f *firm) decide() {
	f.Helper()
	f.clock.pass(time.Millisecond)
	snapshot, err := f.db.Snapshot(f.Context(), f.clock.Now().Truncate(24*time.Hour))
	f.ok(err)
	outcome := engine.Evaluate(f.rules, snapshot)
	outcome.Gate(f.guard(), snapshot)
	last, known, err := f.db.LastMade(f.Context())
	f.ok(err)
	if known {
		if outcome.Stability = outcome.Compare(snapshot.Previous, last); outcome.Stability != nil {
			outcome.Stability.Attribute(f.rules, &outcome, nil, &snapshot, last)
		}
	}
	run := outcome.Run(snapshot.Seq, f.rules, "config")
	run.At, run.Seen = f.clock.Now(), snapshot.Seen()
	_, err = f.db.SaveRun(f.Context(), run)
	f.ok(err)
}

func (f *firm) guard() plan.Guard {
	return plan.Guard{Instance: work.Propose, BrakeEdits: -1, At: f.clock.Now()}
}

// opened makes a firm with issues of which one is public, some internal and
// some restricted; one of the internal ones has restricted feedback.
func opened(tb testing.TB) *firm {
	tb.Helper()
	f := founded(tb)
	f.read(record("1", 90, work.Internal), record("2", 70, work.Internal), record("3", 10, work.Public), record("4", 85, work.Restricted), record("5", 75, work.Restricted), record("6", 5, work.Internal))
	heard := work.Feedback{
		Ref: work.NewRef("voices", marker+"f", marker+"f"), Text: marker + " says", Person: marker + "p", Account: marker + "a", Tags: []string{"asked"},
		At: monday().Add(-time.Hour), Audience: work.Restricted, Version: monday(), Kind: "request", Method: work.Interview,
	}
	_, err := f.db.SavePage(tb.Context(), "voices", "feedback", connectors.Page{Done: true, Cursor: connectors.Cursor("{}"), Feedback: []work.Feedback{heard}},
		[][]evidence.Link{f.rules.Evidence().Link(&heard)})
	f.ok(err)
	f.decide()
	return f
}

func (f *firm) desk() *view.Desk {
	return view.New(view.Config{
		Store: f.db, Rules: f.rules, Guard: f.guard, Closed: func() []plan.Closure { return nil },
		Who: func(_, id string) string { return id }, Wake: func() {}, Now: f.clock.Now, Version: "test",
	})
}

// spec is a digest for the product manager of the team, every day at 08:30.
func spec(tb testing.TB) digest.Spec {
	tb.Helper()
	return digest.Spec{
		Name: "pm pay", Role: "pm", Team: "pay", Audience: work.Internal, Template: digest.Shipped(),
		Schedule: digest.Schedule{At: clock(tb, "08:30"), Zone: zone(tb, "Europe/Berlin")},
		To:       digest.To{Way: digest.ToSlack, Address: secret.FromText("https://hooks.example/" + marker + "secret")},
	}
}

// outbox takes what is sent. It answers with what is told to it, once each.
type outbox struct {
	mu      sync.Mutex
	sent    []*digest.Message
	answers []error
	during  func()
}

func (o *outbox) send(_ context.Context, m *digest.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.during != nil {
		o.during()
	}
	if len(o.answers) > 0 {
		err := o.answers[0]
		o.answers = o.answers[1:]
		return err
	}
	o.sent = append(o.sent, m)
	return nil
}

// count returns how many were sent.
func (o *outbox) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.sent)
}

// last returns the text that was sent last.
func (o *outbox) last() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.sent) == 0 {
		return ""
	}
	return o.sent[len(o.sent)-1].Text.String()
}

func (f *firm) sender(out *outbox, specs ...digest.Spec) *digest.Sender {
	f.Helper()
	return digest.New(digest.Config{
		Specs: specs, Store: f.db, Desk: f.desk(), Send: out.send, Instance: "acme-test", Now: f.clock.Now,
		Log: slog.New(slog.NewTextHandler(io.Writer(f.log), &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
}

// state returns what became of the last digest.
func (f *firm) state() work.DigestEntry {
	f.Helper()
	all, err := f.db.Digests(f.Context())
	f.ok(err)
	if len(all) == 0 {
		return work.DigestEntry{}
	}
	return all[0]
}
