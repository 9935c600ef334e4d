package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// ErrBusy is why nothing works in place of the jobs: something else does, here
// or at another node, or the node leaves.
var ErrBusy = errors.New("something else works in place of the jobs, or the daemon is about to end")

// ElsewhereError is why nothing works in place of the jobs: other nodes did not
// give their duties away.
type ElsewhereError struct {
	// Duties are those that this node does not have.
	Duties []string
}

// Error names the duties.
func (e *ElsewhereError) Error() string {
	return "this node was not given all duties: " + strings.Join(e.Duties, ", ")
}

// aside is something that works in place of all jobs.
type aside struct {
	end  context.CancelCauseFunc
	over chan struct{}
	// rested has an entry where a job has ended since somebody looked.
	rested chan struct{}
	// lease is that of work.Alone: as long as it lasts the other nodes give this
	// one their duties.
	lease  work.Lease
	duties []*duty
	// left is the number of the sequence that it left: runs that saw less are not
	// applied. 0 is not known; then nothing is before connectors are read anew.
	left int64
}

func (a *aside) knock() {
	select {
	case a.rested <- struct{}{}:
	default:
	}
}

// gatherTime is how long other nodes may take to give their duties away: a job
// comes to its end within a minute, and the leases of a node that died are over
// before.
const gatherTime = 2 * time.Minute

// gatherEvery is how often it is looked whether this node has all duties.
const gatherEvery = 200 * time.Millisecond

// Alone works in place of all jobs of all nodes: none begins here, those that
// run come to their end, the other nodes give their duties away, and then do is
// called, with all connectors and a store that writes only as long as this node
// has every duty. Its context ends with the first lease that is lost. Afterwards
// all duties begin anew, since what their jobs knew may be so no more, and the
// nodes share them again. Nothing is done where another node keeps a duty
// (ElsewhereError), and while something else works so (ErrBusy).
func (h *Host) Alone(ctx context.Context, do func(ctx context.Context, c scheduler.Config) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	a := &aside{end: end, over: make(chan struct{}), rested: make(chan struct{}, 1)}
	if err := h.stepIn(ctx, a); err != nil {
		return err
	}
	defer h.stepOut(ctx, a)
	if err := h.gather(ctx, a); err != nil {
		return err
	}
	leases := []work.Lease{a.lease}
	for _, d := range a.duties {
		leases = append(leases, d.lease)
		defer d.whenOver(func() { end(work.ErrLeaseLost) })()
	}
	c := h.c.Cycle
	c.Store = h.c.Under(leases...)
	err := do(ctx, c)
	if cause := context.Cause(ctx); cause != nil {
		return errors.Join(fmt.Errorf("it was broken off: %w", cause), err)
	}
	if seq, err := c.Store.Seq(ctx); err == nil {
		a.left = seq
	}
	return err
}

// stepIn lets no job begin from now on, here, and asks the other nodes for their
// duties.
func (h *Host) stepIn(ctx context.Context, a *aside) error {
	h.mu.Lock()
	if h.aside != nil || h.closed {
		h.mu.Unlock()
		return ErrBusy
	}
	h.aside = a
	h.mu.Unlock()
	lease, got, err := h.c.Leases.Acquire(ctx, work.Alone, h.node, h.c.Lease)
	if err != nil || !got {
		h.mu.Lock()
		h.aside = nil
		h.mu.Unlock()
		return cmp.Or(err, ErrBusy)
	}
	h.mu.Lock()
	a.lease = lease
	h.mu.Unlock()
	h.Wake()
	return nil
}

// missing are the duties that this node does not have. The caller has the lock.
func (h *Host) missing() []string {
	var missing []string
	for _, name := range h.all {
		if d := h.duties[name]; d == nil || d.leaving || d.ctx.Err() != nil {
			missing = append(missing, name)
		}
	}
	return missing
}

// gather waits until this node has all duties and no job runs, and takes them:
// none is given away before the end.
func (h *Host) gather(ctx context.Context, a *aside) error {
	late := time.NewTimer(gatherTime)
	defer late.Stop()
	again := time.NewTicker(gatherEvery)
	defer again.Stop()
	for {
		still, missing, err := h.take(a)
		if err != nil || still {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a job did not come to its end: %w", context.Cause(ctx))
		case <-a.rested:
		case <-again.C:
		case <-late.C:
			return &ElsewhereError{missing}
		}
	}
}

// take takes all duties, where this node has them and no job runs.
func (h *Host) take(a *aside) (taken bool, missing []string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false, nil, ErrBusy
	}
	if missing = h.missing(); len(missing) > 0 {
		return false, missing, nil
	}
	for _, d := range h.duties {
		if d.running {
			return false, h.all, nil
		}
	}
	for _, name := range h.all {
		d := h.duties[name]
		d.running = true
		a.duties = append(a.duties, d)
	}
	return true, nil, nil
}

// stepOut lets jobs begin again, here and at the other nodes. What they knew is
// forgotten.
func (h *Host) stepOut(ctx context.Context, a *aside) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace/2)
	defer cancel()
	h.mu.Lock()
	for _, d := range a.duties {
		d.running = false
		h.anew(d)
		d.since = a.left
		if d.leaving {
			d.cycle.Halt()
		}
	}
	h.aside = nil
	lease := a.lease
	h.mu.Unlock()
	if err := h.c.Leases.Yield(ctx, lease); err != nil {
		h.log.Warn("the other nodes could not be told to go on; they do within half a minute", "err", err)
	}
	close(a.over)
	h.Wake()
}

// keepAlone renews the lease under which this node works in place of all jobs.
// Where it is lost, that ends.
func (h *Host) keepAlone(ctx context.Context) error {
	h.mu.Lock()
	a := h.aside
	lasts := a != nil && a.lease.Token != 0
	h.mu.Unlock()
	if !lasts {
		return nil
	}
	lease, got, err := h.c.Leases.Acquire(ctx, work.Alone, h.node, h.c.Lease)
	if err != nil {
		return err
	}
	if !got || lease.Token != a.lease.Token {
		a.end(work.ErrLeaseLost)
	}
	return nil
}

// heed looks whether another node works in place of all jobs. Then it is given
// what this one has, and nothing is taken up.
func (h *Host) heed(ctx context.Context, nodes int) error {
	held, err := h.c.Leases.Held(ctx)
	if err != nil {
		return err
	}
	other := slices.ContainsFunc(held, func(l work.Lease) bool { return l.Duty == work.Alone && l.Node != h.node })
	h.mu.Lock()
	h.yields = other
	h.mu.Unlock()
	if other {
		h.shed(nodes)
	}
	return nil
}

// breakOff waits until what works in place of the jobs has come to its end, and
// ends it where patience is over before.
func (h *Host) breakOff(ctx, patience context.Context) {
	h.mu.Lock()
	a := h.aside
	h.mu.Unlock()
	if a == nil {
		return
	}
	select {
	case <-a.over:
		return
	case <-patience.Done():
	}
	h.log.Warn("what a person ordered takes long to end; it is broken off", "after", grace)
	a.end(context.Canceled)
	ctx, cancel := context.WithTimeout(ctx, grace/2)
	defer cancel()
	select {
	case <-a.over:
	case <-ctx.Done():
	}
}
