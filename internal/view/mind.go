package view

import (
	"context"
	"sync"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// mind holds what is decided on what is stored. It decides anew when something
// was stored, and not more often than a tenth of the time: what it shows may be
// so much older.
type mind struct {
	conf Config

	mu      sync.Mutex
	outcome *engine.Outcome
	seq     int64
	day     time.Time
	at      time.Time
	took    time.Duration
}

// decided returns an outcome that is as new as it may be.
func (m *mind) decided(ctx context.Context) (*engine.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.conf.Now()
	day := now.UTC().Truncate(24 * time.Hour)
	if m.outcome != nil && m.day.Equal(day) && now.Sub(m.at) < 9*m.took {
		return m.outcome, nil
	}
	seq, err := m.conf.Store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	if m.outcome != nil && m.seq == seq && m.day.Equal(day) {
		return m.outcome, nil
	}
	began := time.Now()
	snapshot, err := m.conf.Store.Snapshot(ctx, day)
	if err != nil {
		return nil, err
	}
	outcome := engine.Evaluate(m.conf.Rules, snapshot)
	outcome.Gate(m.conf.Guard(), snapshot)
	m.outcome, m.seq, m.day, m.at, m.took = &outcome, snapshot.Seq, day, now, time.Since(began)
	return m.outcome, nil
}

// lens shows a visitor what it may see.
type lens struct {
	*Visit

	outcome *engine.Outcome
}

func (vi *Visit) lens() (*lens, error) {
	outcome, err := vi.desk.mind.decided(vi.ctx)
	if err != nil {
		return nil, err
	}
	return &lens{vi, outcome}, nil
}

// sight is how much of an item a client may see.
type sight uint8

const (
	nothing sight = iota
	// surface is what its records show.
	surface
	// everything is also what was derived, and from what: feedback may be
	// stricter than the item.
	everything
)

// sightOf says how much of an item may be seen: no more than of the strictest
// of its records.
func (l *lens) sightOf(d *engine.Decided) sight {
	switch {
	case !l.sees(d.Item.Audience):
		return nothing
	case !l.sees(d.Voices):
		return surface
	default:
		return everything
	}
}

// at says how much of a record may be seen, and finds its item. Of one that
// nobody knows any more nothing is shown but to those who see everything.
func (l *lens) at(ref work.RefID) (sight, *engine.Decided) {
	d, ok := l.outcome.Find(ref)
	if ok {
		return l.sightOf(d), d
	}
	return l.stranger(), nil
}

// stranger is how much of something without an audience may be seen.
func (l *lens) stranger() sight {
	if l.who.Audience == work.Restricted {
		return everything
	}
	return nothing
}

// restriction is what an answer says of something that may not be seen as a
// whole.
func (s sight) restriction() string {
	return [...]string{"item", "reasons", ""}[s]
}
