package jobs

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/engine"
	"tandem/internal/work"
	"tandem/scheduler"
)

const (
	// lookEvery is how often a node looks at what is stored: others write there
	// too.
	lookEvery = 250 * time.Millisecond
	// leaseSpan is how long a lease lasts; it is renewed three times meanwhile.
	leaseSpan = 30 * time.Second
	// grace is how long jobs may take to come to their end when a node stops.
	grace = 10 * time.Second
	// breath is the least time between the end of a job and the next one of its
	// kind; gather is that of jobs that follow hints, which come in bursts.
	breath = 20 * time.Millisecond
	gather = 100 * time.Millisecond
)

// Config is what a Host is made of.
type Config struct {
	// Cycle has the store, the rules and all connectors.
	Cycle scheduler.Config
	// Leases and Under are the store's: who does what, and the same store as the
	// holder of leases sees it.
	Leases scheduler.Leases
	Under  func(...work.Lease) scheduler.Store
	// Every is the longest pause before a job is tried again that failed.
	Every time.Duration
	// Housekeep forgets what nobody needs any more; it is called once a day.
	Housekeep func(ctx context.Context) error
	// Errand does what people ordered, by Alone; nil where nobody can order
	// anything. It is called where an order waits, one call at a time, at as many
	// nodes as see it: Alone lets one of them.
	Errand func(ctx context.Context)
	// Notify tells people what they asked to be told by now; nil where nobody
	// did. It is called every few seconds at the node that decides.
	Notify func(ctx context.Context) error
	// Report is told what each job did; kinds are webhook, poll, census, apply
	// and decide. Several may be told at a time.
	Report func(kind string, r scheduler.Report)
	// Moved is called at every look, and Ended when a job ended, however it did;
	// both may be nil.
	Moved func()
	Ended func(kind string, took time.Duration, err error)
	// Lease is how long a lease lasts; 30 s where it is 0.
	Lease time.Duration
	// Look is how often a node looks at what is stored, where nothing wakes it;
	// 250 ms where it is 0.
	Look time.Duration
	// Clock is River's; nil is the database's. Tests have a clock of their own.
	Clock rivertype.TimeGenerator
}

// Host does the duties of one node: one life of a process.
type Host struct {
	c    Config
	log  *slog.Logger
	node string
	// all are the names of all duties, in an order of this node's own, so that
	// nodes which begin together reach for different ones.
	all   []string
	woken chan struct{}
	queue queue

	mu     sync.Mutex
	duties map[string]*duty
	newest newest
	run    engine.Run
	clean  time.Time
	// aside is what works in place of all jobs; nil where nothing does. closed
	// says that the node leaves, so that nothing else may.
	aside  *aside
	closed bool
	// yields says that another node works in place of all jobs of all nodes.
	yields bool
	// errand is closed when what people ordered is over, as far as this node
	// knows of any; it is tried again after errandAgain.
	errand      chan struct{}
	errandAgain time.Time
	notices     notices
}

// New returns a Host.
func New(c Config) *Host {
	if c.Lease == 0 {
		c.Lease = leaseSpan
	}
	if c.Look == 0 {
		c.Look = lookEvery
	}
	if c.Report == nil {
		c.Report = func(string, scheduler.Report) {}
	}
	h := &Host{
		c: c, log: c.Cycle.Log, node: strings.ToLower(rand.Text()[:12]), woken: make(chan struct{}, 1),
		duties: map[string]*duty{}, all: []string{work.Deciding},
	}
	for _, live := range c.Cycle.Connectors {
		h.all = append(h.all, live.Name)
	}
	if h.c.Moved == nil {
		h.c.Moved = func() {}
	}
	if h.c.Ended == nil {
		h.c.Ended = func(string, time.Duration, error) {}
	}
	slices.Sort(h.all)
	first := int(h.node[0]) % len(h.all)
	h.all = slices.Concat(h.all[first:], h.all[:first])
	return h
}

// Node is the name of this node in leases.
func (h *Host) Node() string { return h.node }

// Wake makes the node look at once. It may be called from everywhere, and never
// waits.
func (h *Host) Wake() {
	select {
	case h.woken <- struct{}{}:
	default: // somebody was faster
	}
}

// Run does this node's share of the work until the context ends. Then jobs that
// run finish what has begun, and the leases are given back. driver is River's
// driver for the database of the store.
func Run[T any](ctx context.Context, driver riverdriver.Driver[T], h *Host) error {
	q, err := newQueue(ctx, driver, h)
	if err != nil {
		return err
	}
	h.queue = q
	h.clean = h.c.Cycle.Now().Add(time.Hour)
	background := context.WithoutCancel(ctx)
	if err := q.start(background); err != nil {
		return err
	}
	h.loop(ctx)
	return h.leave(background)
}

// loop looks and tends the leases until the context ends.
func (h *Host) loop(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var t tending
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-h.woken:
		}
		h.tend(ctx, &t)
		h.c.Moved()
		h.notify(ctx)
		if err := h.look(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("the store could not be looked at; it is tried again", "err", err)
			timer.Reset(time.Second)
			continue
		}
		timer.Reset(h.c.Look)
	}
}

// look enqueues the jobs that are missing.
func (h *Host) look(ctx context.Context) error {
	l := look{now: h.c.Cycle.Now()}
	if h.idle() {
		return nil
	}
	var err error
	if l.pulse, err = h.c.Cycle.Store.Pulse(ctx); err != nil {
		return err
	}
	if err := h.learn(ctx, l.pulse.Run); err != nil {
		return err
	}
	if l.pulse.Ordered > 0 {
		h.runErrand(ctx)
	}
	for _, o := range agenda(h.fill(l)) {
		h.busy(o, true) // before it is there, since it may be over at once
		fresh, err := h.queue.put(ctx, o)
		if err != nil {
			h.busy(o, false)
			return err
		}
		if !fresh { // the last one is done and not yet noted as such
			h.busy(o, false)
			h.pause(o, lookEvery)
		}
	}
	return nil
}

// idle reports whether this node has no duty.
func (h *Host) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.duties) == 0
}

// learn reads the newest run, where it is not known.
func (h *Host) learn(ctx context.Context, number int64) error {
	h.mu.Lock()
	known := h.newest.number >= number
	h.mu.Unlock()
	if known {
		return nil
	}
	run, found, err := h.c.Cycle.Store.LastRun(ctx)
	if err == nil && found {
		h.remember(run)
	}
	return err
}

// remember takes a run for the newest, unless there is a newer one.
func (h *Host) remember(run engine.Run) {
	n := newest{number: run.Seq, saw: run.DataSeq, ready: map[string]int{}}
	for _, e := range run.Plan.Edits {
		if scheduler.None(e) {
			n.ready[e.Target.Connector]++
		}
	}
	run = scheduler.Outgoing(run)
	h.mu.Lock()
	defer h.mu.Unlock()
	if run.Seq > h.newest.number {
		h.newest, h.run = n, run
	}
}

// fill adds what this process knows to a look.
func (h *Host) fill(l look) look {
	h.mu.Lock()
	defer h.mu.Unlock()
	l.newest, l.clean = h.newest, h.clean
	if h.aside != nil {
		return l // there is time for jobs after it
	}
	for _, name := range h.all {
		if d := h.duties[name]; d != nil && !d.leaving {
			l.duties = append(l.duties, d.view())
		}
	}
	return l
}

// busy notes that a job is in the queue, or is not any more.
func (h *Host) busy(o order, is bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d := h.duties[o.Duty]; d != nil && d.lease.Token == o.Token {
		d.busy[o.Kind] = is
	}
}

// pause lets a kind of job rest.
func (h *Host) pause(o order, span time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d := h.duties[o.Duty]; d != nil && d.lease.Token == o.Token {
		d.rest[o.Kind] = h.c.Cycle.Now().Add(span)
	}
}

// leave stops: what has begun is finished, nothing else begins, the leases are
// given back.
func (h *Host) leave(ctx context.Context) error {
	h.mu.Lock()
	h.closed = true
	for _, d := range h.duties {
		d.leaving = true
		d.cycle.Halt()
	}
	h.mu.Unlock()
	soft, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	err := h.queue.stop(soft, false)
	if errors.Is(err, context.DeadlineExceeded) {
		h.log.Warn("a job takes long to end; it is broken off", "after", grace)
		hard, cancel := context.WithTimeout(ctx, grace/2)
		defer cancel()
		if err = h.queue.stop(hard, true); errors.Is(err, context.DeadlineExceeded) {
			// The journal knows what it had begun: whoever starts next reads it back,
			// as after a crash.
			h.log.Warn("a job did not end when it was broken off; it is left behind", "after", grace+grace/2)
			err = nil
		}
	}
	h.breakOff(ctx, soft)
	h.awaitErrand(ctx)
	h.awaitNotices(ctx)
	ctx, cancel = context.WithTimeout(ctx, grace/2)
	defer cancel()
	for _, name := range h.all {
		if d := h.drop(name); d != nil {
			err = errors.Join(err, h.c.Leases.Yield(ctx, d.lease))
		}
	}
	_, beat := h.c.Leases.Beat(ctx, h.node, 0)
	return errors.Join(err, beat)
}
