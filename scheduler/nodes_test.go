package scheduler_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
	"tandem/scheduler/jobs"
)

// span is how long leases last in these tests.
const span = 6 * time.Second

// node is one process of several that work on one store, with connections of
// its own.
type node struct {
	scheduler.Leases

	name string
	db   *store.Store
	stop context.CancelFunc
	end  sync.WaitGroup
	// cut says that the node reaches no store any more to keep its leases.
	cut atomic.Bool
	mu  sync.Mutex
	// pass is what stands between the node and Jira.
	pass func(r *http.Request, next http.RoundTripper) (*http.Response, error)
}

var errCut = errors.New("the store does not answer")

// Acquire fails where the node is cut off.
func (n *node) Acquire(ctx context.Context, duty, name string, span time.Duration) (work.Lease, bool, error) {
	if n.cut.Load() {
		return work.Lease{}, false, errCut
	}
	n.mu.Lock()
	n.name = name
	n.mu.Unlock()
	return n.Leases.Acquire(ctx, duty, name, span)
}

// Beat fails where the node is cut off.
func (n *node) Beat(ctx context.Context, name string, span time.Duration) ([]string, error) {
	if n.cut.Load() {
		return nil, errCut
	}
	return n.Leases.Beat(ctx, name, span)
}

// Yield fails where the node is cut off.
func (n *node) Yield(ctx context.Context, lease work.Lease) error {
	if n.cut.Load() {
		return errCut
	}
	return n.Leases.Yield(ctx, lease)
}

func (n *node) is(name string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.name == name
}

// node starts a node. What stands between it and Jira is set before.
func (f *firm) node(pass func(r *http.Request, next http.RoundTripper) (*http.Response, error)) *node {
	f.Helper()
	db, err := store.Open(f.Context(), f.settings.Store, f.settings.Instance, store.Options{Now: time.Now, Log: f.log()})
	f.ok(err)
	n := &node{Leases: db, db: db, pass: pass}
	live := f.open(func(kind string) http.RoundTripper {
		if kind != "jira" || pass == nil {
			return roads{f, kind}
		}
		return road{roads{f, kind}, pass}
	})
	var ctx context.Context
	ctx, n.stop = context.WithCancel(context.WithoutCancel(f.Context()))
	queue, err := db.Queue(ctx)
	f.ok(err)
	host := jobs.New(jobs.Config{
		Cycle:  scheduler.Config{Store: db, Rules: f.rules, Connectors: live, Guard: f.guard, ConfigHash: "test", Log: f.log(), Now: time.Now},
		Leases: n, Under: under(db), Every: time.Minute, Lease: span,
	})
	n.end.Go(func() {
		if err := jobs.Run(ctx, riverpgxv5.New(queue.Server), host); err != nil && !n.cut.Load() {
			f.Errorf("a node ended: %v", err)
		}
	})
	f.Cleanup(func() {
		n.stop()
		n.end.Wait()
		f.ok(db.Close())
	})
	return n
}

// held are the leases, by duty.
func (f *firm) held() map[string]string {
	f.Helper()
	all, err := f.db.Held(f.Context())
	f.ok(err)
	by := map[string]string{}
	for _, l := range all {
		by[l.Duty] = l.Node
	}
	return by
}

// comes waits until something is so, and returns how long that took.
func (f *firm) comes(what string, most time.Duration, is func() bool) time.Duration {
	f.Helper()
	began := time.Now()
	for !is() {
		if time.Since(began) > most {
			f.Fatalf("%s: not within %s", what, most)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(began)
}

// spread reports whether all three duties are done, by so many nodes.
func (f *firm) spread(nodes int) func() bool {
	return func() bool {
		by := f.held()
		names := map[string]bool{}
		for _, name := range by {
			names[name] = true
		}
		return len(by) == 3 && len(names) == nodes
	}
}

// together is a firm whose store is on a server, before any node begins.
func together(t *testing.T) *firm {
	t.Helper()
	t.Parallel()
	w := world{issues: issues("PAY", 6), unjudged: true, store: postgres.Address(t)}
	return found(t, w)
}

// Two nodes share the duties. When one is cut off, the other one takes its
// duties over once its leases are over, and nothing is written twice.
func TestTheDutiesOfANodeThatIsCutOffMoveToAnother(t *testing.T) {
	f := together(t)
	nodes := []*node{f.node(nil), f.node(nil)}
	f.Logf("spread after %s", f.comes("two nodes share", 20*time.Second, f.spread(2)))
	f.comes("the first edits", 20*time.Second, func() bool { return f.priority("PAY-1") == "Trivial" && f.priority("PAY-6") == "Critical" })
	jira := f.held()["jira"]
	first := slices.IndexFunc(nodes, func(n *node) bool { return n.is(jira) })
	nodes[first].cut.Store(true)
	took := f.comes("another node has Jira", 2*span, func() bool { by := f.held(); return by["jira"] != "" && by["jira"] != jira && len(by) == 3 })
	f.sets("PAY-1", 90)
	f.Logf("Jira moved after %s (leases of %s)", took, span)
	f.comes("an edit by the other node", 90*time.Second, func() bool { return f.priority("PAY-1") == "Critical" })
	f.writtenOnce()
}

// Three nodes have one duty each.
func TestThreeNodesSpreadTheDuties(t *testing.T) {
	f := together(t)
	for range 3 {
		f.node(nil)
	}
	f.Logf("spread after %s", f.comes("three nodes share", 4*span, f.spread(3)))
	f.comes("the edits", 20*time.Second, func() bool { return f.priority("PAY-6") == "Critical" })
	f.writtenOnce()
}

// A node stops between the journal and the socket, as a process does that is
// stopped. When it wakes up, another node has taken over and written: what the
// first one still had in hand is not sent.
func TestANodeThatWakesUpLateWritesNothingMore(t *testing.T) {
	f := together(t)
	var asleep *node
	var late atomic.Int32
	begun, sleeps, wakes := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var once sync.Once
	asleep = f.node(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if r.Method == http.MethodPut {
			once.Do(func() { <-begun; asleep.cut.Store(true); close(sleeps); <-wakes })
			<-wakes // the whole process sleeps
			if err := r.Context().Err(); err != nil {
				late.Add(1)
				return nil, err // as every transport does
			}
		}
		return next.RoundTrip(r)
	})
	close(begun)
	<-sleeps
	second := f.node(nil)
	f.comes("the second node has everything", 3*span, func() bool { by := f.held(); return second.is(by["jira"]) && f.spread(1)() })
	f.comes("the second node writes", 30*time.Second, func() bool { return f.priority("PAY-1") == "Trivial" && f.priority("PAY-6") == "Critical" })
	wrote := -1
	f.comes("the second node is done", 30*time.Second, func() bool {
		before := wrote
		wrote = len(f.wrote())
		if before != wrote {
			time.Sleep(2 * time.Second)
		}
		return before == wrote
	})
	close(wakes)
	time.Sleep(2 * time.Second)
	same(f, "written after it woke up", wrote, len(f.wrote()))
	if late.Load() == 0 {
		f.Error("nothing was held back")
	}
	f.writtenOnce()
}
