package chaos_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"tandem/config"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

// duty is what a node does under a lease: one connector, or deciding.
type duty struct {
	node  string
	db    *store.Store
	lease work.Lease
	cycle *scheduler.Cycle
}

// span is how long a lease lasts.
const span = 30 * time.Second

// host takes up all duties for a node, each with a cycle of its own.
func (p *process) host(node string, live []scheduler.Live) {
	p.duties = map[string]*duty{}
	for n, one := range live {
		p.takeUp([]*store.Store{p.db, p.beside}[n%2], node, one.Name, one)
	}
	p.takeUp(p.beside, node, work.Deciding)
}

// pairs opens the store once more, where two nodes share the work: they know of
// each other only what stands in it.
func (p *process) pairs(settings config.Settings) {
	p.beside = p.db
	if p.l.wire == nil || rand.New(rand.NewPCG(p.l.seed, 4)).IntN(2) == 0 {
		return
	}
	p.l.insists(func() (err error) {
		p.beside, err = store.Open(p.l.Context(), settings.Store, settings.Instance, p.options())
		return err
	})
}

func (p *process) options() store.Options {
	return store.Options{Now: p.l.now, Log: p.l.log(), Spare: kept}
}

// nameOf is a node's.
func (p *process) nameOf(db *store.Store, node string) string {
	if db == p.db {
		return node
	}
	return "beside-" + node
}

// alone takes all duties as a command does: nodes stay away. The lock of a file
// does that for a store that is not shared.
func (p *process) alone(node string, live []scheduler.Live) {
	for _, one := range live {
		p.held = append(p.held, p.acquire(p.db, node, one.Name))
	}
	p.held = append(p.held, p.acquire(p.db, node, work.Deciding))
}

// leave gives all duties back, as a process does that ends in order.
func (p *process) leave() {
	for _, name := range slices.Sorted(maps.Keys(p.duties)) {
		p.held = append(p.held, p.duties[name].lease)
	}
	for _, lease := range p.held {
		err := p.db.Yield(p.l.Context(), lease)
		if p.l.hears("give back"); err != nil && !p.l.excused(err) { // otherwise it lasts as long as it lasts
			p.l.ok(err)
		}
	}
}

// takeUp begins a duty under its lease.
func (p *process) takeUp(db *store.Store, node, name string, live ...scheduler.Live) {
	p.l.Helper()
	node = p.nameOf(db, node)
	lease := p.acquire(db, node, name)
	p.duties[name] = &duty{node, db, lease, p.newCycle(&vault{Store: db.Under(lease), p: p, lease: lease}, live...)}
}

// acquire gets the lease of a duty. Whoever had it is late.
func (p *process) acquire(db *store.Store, node, name string) work.Lease {
	p.l.Helper()
	var lease work.Lease
	got := false
	for n := range 2 {
		if n > 0 { // the process that died may have it still
			time.Sleep(span)
		}
		p.l.insists(func() (err error) {
			lease, got, err = db.Acquire(p.l.Context(), name, node, span)
			return err
		})
		if got {
			break
		}
	}
	if !got {
		p.l.broken("S9", "all", "the lease of %s is not to be had after its time", name)
	}
	return lease
}

// step renews the lease of a duty and does one step under it, as a job does.
func (p *process) step(name string, do func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error)) (scheduler.Report, error) {
	d := p.duties[name]
	lease, got, err := d.db.Acquire(p.l.Context(), name, d.node, span)
	if p.l.hears("renew"); err != nil && p.l.excused(err) {
		return scheduler.Report{}, err
	}
	if err != nil || !got || lease.Token != d.lease.Token {
		d.cycle = nil
		p.l.broken("S9", "all", "node %s lost the lease of %s though nobody took it: %v", d.node, name, err)
		return scheduler.Report{}, nil
	}
	ctx, cancel := context.WithTimeout(p.l.Context(), span)
	defer cancel()
	if p.late != "" && p.unaware { // its clock stands still while it is held up
		ctx = p.l.Context()
	}
	report, err := do(d.cycle, ctx)
	if errors.Is(err, scheduler.ErrOldRun) || errors.Is(err, scheduler.ErrForeignRun) {
		err = nil
	}
	return report, err
}

// round does as jobs do what a cycle does, connectors in any order.
func (p *process) round() (sum scheduler.Report, err error) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(p.duties)), func(s string) bool { return s == work.Deciding })
	sum = scheduler.Report{Failures: map[string]error{}, Results: map[work.ResultState]int{}, Outcome: p.last}
	each := func(do func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error)) {
		p.l.dice.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		for _, name := range names {
			if err == nil {
				var report scheduler.Report
				report, err = p.step(name, do)
				add(&sum, report)
			}
		}
	}
	each((*scheduler.Cycle).Follow)
	each((*scheduler.Cycle).Poll)
	each((*scheduler.Cycle).Census)
	for range 2 {
		if err != nil {
			return sum, err
		}
		var decided scheduler.Report
		if decided, err = p.step(work.Deciding, (*scheduler.Cycle).Decide); err != nil {
			return sum, err
		}
		if decided.Evaluated { // otherwise the last outcome still stands
			sum.Outcome = decided.Outcome
		}
		run, _, lastErr := p.db.LastRun(p.l.Context())
		if lastErr != nil {
			return sum, lastErr
		}
		each(func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error) { return c.Apply(ctx, run) })
	}
	return sum, err
}

func add(sum *scheduler.Report, r scheduler.Report) {
	sum.Sent += r.Sent
	sum.Left += r.Left
	maps.Copy(sum.Failures, r.Failures)
	for state, n := range r.Results {
		sum.Results[state] += n
	}
	sum.Refused = append(sum.Refused, r.Refused...)
}

// overtaken holds a node up between the line in the journal and the socket,
// for longer than its lease lasts: another node takes its duty over meanwhile.
func (p *process) overtaken(name string) {
	p.late = ""
	if p.unaware {
		p.l.check("S9 a node that was held up wrote nothing more")
	}
	p.l.strikes("node paused before the socket, another took over", name)
	time.Sleep(span + 5*time.Second)
	for _, live := range p.open() {
		if live.Name == name {
			other := p.db
			if p.duties[name].db == p.db {
				other = p.beside
			}
			p.takeUp(other, "b"+p.duties[name].node, name, live)
		}
	}
	for _, do := range []func(*scheduler.Cycle, context.Context) (scheduler.Report, error){(*scheduler.Cycle).Poll} {
		if _, err := p.step(name, do); err != nil {
			p.l.tells("tandem: the other node: %v", err)
		}
	}
	run, _, err := p.db.LastRun(p.l.Context())
	p.l.ok(err)
	if _, err := p.step(name, func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error) { return c.Apply(ctx, run) }); err != nil {
		p.l.tells("tandem: the other node: %v", err)
	}
	align(name)
}

// overtakes lets the next write of a connector be held up.
func (l *life) overtakes() {
	if !l.shape.jobs {
		return
	}
	for range 3 { // so that there is something to write
		l.setsValue()
	}
	l.book.look(l)
	l.proc.late, l.proc.lands = pick(l, []string{"jira", "github"}), l.dice.IntN(2) == 0
	l.proc.unaware = l.dice.IntN(2) == 0
	l.cycle(nil)
	l.proc.late = ""
}

// oneJob does one step of one duty.
func (l *life) oneJob() {
	if !l.shape.jobs {
		l.cycle(nil)
		return
	}
	name := pick(l, slices.Sorted(maps.Keys(l.proc.duties)))
	steps := map[string]func(*scheduler.Cycle, context.Context) (scheduler.Report, error){
		"follow": (*scheduler.Cycle).Follow, "poll": (*scheduler.Cycle).Poll, "census": (*scheduler.Cycle).Census, "decide": (*scheduler.Cycle).Decide,
	}
	what := pick(l, []string{"follow", "poll", "census"})
	do := steps[what]
	switch {
	case name == work.Deciding:
		what, do = "decide", steps["decide"]
	case l.dice.IntN(3) == 0:
		run, found, err := l.proc.db.LastRun(l.Context())
		if l.ok(err); !found {
			return
		}
		what, do = "apply", func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error) { return c.Apply(ctx, run) }
	}
	l.tells("job: %s of %s", what, name)
	_, err := l.proc.step(name, do)
	l.finished(err)
	l.book.look(l)
}
