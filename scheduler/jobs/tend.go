package jobs

import (
	"context"
	"errors"
	"time"

	"tandem/internal/work"
)

// tending is when leases are looked after next.
type tending struct {
	beat, seek, heed time.Time
	nodes            int
	// failing says that the last try failed, and that it was told.
	failing bool
}

// seekEvery is how often a node that could do more looks whether a duty is
// free.
const seekEvery = time.Second

// tend tells that this node is alive, renews its leases, takes up what nobody
// does, and gives away what is more than its share. What fails is tried again;
// leases that cannot be renewed end by themselves.
func (h *Host) tend(ctx context.Context, t *tending) {
	now := time.Now()
	err := h.away(ctx)
	if err == nil && t.nodes > 1 && !now.Before(t.heed) {
		t.heed = now.Add(seekEvery)
		err = h.heed(ctx, t.nodes)
	}
	if err == nil && !now.Before(t.beat) {
		t.beat = now.Add(seekEvery)
		err = h.beat(ctx, now, t)
	} else if err == nil && t.nodes > 0 && !now.Before(t.seek) && h.wanting(t.nodes) > 0 {
		t.seek = now.Add(seekEvery)
		err = h.seek(ctx, t.nodes)
	} else if err == nil {
		return
	}
	if err != nil && !t.failing && ctx.Err() == nil {
		h.log.Warn("the leases could not be looked after; it is tried again", "err", err)
	}
	t.failing = err != nil
}

// beat tells that this node is alive, and renews its leases.
func (h *Host) beat(ctx context.Context, now time.Time, t *tending) error {
	nodes, err := h.c.Leases.Beat(ctx, h.node, h.c.Lease)
	if err != nil {
		return err
	}
	if t.nodes = len(nodes); t.nodes == 1 { // there is nobody else
		h.mu.Lock()
		h.yields = false
		h.mu.Unlock()
	}
	if err := errors.Join(h.keepAlone(ctx), h.renew(ctx)); err != nil {
		return err
	}
	t.beat = now.Add(h.c.Lease / 3)
	h.shed(t.nodes)
	if h.wanting(t.nodes) > 0 {
		return h.seek(ctx, t.nodes)
	}
	return nil
}

// wanting is how many duties this node would take up: all where it works in
// place of all jobs, none where another node does.
func (h *Host) wanting(nodes int) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.yields:
		return -len(h.duties)
	case h.aside != nil:
		return len(h.all) - len(h.duties)
	}
	return share(len(h.all), nodes) - len(h.duties)
}

// leases are those that this node has.
func (h *Host) leases() []work.Lease {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []work.Lease
	for _, name := range h.all {
		if d := h.duties[name]; d != nil {
			all = append(all, d.lease)
		}
	}
	return all
}

// renew renews all leases of this node.
func (h *Host) renew(ctx context.Context) error {
	for _, old := range h.leases() {
		if err := h.acquire(ctx, old.Duty); err != nil {
			return err
		}
	}
	return nil
}

// seek takes up duties that nobody does, up to this node's share.
func (h *Host) seek(ctx context.Context, nodes int) error {
	held, err := h.c.Leases.Held(ctx)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, l := range held {
		taken[l.Duty] = l.Node != h.node
	}
	for _, lease := range h.leases() {
		taken[lease.Duty] = true
	}
	for _, name := range h.all {
		if taken[name] || h.wanting(nodes) <= 0 {
			continue
		}
		if err := h.acquire(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// acquire takes a lease, or renews it. This node's own clock says how long it
// counts at most, from before it was asked for.
func (h *Host) acquire(ctx context.Context, name string) error {
	began := time.Now()
	lease, got, err := h.c.Leases.Acquire(ctx, name, h.node, h.c.Lease)
	if err != nil {
		return err
	}
	left := h.c.Lease - h.c.Lease/6 - time.Since(began)
	h.mu.Lock()
	d := h.duties[name]
	same := d != nil && got && d.lease.Token == lease.Token
	if same {
		d.lease = lease
		same = d.end.Reset(max(left, 0)) // or else it has just run out
	}
	h.mu.Unlock()
	if same {
		return nil
	}
	if d != nil {
		h.lost(d.lease)
	}
	if !got || left <= 0 {
		return nil
	}
	if err := h.queue.end(ctx, name); err != nil {
		return err
	}
	h.takeUp(ctx, lease, left)
	return nil
}

// shed lets go of what is more than this node's share, as soon as no job of it
// runs.
func (h *Host) shed(nodes int) {
	more := -h.wanting(nodes)
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, name := range h.all {
		if d := h.duties[name]; d != nil && d.leaving {
			more--
		}
	}
	for i := len(h.all) - 1; i >= 0 && more > 0; i-- {
		if d := h.duties[h.all[i]]; d != nil && !d.leaving {
			d.leaving = true
			d.cycle.Halt()
			more--
		}
	}
}

// away gives back the leases that this node let go.
func (h *Host) away(ctx context.Context) error {
	for _, lease := range h.leases() {
		h.mu.Lock()
		d := h.duties[lease.Duty]
		ready := d != nil && d.leaving && !d.running
		h.mu.Unlock()
		if !ready {
			continue
		}
		h.drop(lease.Duty)
		if err := h.c.Leases.Yield(ctx, lease); err != nil {
			return err
		}
		h.log.Debug("this node gave a duty away", "connector", lease.Duty)
	}
	return nil
}
