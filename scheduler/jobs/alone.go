package jobs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tandem/internal/work"
	"tandem/scheduler"
)

// ErrBusy is why nothing works in place of the jobs: something else does, or
// the node leaves.
var ErrBusy = errors.New("something else works in place of the jobs, or the daemon is about to end")

// ElsewhereError is why nothing works in place of the jobs: other nodes have
// duties, or nobody has yet.
type ElsewhereError struct {
	// Duties are those that this node does not have.
	Duties []string
}

// Error names the duties.
func (e *ElsewhereError) Error() string {
	return "this node does not have all duties: " + strings.Join(e.Duties, ", ")
}

// aside is something that works in place of all jobs.
type aside struct {
	end  context.CancelCauseFunc
	over chan struct{}
	// rested has an entry where a job has ended since somebody looked.
	rested chan struct{}
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

// Alone works in place of all jobs: none begins, those that run come to their
// end, and then do is called, with all connectors and a store that writes only
// as long as this node has every duty. Its context ends with the first lease
// that is lost. Afterwards all duties begin anew, since what their jobs knew may
// be so no more. Nothing is done where another node has a duty (ElsewhereError),
// and while something else works so (ErrBusy).
func (h *Host) Alone(ctx context.Context, do func(ctx context.Context, c scheduler.Config) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	a := &aside{end: end, over: make(chan struct{}), rested: make(chan struct{}, 1)}
	if err := h.stepIn(a); err != nil {
		return err
	}
	defer h.stepOut(a)
	if err := h.stillness(ctx, a); err != nil {
		return err
	}
	leases := make([]work.Lease, 0, len(a.duties))
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

// stepIn lets no job begin from now on.
func (h *Host) stepIn(a *aside) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.aside != nil || h.closed {
		return ErrBusy
	}
	if err := h.elsewhere(); err != nil {
		return err
	}
	h.aside = a
	return nil
}

// elsewhere returns an error where this node does not have all duties. The
// caller has the lock.
func (h *Host) elsewhere() error {
	var missing []string
	for _, name := range h.all {
		if d := h.duties[name]; d == nil || d.leaving || d.ctx.Err() != nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return &ElsewhereError{missing}
	}
	return nil
}

// stillness waits until no job runs, and takes all duties: none is given away
// before the end.
func (h *Host) stillness(ctx context.Context, a *aside) error {
	for {
		if still, err := h.take(a); err != nil || still {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("a job did not come to its end: %w", context.Cause(ctx))
		case <-a.rested:
		}
	}
}

// take takes all duties, where no job runs.
func (h *Host) take(a *aside) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.elsewhere(); err != nil {
		return false, err
	}
	for _, d := range h.duties {
		if d.running {
			return false, nil
		}
	}
	for _, name := range h.all {
		d := h.duties[name]
		d.running = true
		a.duties = append(a.duties, d)
	}
	return true, nil
}

// stepOut lets jobs begin again. What they knew is forgotten.
func (h *Host) stepOut(a *aside) {
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
	h.mu.Unlock()
	close(a.over)
	h.Wake()
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
