package view

import (
	"context"
	"sync"
	"time"

	"tandem/internal/engine"
)

// mind holds what is decided on what is stored. Where Keep runs it is brought up
// to date beside the visitors; else by those who look, not more often than a
// tenth of the time: what is shown may be so much older, but for those who just
// decided something themselves.
type mind struct {
	conf Config

	mu   sync.Mutex
	last *decision
	// at is when the last one was decided, or found to be the newest still.
	at   time.Time
	took time.Duration
	// acted: who decided something since they last looked.
	acted map[string]bool
	// looked is when somebody last looked.
	looked time.Time
	keeper keeper
}

// decision is an outcome with what its pages need of it. Nobody changes it.
type decision struct {
	outcome *engine.Outcome
	// snap is what of the snapshot later questions ask for: where items stood
	// before, and all that is small. Feedback is read where it is asked for.
	snap *engine.Snapshot
	// seq and day are of what it was decided on.
	seq int64
	day time.Time

	// recall is what was found out about it.
	recall recall
	// teaching finds work for feedback, once somebody asks.
	teaching sync.Mutex
	teacher  *teacher
}

func (m *mind) today() time.Time { return m.conf.Now().UTC().Truncate(24 * time.Hour) }

// note notes that somebody decided something, and is to see what became of it.
func (m *mind) note(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.acted == nil {
		m.acted = map[string]bool{}
	}
	m.acted[name] = true
}

// decided returns an outcome that is as new as it may be for somebody.
func (m *mind) decided(ctx context.Context, name string) (*decision, error) {
	m.mu.Lock()
	m.looked = m.conf.Now()
	if m.keeper.runs {
		exact := m.acted[name]
		delete(m.acted, name)
		m.mu.Unlock()
		return m.wait(ctx, exact)
	}
	defer m.mu.Unlock()
	exact := len(m.acted) > 0
	clear(m.acted)
	now, day := m.conf.Now(), m.today()
	if !exact && m.last != nil && m.last.day.Equal(day) && now.Sub(m.at) < 9*m.took {
		return m.last, nil
	}
	began := time.Now()
	next, err := m.decide(ctx, m.last)
	if err != nil {
		return nil, err
	}
	if next != m.last {
		m.last, m.at, m.took = next, now, time.Since(began)
	}
	return m.last, nil
}

// decide decides on what is stored; last where that is the newest still.
func (m *mind) decide(ctx context.Context, last *decision) (*decision, error) {
	seq, err := m.conf.Store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	day := m.today()
	if last != nil && last.seq == seq && last.day.Equal(day) {
		return last, nil
	}
	snapshot, err := m.conf.Store.Snapshot(ctx, day)
	if err != nil {
		return nil, err
	}
	outcome := engine.Evaluate(m.conf.Rules, snapshot)
	outcome.Gate(m.conf.Guard(), snapshot)
	small := snapshot.Small()
	small.Previous = snapshot.Previous
	return &decision{outcome: &outcome, snap: &small, seq: snapshot.Seq, day: day}, nil
}
