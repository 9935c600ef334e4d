package jobs

import (
	"context"
	"maps"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// duty is one that this node has. What its jobs know stays with it: whoever
// takes it over begins anew.
type duty struct {
	lease work.Lease
	cycle *scheduler.Cycle
	// ctx ends when the lease does, a while before another node may have it.
	ctx    context.Context //nolint:containedctx // it is the life of the lease
	cancel context.CancelFunc
	end    *time.Timer

	outlook scheduler.Outlook
	since   int64
	busy    map[kind]bool
	rest    map[kind]time.Time
	// running says that a job runs; leaving, that no other is to begin, and the
	// lease is given back after it.
	running, leaving bool
}

func (d *duty) view() view {
	return view{
		duty: d.lease.Duty, token: d.lease.Token, outlook: d.outlook, since: d.since, busy: maps.Clone(d.busy), rest: maps.Clone(d.rest),
	}
}

// whenOver calls a function when the lease ends, until the returned one is
// called.
func (d *duty) whenOver(do func()) (stop func() bool) { return context.AfterFunc(d.ctx, do) }

// takeUp begins a duty whose lease this node got.
func (h *Host) takeUp(ctx context.Context, lease work.Lease, left time.Duration) {
	d := &duty{lease: lease, busy: map[kind]bool{}}
	d.ctx, d.cancel = context.WithCancel(context.WithoutCancel(ctx))
	h.anew(d)
	d.end = time.AfterFunc(left, func() { h.lost(lease) })
	h.mu.Lock()
	h.duties[lease.Duty] = d
	h.mu.Unlock()
	h.log.Debug("this node took up a duty", "connector", lease.Duty)
}

// anew lets a duty begin as if nothing were known of it.
func (h *Host) anew(d *duty) {
	c := h.c.Cycle
	c.Store = h.c.Under(d.lease)
	if c.Guard.Awaited == nil { // of all connectors, not of the duty's alone
		c.Guard.Awaited = scheduler.Awaited(c.Connectors...)
	}
	c.Connectors = nil
	for _, live := range h.c.Cycle.Connectors {
		if live.Name == d.lease.Duty {
			c.Connectors = []scheduler.Live{live}
		}
	}
	d.cycle, d.since, d.rest = scheduler.New(c), 0, map[kind]time.Time{}
	d.outlook = d.cycle.Outlook()
}

// drop forgets a duty and breaks off what runs of it; nil where this node does
// not have it.
func (h *Host) drop(name string) *duty {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.duties[name]
	if d == nil {
		return nil
	}
	delete(h.duties, name)
	d.end.Stop()
	d.cycle.Halt()
	d.cancel()
	return d
}

// lost drops a duty whose lease ran out, or is another node's by now.
func (h *Host) lost(lease work.Lease) {
	h.mu.Lock()
	d := h.duties[lease.Duty]
	h.mu.Unlock()
	if d == nil || d.lease.Token != lease.Token {
		return
	}
	h.drop(lease.Duty)
	h.log.Warn("the lease could not be kept; another node goes on with it", "connector", lease.Duty)
	h.Wake()
}
