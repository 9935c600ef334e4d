package view

import (
	"context"
	"time"
)

// keeper brings a mind up to date beside the visitors.
type keeper struct {
	runs bool
	// rests: it decided a moment ago.
	rests bool
	// turn is closed whenever it has done something, or ends; failed is why it
	// could not.
	turn   chan struct{}
	failed error
	// news asks it to look, urgent at once: somebody waits.
	news, urgent chan struct{}
	// waiting counts who waits for as long as it takes, and early is for them:
	// what was asked of the decision before is not found out about it yet.
	waiting int
	early   *decision
}

const (
	// lookEvery is how often is looked whether something was stored.
	lookEvery = 2 * time.Second
	// wanted is for how long after somebody looked the next decisions are made
	// before anybody asks: over a weekend. Then all is let go.
	wanted = 4 * 24 * time.Hour
	// shortWait is how long somebody waits for a newer decision who only looks.
	shortWait = 200 * time.Millisecond
	// stalest is how long ago it was looked at most whether there is a newer
	// decision, for those who only look.
	stalest = 2 * time.Minute
	// longestRest is how long nothing is decided at most: a tenth of the time goes
	// to deciding, and no more.
	longestRest = 30 * time.Second
)

// Keep decides anew beside the visitors whenever something was stored, until the
// context ends, so that nobody who looks waits for it: meanwhile they see what
// was decided before. Only who decided something waits to see what became of it,
// and who comes first of all. It is for one goroutine; where nobody looked for
// days it does nothing.
func (d *Desk) Keep(ctx context.Context) {
	m := &d.mind
	m.begin()
	defer m.end()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-m.keeper.news:
		case <-m.keeper.urgent:
		}
		if d.renew(ctx) {
			m.rest(ctx)
		}
	}
}

func (m *mind) begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keeper = keeper{runs: true, turn: make(chan struct{}), news: make(chan struct{}, 1), urgent: make(chan struct{}, 1)}
}

func (m *mind) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keeper.runs = false
	close(m.keeper.turn)
}

// renew brings up to date what is shown. It reports whether something was
// decided.
func (d *Desk) renew(ctx context.Context) bool {
	m := &d.mind
	m.mu.Lock()
	last, since := m.last, m.conf.Now().Add(-wanted)
	unwanted := m.looked.Before(since)
	if unwanted {
		m.last = nil
	}
	m.mu.Unlock()
	if unwanted {
		d.plans.forget()
		return false
	}
	began := time.Now()
	next, err := m.decide(ctx, last)
	if err != nil {
		m.turned(last, err)
		return false
	}
	if next != last {
		m.hand(next)
	}
	planned, err := d.plans.renew(ctx, d.conf.Store)
	if last != nil && (next != last || planned) {
		d.warm(ctx, next, last, since)
	}
	m.turned(next, err)
	if next == last {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.took = time.Since(began)
	return true
}

// hand gives a decision to those who wait for as long as it takes.
func (m *mind) hand(early *decision) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.keeper.waiting == 0 {
		return
	}
	m.keeper.early, m.keeper.failed = early, nil
	m.keeper.next()
}

// next wakes up who waits.
func (k *keeper) next() {
	close(k.turn)
	k.turn = make(chan struct{})
}

// turned shows a decision, or says why there is none.
func (m *mind) turned(next *decision, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.keeper.failed = err; err == nil {
		m.last, m.at, m.keeper.early = next, m.conf.Now(), nil
	}
	m.keeper.next()
}

// rest lets nine tenths of the time pass without deciding, unless somebody waits.
func (m *mind) rest(ctx context.Context) {
	m.mu.Lock()
	m.keeper.rests = true
	timer := time.NewTimer(min(9*m.took, longestRest))
	m.mu.Unlock()
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-m.keeper.urgent:
		signal(m.keeper.urgent) // it is seen to next
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keeper.rests = false
}

// signal leaves word, once.
func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// covers reports whether a decision is as new as that.
func (d *decision) covers(seq int64, day time.Time) bool {
	return d != nil && d.seq >= seq && !d.day.Before(day)
}

// wait returns what is decided on what is stored by now. Who only looks gets
// what was decided before where that takes longer than a moment.
func (m *mind) wait(ctx context.Context, exact bool) (*decision, error) {
	seq, err := m.conf.Store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	day := m.today()
	moment := time.NewTimer(shortWait)
	defer moment.Stop()
	for {
		m.mu.Lock()
		last, k, old := m.last, m.keeper, m.conf.Now().Sub(m.at) > stalest
		m.mu.Unlock()
		exact = exact || last == nil || old
		switch {
		case last.covers(seq, day):
			return last, nil
		case exact && k.early.covers(seq, day):
			return k.early, nil
		case !k.runs:
			return m.decide(ctx, last)
		case !exact && k.rests:
			return last, nil
		}
		if newer, err := m.await(ctx, &k, exact, moment.C); err != nil || !newer {
			return last, err
		}
	}
}

// await waits for a turn; for a moment only where it need not be exact, and not
// at all where the last one took longer. It reports whether there was one.
func (m *mind) await(ctx context.Context, k *keeper, exact bool, moment <-chan time.Time) (bool, error) {
	if exact {
		m.waits(1)
		defer m.waits(-1)
		signal(k.urgent)
		moment = nil
	} else {
		signal(k.news)
		if m.slow() {
			return false, nil
		}
	}
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-moment:
		return false, nil
	case <-k.turn:
		m.mu.Lock()
		defer m.mu.Unlock()
		return true, m.keeper.failed
	}
}

// slow reports whether the last decision took longer than who only looks waits.
func (m *mind) slow() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.took > shortWait
}

func (m *mind) waits(more int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keeper.waiting += more
}
