package view

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
)

// keptPlan is the newest kept run with its plan. Nobody changes it.
type keptPlan struct {
	engine.Run

	// hash stands for the plan: what was found out about it counts for every run
	// with the same one.
	hash string
	// folds says of each edit which kind of change it is.
	folds func() []string
}

func newKeptPlan(run *engine.Run, hash string) *keptPlan {
	edits := run.Plan.Edits
	return &keptPlan{*run, hash, sync.OnceValue(func() []string {
		keys := make([]string, len(edits))
		for i := range edits {
			keys[i] = foldOf(&edits[i])
		}
		return keys
	})}
}

// plans keeps the newest plan that was asked for: a large one is read once.
type plans struct {
	reading sync.Mutex // one reads, and others wait for it

	mu   sync.Mutex
	kept *keptPlan
}

// last is the newest plan that was read; nil where none was.
func (p *plans) last() *keptPlan {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept
}

func (p *plans) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = nil
}

// renew reads the newest plan where somebody asked for one before. It reports
// whether it is another one.
func (p *plans) renew(ctx context.Context, db Store) (bool, error) {
	before := p.last()
	if before == nil {
		return false, nil
	}
	now, err := p.newest(ctx, db)
	return err == nil && now != nil && now.hash != before.hash, err
}

// newest returns the newest plan; nil where there is none.
func (p *plans) newest(ctx context.Context, db Store) (*keptPlan, error) {
	run, hash, ok, err := db.Newest(ctx)
	if err != nil || !ok {
		return nil, err
	}
	if last := p.last(); last != nil && last.Seq >= run.Seq {
		return last, nil
	}
	p.reading.Lock()
	defer p.reading.Unlock()
	last := p.last()
	switch {
	case last != nil && last.Seq >= run.Seq: // who came before has read it
		return last, nil
	case last != nil && last.hash == hash:
		same := *last
		run.Plan = last.Plan
		same.Run = run
		last = &same
	default:
		if run, ok, err = db.LastRun(ctx); err != nil || !ok {
			return nil, err
		}
		newest, now, _, err := db.Newest(ctx)
		if err != nil {
			return nil, err
		}
		if hash = now; newest.Seq != run.Seq { // there is another one by now
			hash = "run " + strconv.FormatInt(run.Seq, 10)
		}
		last = newKeptPlan(&run, hash)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept = last
	return last, nil
}

// newest returns the newest kept run, to decide about it.
func (vi *Visit) newest() (*keptPlan, error) {
	kept, err := vi.desk.plans.newest(vi.ctx, vi.desk.conf.Store)
	if err == nil && kept == nil {
		err = noPlan()
	}
	return kept, err
}

// shown returns the newest kept run that is known, to look at it: where a newer
// one is being read it may be the one before.
func (vi *Visit) shown() (*keptPlan, *lens, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, nil, err
	}
	if vi.plan == nil {
		if vi.plan, err = vi.latest(); err != nil {
			return nil, nil, err
		}
	}
	return vi.plan, l, nil
}

// latest waits a moment for the newest plan where it is read beside the visitors.
func (vi *Visit) latest() (*keptPlan, error) {
	d := vi.desk
	moment := time.NewTimer(shortWait)
	defer moment.Stop()
	for {
		run, _, ok, err := d.conf.Store.Newest(vi.ctx)
		if err != nil {
			return nil, err
		}
		kept := d.plans.last()
		d.mind.mu.Lock()
		k, old := d.mind.keeper, d.conf.Now().Sub(d.mind.at) > stalest
		d.mind.mu.Unlock()
		switch {
		case ok && kept != nil && kept.Seq >= run.Seq:
			return kept, nil
		case !k.runs || kept == nil || old:
			return vi.newest()
		}
		if newer, err := d.mind.await(vi.ctx, &k, false, moment.C); err != nil || !newer {
			return kept, err
		}
	}
}

// planned returns all that a plan is shown by: the newest run, the eyes of the
// visitor, and the approvals that count.
func (vi *Visit) planned() (*keptPlan, *lens, map[string]plan.Approval, error) {
	run, l, err := vi.shown()
	if err != nil {
		return nil, nil, nil, err
	}
	open, err := vi.open()
	return run, l, open, err
}

// open returns the approvals that count, by the id of the edit: they come first.
func (vi *Visit) open() (map[string]plan.Approval, error) {
	for limit := 1000; ; limit *= 10 {
		all, err := vi.desk.conf.Store.Approvals(vi.ctx, limit)
		if err != nil {
			return nil, err
		}
		over := slices.IndexFunc(all, func(p plan.Approval) bool { return !p.Ended.IsZero() })
		switch {
		case over >= 0:
			return plan.Approvals(all[:over]), nil
		case len(all) < limit:
			return plan.Approvals(all), nil
		}
	}
}
