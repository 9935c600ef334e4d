package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

// board is a service in memory that has issues and one backlog, PAY.
type board struct {
	mu     sync.Mutex
	issues map[string]*boardIssue
	order  []string
	moved  []work.Moved
	// told: the history names who moved what.
	told bool
	// shows is what a search shows instead of the order; nil where it is fresh.
	shows []string
	// shy: an order is shown only where it changed since the cursor.
	shy bool
	// sends is asked before each request.
	sends func(batch []work.Edit) fate
	// unread: records cannot be read by id.
	unread bool
	// sent are the edits that took effect.
	sent []string
	// after is the order that Tandem left behind, by the one that it expected.
	after map[string]string
	size  int // of a batch
}

// fate is what becomes of a request: the zero value is that all goes well.
type fate struct {
	state  work.ResultState // of all its edits
	effect bool             // it is done all the same
	until  time.Time
}

type boardIssue struct {
	value   float64
	sprint  string
	labels  []string
	prio    string
	version time.Time
}

func (b *board) record(id string) work.Record {
	i := b.issues[id]
	fields := map[string]work.Value{
		"summary": work.NewText("Do " + id), "status_category": work.NewText("new"), "labels": work.NewList(i.labels...),
		"value": work.NewNumber(i.value), work.NativeSprintState: work.Empty(), "priority": work.NewText(i.prio),
	}
	if i.sprint != "" {
		fields[work.NativeSprintState] = work.NewText(i.sprint)
	}
	return work.Record{
		Ref: work.NewRef("board", id, "PAY-"+id), Place: "PAY", Audience: work.Internal, Version: i.version,
		Created: monday().Add(-24 * time.Hour), Fields: fields,
	}
}

// Pages shows everything; an order that did not change only if it is not shy.
func (b *board) Pages(_ context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		b.mu.Lock()
		page := connectors.Page{Cursor: connectors.Cursor("{}"), Done: true}
		if stream == "rank" {
			order := work.Order{Scope: "PAY", IDs: slices.Clone(b.order)}
			if b.shows != nil {
				order.IDs = slices.Clone(b.shows)
			}
			if b.told {
				order.Moved = slices.Clone(b.moved)
			}
			seen := fmt.Sprintf("%q", fmt.Sprint(order))
			if page.Cursor = connectors.Cursor(seen); !b.shy || seen != string(from) {
				page.Orders = []work.Order{order}
			}
		} else {
			for id := range b.issues {
				page.Records = append(page.Records, b.record(id))
			}
		}
		b.mu.Unlock()
		yield(page, nil)
	}
}

// Read shows what there is now.
func (b *board) Read(_ context.Context, refs []work.Ref) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		if b.unread {
			yield(connectors.Page{}, errors.New("out of order"))
			return
		}
		b.mu.Lock()
		var page connectors.Page
		for _, r := range refs {
			page.Records = append(page.Records, b.record(r.ID))
		}
		b.mu.Unlock()
		yield(page, nil)
	}
}

// Batches puts moves together, and leaves everything else alone.
func (b *board) Batches(edits []work.Edit) [][]work.Edit {
	if edits[0].Verb == work.MoveInBacklog {
		return slices.Collect(slices.Chunk(edits, b.size))
	}
	return slices.Collect(slices.Chunk(edits, 1))
}

// Send does one request. It looks at the order as it stands: one that neither
// the plan expects nor Tandem left behind is somebody else's.
func (b *board) Send(_ context.Context, batch []work.Edit) []work.Result {
	var f fate
	if b.sends != nil {
		f = b.sends(batch)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := work.Order{IDs: b.order}.Fingerprint()
	expect := batch[0].Expect.Text()
	if left := b.after[expect]; f.state == "" && batch[0].Verb == work.MoveInBacklog && now != expect && now != left {
		f.state = work.Conflict
	}
	results := make([]work.Result, len(batch))
	for i, e := range batch {
		results[i] = work.Result{EditID: e.ID, State: work.Applied, Until: f.until, Scope: "issue"}
		if f.state != "" {
			results[i].State = f.state
		}
		if f.state == "" || f.effect {
			b.do(e)
		}
	}
	if f.state == "" {
		b.after[expect] = work.Order{IDs: b.order}.Fingerprint()
	}
	return results
}

func (b *board) do(e work.Edit) {
	i := b.issues[e.Target.ID]
	i.version = time.Now()
	b.sent = append(b.sent, e.Target.ID+" "+e.Value.String())
	if e.Verb == work.SetField {
		i.prio = e.Value.Text()
		return
	}
	to, _ := work.ParseAnchor(e.Value)
	b.put(e.Target.ID, to)
}

func (b *board) put(id string, to work.Anchor) {
	b.order = slices.DeleteFunc(slices.Clone(b.order), func(o string) bool { return o == id })
	at := slices.Index(b.order, to.ID)
	if !to.Before {
		at++
	}
	b.order = slices.Insert(b.order, at, id)
}

// drag is a person's move.
func (b *board) drag(id string, to work.Anchor) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(id, to)
	b.moved = append(slices.DeleteFunc(b.moved, func(m work.Moved) bool { return m.ID == id }), work.Moved{ID: id, By: "u-ana", At: time.Now()})
}

func (b *board) stands() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.order, "")
}

func (b *board) did() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.sent)
}

func boardSchema() work.Schema {
	return work.Schema{Kind: "board", Labels: true, Features: []string{"backlog"}, Fields: []work.NativeField{
		{Name: "summary", Kind: work.Text, Shared: work.Title},
		{Name: "status_category", Kind: work.Text, Shared: work.Status, Values: map[string]string{"new": "todo", "done": "done"}},
		{Name: "labels", Kind: work.List, Shared: work.Labels},
		{Name: "value", Kind: work.Number},
		{Name: "priority", Kind: work.Text, Writable: true},
		{Name: work.NativeSprintState, Kind: work.Text},
	}}
}

const boardRules = `
people: {ana: {board: u-ana}}
teams: {pay: {roles: {pm: ana, po: ana}, places: {board: [PAY]}, write: auto}}
fields:
  value: {owner: board, board: {field: value}}
  rank: {owner: tandem, board: {backlog: true}}
rank: {method: expression, expression: 'item.value', order: [next], tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}, unknown: leave, band: 0%, dwell: 0d}
route: {default: {accountable: pm, because: triage}}
`

// shop is a firm that uses the board.
type shop struct {
	testing.TB

	board *board
	rules *engine.Rules
	path  string
	write work.WriteMode
	db    *store.Store
	cycle *scheduler.Cycle
}

// backlogStory plays with a backlog of one-letter ids. Tandem wants them as
// they stand in wanted.
func backlogStory(t *testing.T, order, wanted string, tell func(s *shop), patch ...string) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(monday()))
		s := opened(t, order, wanted, patch...)
		tell(s)
	})
}

func opened(tb testing.TB, order, wanted string, patch ...string) *shop {
	tb.Helper()
	s := &shop{TB: tb, write: work.Auto, path: filepath.Join(tb.TempDir(), "tandem.db")}
	s.board = &board{issues: map[string]*boardIssue{}, order: strings.Split(order, ""), after: map[string]string{}, size: 2}
	for _, id := range s.board.order {
		s.board.issues[id] = &boardIssue{version: monday()}
	}
	s.wants(wanted)
	doc, found := config.ParseDocument("rules.yaml", []byte(strings.NewReplacer(patch...).Replace(boardRules)))
	if len(found) > 0 {
		tb.Fatal(found)
	}
	var spec engine.Spec
	if found := doc.Decode(&spec); len(found) > 0 {
		tb.Fatal(found)
	}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: map[string]work.Schema{"board": boardSchema()}, Places: map[string][]string{"board": {"PAY"}}})
	if len(problems) > 0 {
		tb.Fatal(doc.Diagnose(problems))
	}
	s.rules = rules
	s.start()
	tb.Cleanup(func() { _ = s.db.Close() })
	return s
}

// wants gives the issues values, so that Tandem wants them in this order.
func (s *shop) wants(wanted string) {
	for i, id := range strings.Split(wanted, "") {
		s.board.issues[id].value, s.board.issues[id].version = float64(90-3*i), time.Now()
	}
}

func (s *shop) start() {
	s.Helper()
	db, err := store.Open(s.Context(), "sqlite:"+s.path, "test", store.Options{Now: time.Now})
	if err != nil {
		s.Fatal(err)
	}
	s.db = db
	s.cycle = s.newCycle(db)
}

func (s *shop) newCycle(db scheduler.Store) *scheduler.Cycle {
	return scheduler.New(scheduler.Config{
		Store: db, Rules: s.rules, Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Guard: plan.Guard{Instance: s.write, BrakeEdits: -1, Fields: map[work.Field]work.WriteMode{}},
		Connectors: []scheduler.Live{{
			Name: "board", Kind: "board", Streams: []connectors.Stream{{Name: "issues"}, {Name: "rank"}},
			Conn: connectors.Connector{Source: s.board, Sink: s.board, Reader: s.board},
		}},
	})
}

func (s *shop) restart() {
	s.Helper()
	if err := s.db.Close(); err != nil {
		s.Fatal(err)
	}
	s.start()
}

func (s *shop) run() scheduler.Report {
	s.Helper()
	report, err := s.cycle.Run(s.Context(), scheduler.None)
	if err != nil {
		s.Fatal(err)
	}
	return report
}

// expect runs cycles until the backlog comes to rest, and looks how it stands
// and what is held, each as "PAY-a changed_by_person".
func (s *shop) expect(what, stands string, held ...string) scheduler.Report {
	s.Helper()
	report := s.run()
	for n := 0; report.Sent > 0 || len(report.Outcome.Plan.Edits) > 0; n++ {
		if n == 10 {
			s.Fatalf("%s: no rest: %s, planned %v", what, s.board.stands(), report.Outcome.Plan.Edits)
		}
		time.Sleep(time.Minute)
		report = s.run()
	}
	if got := s.board.stands(); got != stands {
		s.Errorf("%s: the backlog is %s, want %s", what, got, stands)
	}
	var got []string
	for _, h := range report.Outcome.Plan.Holds {
		got = append(got, fmt.Sprintf("%s %s", h.Key, h.Cause))
	}
	if !slices.Equal(got, held) {
		s.Errorf("%s: held %v, want %v", what, got, held)
	}
	return report
}

func after(id string) work.Anchor  { return work.Anchor{ID: id} }
func before(id string) work.Anchor { return work.Anchor{ID: id, Before: true} }
