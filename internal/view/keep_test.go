package view_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tandem/internal/engine"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/internal/work"
)

// slow is a store whose snapshots take as long as a test wants.
type slow struct {
	*store.Store

	mu   sync.Mutex
	gate chan struct{} // snapshots wait until it is closed; nil where none has to
}

func (s *slow) Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error) {
	s.mu.Lock()
	gate := s.gate
	s.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return engine.Snapshot{}, ctx.Err()
		}
	}
	return s.Store.Snapshot(ctx, asOf)
}

// hold lets snapshots wait until the returned function is called.
func (s *slow) hold() (release func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gate = gate
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.gate = nil
		close(gate)
	}
}

// kept is a house whose desk is kept up to date, over a slow store.
func kept(t *testing.T) (*house, *slow) {
	t.Helper()
	h := furnished(t)
	s := &slow{Store: h.db}
	h.conf.Store = s
	h.desk = view.New(h.conf)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { h.desk.Keep(ctx) })
	t.Cleanup(group.Wait)
	t.Cleanup(cancel)
	return h, s
}

// title is what a visitor sees of PAY-1.
func (h *house) title() string {
	h.Helper()
	e, err := h.visit(work.Internal).Explanation("board:PAY-1", 0)
	h.ok(err)
	return e.Item.Title
}

func renamed(h *house, title string) work.Record {
	r := issue("PAY-1", 90, work.Internal, fields{"summary": work.NewText(title)})
	r.Version = h.clock()
	return r
}

func TestWhoLooksSeesWhatWasDecidedBeforeWhileTheNextDecisionIsMade(t *testing.T) {
	t.Parallel()
	h, s := kept(t)
	same(t, "at first", "Do PAY-1", h.title())
	release := s.hold()
	h.read(renamed(h, "Do it again"))
	same(t, "meanwhile", "Do PAY-1", h.title())
	release()
	for end := time.Now().Add(20 * time.Second); h.title() != "Do it again"; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the next decision is never shown")
		}
	}
}

func TestWhoDecidedSomethingWaitsToSeeWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	h, s := kept(t)
	h.title()
	_, err := h.visit(work.Internal).Override(view.Say{Ref: "board:PAY-9", Kind: "place", Value: "1", Because: "promised"})
	h.ok(err)
	release := s.hold()
	time.AfterFunc(time.Second, release)
	e, err := h.visit(work.Internal).Explanation("board:PAY-9", 0)
	h.ok(err)
	if len(e.Said) != 1 || e.Item.TeamPlace != 1 {
		t.Errorf("who set the place sees %v at place %d", e.Said, e.Item.TeamPlace)
	}
}

func TestOnceNobodyKeepsADeskUpToDateVisitorsDecide(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { h.desk.Keep(ctx) })
	same(t, "kept", "Do PAY-1", h.title())
	cancel()
	group.Wait()
	h.pass(time.Hour)
	h.read(renamed(h, "Do it again"))
	same(t, "afterwards", "Do it again", h.title())
}

func TestWhatWasAskedOfOneDecisionIsKnownOfTheNext(t *testing.T) {
	t.Parallel()
	h, s := kept(t)
	ask := func() int {
		list, err := h.visit(work.Internal).List(view.ListQuery{Kind: view.Blocked})
		h.ok(err)
		goals, err := h.visit(work.Internal).Goals("pay")
		h.ok(err)
		folds, err := h.visit(work.Internal).Folds(view.PlanQuery{})
		h.ok(err)
		return len(list.Items) + goals.Top + len(folds.Folds)
	}
	before := ask()
	release := s.hold()
	h.read(issue("PAY-77", 99, work.Internal, nil))
	same(t, "meanwhile", before, ask())
	release()
	for end := time.Now().Add(20 * time.Second); ask() == before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("what is told stays that of the decision before")
		}
	}
}
