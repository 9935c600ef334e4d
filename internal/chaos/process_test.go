package chaos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
	"tandem/scheduler"
)

// process is one run of the daemon, from its start to its end or its death.
type process struct {
	l      *life
	db     *store.Store
	beside *store.Store // of another node; the same where there is none
	cycle  *scheduler.Cycle
	live   []scheduler.Live
	rules  *engine.Rules
	guard  plan.Guard
	high   int // that its rules have

	open   func() []scheduler.Live // connectors anew, as another node does
	duties map[string]*duty
	held   []work.Lease // without duties, and what it gave back
	late   string       // the connector whose next write is held up
	lands  bool         // and arrives all the same
	// unaware: whoever is held up does not notice that its time is over.
	unaware bool

	mu   sync.Mutex
	dead bool
	// turn is which connector's moment it is, so that what happens side by
	// side happens in the same order each time.
	stale map[string]bool // connector/stream whose last read failed
	last  *engine.Outcome
}

// errDead is what a dead process sees of the world.
var errDead = errors.New("the process is dead")

// start begins a process: settings, rules, connectors, store.
func (l *life) start() {
	l.Helper()
	p := &process{l: l, high: l.high, stale: map[string]bool{}}
	l.proc = p
	settings, document, mistakes := config.Load(filepath.Join(l.folder, "tandem.yaml"), nil)
	if len(mistakes) > 0 {
		l.Fatal(mistakes)
	}
	schemas, places := map[string]work.Schema{}, map[string][]string{}
	instances := map[string]connectors.Instance{}
	for _, c := range settings.Connectors {
		definition, _ := all.Lookup(c.Kind)
		instance, problems := definition.New(c.Name, c.Decode)
		if len(problems) > 0 {
			l.Fatal(c.Diagnose(problems))
		}
		schemas[c.Name], places[c.Name], instances[c.Name] = definition.Schema, instance.Places(), instance
	}
	p.compile(settings, document, engine.Env{Schemas: schemas, Places: places})
	p.modes(settings)
	program := p.rules.Program()
	p.open = func() (opened []scheduler.Live) {
		for _, c := range settings.Connectors {
			definition, _ := all.Lookup(c.Kind)
			needs, features := program.Needs(c.Name), program.Features(c.Name)
			signs := connectors.Owner{}
			if l.shape.signs {
				signs = owner()
			}
			conn, err := instances[c.Name].Open(l.Context(), connectors.Env{
				Name: c.Name, Owner: signs, Fields: needs, Features: features, Watched: program.Watched(c.Name), Now: l.now, Log: l.log(), Transport: road{p, c.Name, &toll{spent: map[string]time.Time{}}},
			})
			l.ok(err)
			opened = append(opened, scheduler.Live{Name: c.Name, Kind: c.Kind, Streams: definition.StreamsOf(instances[c.Name], slices.Concat(needs, features)), Conn: *conn})
		}
		p.live = append(p.live, opened...)
		return opened
	}
	live := p.open()
	p.guard.Awaited = scheduler.Awaited(live...)
	l.insists(func() (err error) {
		p.db, err = store.Open(l.Context(), settings.Store, settings.Instance, p.options())
		return err
	})
	p.pairs(settings)
	p.cycle = p.newCycle(&vault{Store: p.db, p: p}, live...)
	l.births++
	switch node := fmt.Sprintf("a%d", l.births); { // a node is one run of a process
	case l.shape.jobs:
		p.host(node, live)
	case l.wire != nil:
		p.alone(node, live)
	}
}

func (p *process) newCycle(db *vault, live ...scheduler.Live) *scheduler.Cycle {
	return scheduler.New(scheduler.Config{
		Workers: 1, Store: db, Rules: p.rules, Connectors: live, Guard: p.guard, ConfigHash: "chaos", Log: p.l.log(), Now: p.l.now,
	})
}

func (p *process) compile(settings config.Settings, document *config.Document, env engine.Env) {
	rules, mistakes := config.ReadRules(settings, document)
	if len(mistakes) > 0 {
		p.l.Fatal(mistakes)
	}
	var spec engine.Spec
	if mistakes := rules.Decode(&spec); len(mistakes) > 0 {
		p.l.Fatal(mistakes)
	}
	compiled, problems := engine.Compile(spec, env)
	if len(problems) > 0 {
		p.l.Fatal(rules.Diagnose(problems))
	}
	p.rules = compiled
}

func (p *process) modes(settings config.Settings) {
	p.guard = plan.Guard{
		Instance: settings.Write, Connectors: map[string]work.WriteMode{}, Teams: map[string]work.WriteMode{},
		Fields: map[work.Field]work.WriteMode{}, BrakeEdits: settings.Brake.Edits, BrakeShare: settings.Brake.Share,
		Ramp:     p.rules.Adopt().Ramp,
		Calendar: plan.Calendar{Instance: settings.Windows(), Zone: settings.Location()},
	}
	for _, c := range settings.Connectors {
		p.guard.Connectors[c.Name] = c.Write
	}
	for _, t := range p.rules.Org().Teams() {
		p.guard.Teams[t.Name] = t.Write
	}
}

func (p *process) close() {
	for _, live := range p.live {
		if live.Conn.Close != nil {
			p.l.ok(live.Conn.Close())
		}
	}
	if p.l.wire != nil && !p.isDead() {
		p.leave()
	}
	if p.beside != p.db {
		p.l.ok(p.beside.Close())
	}
	p.l.ok(p.db.Close())
	p.db = nil
}

// restart ends the process, in order or not, and begins another.
func (l *life) restart() {
	l.proc.close()
	l.start()
}

func (p *process) die() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// frame is how long one round of all connectors takes: each has its own moment
// in it. Whatever runs side by side is then in the same order each time.
const frame = 12 * time.Millisecond

func moment(connector string) time.Duration {
	return map[string]time.Duration{"jira": time.Millisecond, "github": 4 * time.Millisecond, "plan": 7 * time.Millisecond}[connector]
}

// align waits for the connector's moment.
func align(connector string) {
	at := moment(connector)
	if at == 0 {
		return
	}
	now := time.Now()
	next := now.Truncate(frame).Add(at)
	if next.Before(now) {
		next = next.Add(frame)
	}
	time.Sleep(next.Sub(now))
}

// road carries the requests of a connector.
type road struct {
	p         *process
	connector string
	toll      *toll
}

// RoundTrip takes a request to its service, unless the process dies on the way.
func (r road) RoundTrip(req *http.Request) (*http.Response, error) {
	align(r.connector)
	if r.p.isDead() {
		return nil, errDead
	}
	r.toll.asks(r.p.l, r.connector, req)
	writes := req.Method != http.MethodGet
	if writes && r.p.l.fate(r.p, "request "+req.Method+" "+req.URL.Path, r.connector) == before {
		return nil, errDead
	}
	if writes {
		r.p.l.meets(req)
		if r.p.late == r.connector && isWrite(req) {
			r.p.overtaken(r.connector) //nolint:contextcheck // another node's work, in its own time
			if !r.p.lands && req.Context().Err() != nil {
				return nil, req.Context().Err()
			}
			req = req.WithContext(context.WithoutCancel(req.Context()))
		}
	}
	resp, err := r.p.l.refuses(req), error(nil)
	if resp == nil {
		resp, err = r.p.l.hosts().RoundTrip(req)
	}
	if err == nil {
		r.toll.hears(req, resp)
	}
	if r.p.isDead() || writes && r.p.l.fate(r.p, "", r.connector) == after {
		return nil, errDead
	}
	return resp, err
}

// fateful is when something strikes: before a step or after it.
type fateful int

const (
	spared fateful = iota
	before
	after
)

// doom strikes the process at one of its steps.
type doom struct {
	left  int
	after bool
	due   bool // strikes after this step
	// gone and full let calls of the store fail, so many of them; vague lets
	// them do their work and fail all the same.
	gone, full, vague int
}

// fate counts a step that is about to begin, or with an empty name one that
// ended.
func (l *life) fate(p *process, step, where string) fateful {
	l.mu.Lock()
	d := l.doom
	if d == nil || d.left < 0 {
		l.mu.Unlock()
		return spared
	}
	strike := spared
	if step == "" {
		if d.due {
			d.due, d.left, strike = false, -1, after
		}
	} else if d.left--; d.left == 0 {
		if d.after {
			d.due = true
		} else {
			d.left, strike = -1, before
		}
	}
	l.mu.Unlock()
	if strike != spared {
		p.die()
		l.strikes("process killed", fmt.Sprintf("%s %s (%s)", []string{"", "before", "after"}[strike], step, where))
	}
	return strike
}

// owner is how Tandem signs what it writes, where it does.
func owner() connectors.Owner { return connectors.Owner{Instance: "acme-chaos", Store: "CHAOS"} }
