package chaos_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// duty is what a node does under a lease: one connector, or deciding.
type duty struct {
	node  string
	lease work.Lease
	cycle *scheduler.Cycle
}

// span is how long a lease lasts.
const span = 30 * time.Second

// host takes up all duties for a node, each with a cycle of its own.
func (p *process) host(node string, live []scheduler.Live) {
	p.duties = map[string]*duty{}
	for _, one := range live {
		p.takeUp(node, one.Name, one)
	}
	p.takeUp(node, work.Deciding)
}

// takeUp gets the lease of a duty and begins it. Whoever had it is late.
func (p *process) takeUp(node, name string, live ...scheduler.Live) {
	p.l.Helper()
	lease, got, err := p.db.Acquire(p.l.Context(), name, node, span)
	if err == nil && !got { // the process that died may have it still
		time.Sleep(span)
		lease, got, err = p.db.Acquire(p.l.Context(), name, node, span)
	}
	p.l.ok(err)
	if !got {
		p.l.broken("S9", "all", "the lease of %s is not to be had after its time", name)
	}
	p.duties[name] = &duty{node, lease, p.newCycle(&vault{Store: p.db.Under(lease), p: p, lease: lease}, live...)}
}

// step renews the lease of a duty and does one step under it, as a job does.
func (p *process) step(name string, do func(c *scheduler.Cycle, ctx context.Context) (scheduler.Report, error)) (scheduler.Report, error) {
	d := p.duties[name]
	lease, got, err := p.db.Acquire(p.l.Context(), name, d.node, span)
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
			p.takeUp("b"+p.duties[name].node, name, live)
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
