package store_test

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// These are the interfaces that the scheduler asks for, copied: importing the
// scheduler here would turn the layers around.
type (
	intake interface {
		Cursor(ctx context.Context, connector, stream string) (connectors.Cursor, error)
		SavePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link) (work.Saved, error)
		SaveRead(ctx context.Context, asked []work.Ref, records []work.Record) error
		SaveFailure(ctx context.Context, connector, stream, cause string) error
		Feedback(ctx context.Context) iter.Seq2[work.Feedback, error]
	}
	post interface {
		SaveHints(ctx context.Context, connector, delivery string, hints []connectors.Hint) (bool, error)
		Hints(ctx context.Context, connector string, limit int) (work.Hints, error)
		SaveHinted(ctx context.Context, connector string, last int64, asked []work.Ref, records []work.Record) (work.Saved, error)
		SavePolled(ctx context.Context, connector string, poll int64) error
	}
	roll interface {
		Kept(ctx context.Context, connector string) ([]work.Kept, error)
		Census(ctx context.Context, connector string) (work.CensusMark, bool, error)
		SaveCensus(ctx context.Context, connector string, mark work.CensusMark, whole bool) error
	}
	gauge interface {
		SaveLimits(ctx context.Context, connector string, limits []work.LimitState) error
	}
	memory interface {
		Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error)
		SaveRun(ctx context.Context, run engine.Run) (int64, error)
		LastRun(ctx context.Context) (engine.Run, bool, error)
		Seq(ctx context.Context) (int64, error)
	}
	voices interface {
		Relink(ctx context.Context, rulesHash string, by evidence.Linker, most time.Duration) (whole bool, err error)
		Rejoin(ctx context.Context, join evidence.Join, most time.Duration) (whole bool, err error)
	}
	journal interface {
		Begin(ctx context.Context, run int64, edits []work.Edit) error
		Finish(ctx context.Context, results []work.Result) error
		Pending(ctx context.Context) (unsure, unread []work.Edit, err error)
	}
	desk interface {
		Pause(ctx context.Context, paused bool, by, reason string) error
		Release(ctx context.Context, r plan.Release, by string) error
		Status(ctx context.Context) (work.Overview, error)
		DeadLetters(ctx context.Context, limit int) ([]work.DeadLetterEntry, error)
		Audit(ctx context.Context, ref work.RefID, limit int) ([]work.AuditEntry, error)
	}
)

var (
	_ intake  = (*store.Store)(nil)
	_ post    = (*store.Store)(nil)
	_ roll    = (*store.Store)(nil)
	_ gauge   = (*store.Store)(nil)
	_ memory  = (*store.Store)(nil)
	_ voices  = (*store.Store)(nil)
	_ journal = (*store.Store)(nil)
	_ desk    = (*store.Store)(nil)
)

// clock is a hand-moved clock.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: noon} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

var (
	noon  = time.Date(2026, 10, 5, 12, 0, 0, 0, time.UTC)
	today = noon.Truncate(24 * time.Hour)
)

// kept is a store in a folder of its test, which can be opened again.
type kept struct {
	*store.Store

	t       testing.TB
	address string
	clock   *clock
}

func (k *kept) open() {
	k.t.Helper()
	s, err := store.Open(k.t.Context(), k.address, "acme-test", k.options())
	if err != nil {
		k.t.Fatalf("open: %v", err)
	}
	k.Store = s
}

func (k *kept) options() store.Options {
	return store.Options{Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
}

func (k *kept) reopen() {
	k.t.Helper()
	if err := k.Close(); err != nil {
		k.t.Fatalf("close: %v", err)
	}
	k.open()
}

func (k *kept) path() string { return strings.TrimPrefix(k.address, "sqlite:") }

func (k *kept) page(records ...work.Record) work.Saved {
	k.t.Helper()
	return k.save(connectors.Page{Records: records, Cursor: connectors.Cursor(`{"at":1}`)})
}

func (k *kept) save(page connectors.Page, links ...[]evidence.Link) work.Saved {
	k.t.Helper()
	saved, err := k.SavePage(k.t.Context(), "jira", "issues", page, links)
	if err != nil {
		k.t.Fatalf("save page: %v", err)
	}
	return saved
}

func (k *kept) snapshot() engine.Snapshot {
	k.t.Helper()
	snap, err := k.Snapshot(k.t.Context(), today)
	if err != nil {
		k.t.Fatalf("snapshot: %v", err)
	}
	return snap
}

func (k *kept) seq() int64 {
	k.t.Helper()
	seq, err := k.Seq(k.t.Context())
	if err != nil {
		k.t.Fatalf("seq: %v", err)
	}
	return seq
}

func (k *kept) read(asked []work.Ref, records ...work.Record) {
	k.t.Helper()
	if err := k.SaveRead(k.t.Context(), asked, records); err != nil {
		k.t.Fatalf("save read: %v", err)
	}
}

func (k *kept) begin(edits ...work.Edit) {
	k.t.Helper()
	if err := k.Begin(k.t.Context(), 1, edits); err != nil {
		k.t.Fatalf("begin: %v", err)
	}
}

func (k *kept) finish(results ...work.Result) {
	k.t.Helper()
	if err := k.Finish(k.t.Context(), results); err != nil {
		k.t.Fatalf("finish: %v", err)
	}
}

func (k *kept) pending() (unsure, unread []string) {
	k.t.Helper()
	a, b, err := k.Pending(k.t.Context())
	if err != nil {
		k.t.Fatalf("pending: %v", err)
	}
	for _, e := range a {
		unsure = append(unsure, e.ID)
	}
	for _, e := range b {
		unread = append(unread, e.ID)
	}
	return unsure, unread
}

// grows checks that what is done moves Seq, or leaves it.
func (k *kept) grows(want bool, what string, do func()) {
	k.t.Helper()
	before := k.seq()
	do()
	if after := k.seq(); (after > before) != want || after < before {
		k.t.Errorf("%s: seq went from %d to %d, want growth: %v", what, before, after, want)
	}
}

func ref(id string) work.Ref { return work.NewRef("jira", id, "PAY-"+id) }

// issue returns a record; a version is a number of seconds.
func issue(id string, version int, priority string) work.Record {
	return work.Record{
		Ref: ref(id), Place: "PAY", Audience: work.Internal,
		Version: noon.Add(time.Duration(version) * time.Second), Created: noon,
		Fields: map[string]work.Value{
			"priority": work.NewText(priority), "labels": work.NewList("team", "b"), "points": work.NewNumber(3), "due": work.NewTime(noon),
			"epic": work.Empty(), "flag": work.NewFlag(false), "dark": {},
		},
	}
}

// edit changes the priority of an issue.
func edit(id, from, to string) work.Edit {
	return work.Edit{
		ID: "e" + id + from + to, Target: work.Target{RefID: ref(id).RefID, Path: "priority"}, Key: ref(id).Key, Place: "PAY",
		Verb: work.SetField, Value: work.NewText(to), Expect: work.NewText(from), Item: work.ItemID("jira:" + id), Field: work.Priority, Because: "score 81",
	}
}

func result(e work.Edit, state work.ResultState) work.Result {
	return work.Result{EditID: e.ID, State: state, Detail: "because " + string(state)}
}

// reporter is a test, or one run of a law.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

func diff(t reporter, what string, want, got any) {
	t.Helper()
	values := cmp.Comparer(func(a, b work.Value) bool { return a == b })
	if d := cmp.Diff(want, got, values, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// byID returns the records of a snapshot as "id@version=priority".
func byID(snap engine.Snapshot) []string {
	var list []string
	for _, r := range snap.Records {
		list = append(list, fmt.Sprintf("%s@%d=%s", r.ID, int(r.Version.Sub(noon).Seconds()), r.Fields["priority"]))
	}
	return list
}
