package view

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// mind holds what is decided on what is stored. It decides anew when something
// was stored, and not more often than a tenth of the time: what it shows may be
// so much older, but for those who just decided something themselves.
type mind struct {
	conf Config
	// acted: somebody decided something since.
	acted atomic.Bool

	mu   sync.Mutex
	last *decision
	seq  int64
	day  time.Time
	at   time.Time
	took time.Duration
}

// decision is an outcome with what its pages need of it. Nobody changes it.
type decision struct {
	outcome *engine.Outcome
	// snap is what of the snapshot later questions ask for: where items stood
	// before, and all that is small. Feedback is read where it is asked for.
	snap *engine.Snapshot

	// recall is what was found out about it.
	recall recall

	// held counts the holds of each item, once somebody asks.
	holding sync.Once
	held    map[work.ItemID]int
	// texts are what is looked through, once somebody looks for something.
	reading sync.Once
	texts   []string
	// waiting are the items that need others, once somebody asks.
	needing sync.Once
	waiting []engine.Dependence
	// packings are what fits into the next sprint, by team.
	fitting  sync.Mutex
	packings map[string]packing
	// teaching finds work for feedback, once somebody asks.
	teaching sync.Mutex
	teacher  *teacher
}

// decided returns an outcome that is as new as it may be.
func (m *mind) decided(ctx context.Context) (*decision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.conf.Now()
	day := now.UTC().Truncate(24 * time.Hour)
	if !m.acted.Swap(false) && m.last != nil && m.day.Equal(day) && now.Sub(m.at) < 9*m.took {
		return m.last, nil
	}
	seq, err := m.conf.Store.Seq(ctx)
	if err != nil {
		return nil, err
	}
	if m.last != nil && m.seq == seq && m.day.Equal(day) {
		return m.last, nil
	}
	began := time.Now()
	snapshot, err := m.conf.Store.Snapshot(ctx, day)
	if err != nil {
		return nil, err
	}
	outcome := engine.Evaluate(m.conf.Rules, snapshot)
	outcome.Gate(m.conf.Guard(), snapshot)
	small := snapshot.Small()
	small.Previous = snapshot.Previous
	m.last = &decision{outcome: &outcome, snap: &small}
	m.seq, m.day, m.at, m.took = snapshot.Seq, day, now, time.Since(began)
	return m.last, nil
}

// holds is how many holds an item has.
func (d *decision) holds(item work.ItemID) int {
	d.holding.Do(func() {
		d.held = map[work.ItemID]int{}
		for i := range d.outcome.Plan.Holds {
			d.held[d.outcome.Plan.Holds[i].Item]++
		}
	})
	return d.held[item]
}

// lens shows a visitor what it may see.
type lens struct {
	*Visit
	*decision
}

// lens looks at what is decided; all of a visit looks at the same.
func (vi *Visit) lens() (*lens, error) {
	if vi.looked == nil {
		d, err := vi.desk.mind.decided(vi.ctx)
		if err != nil {
			return nil, err
		}
		vi.looked = &lens{vi, d}
	}
	return vi.looked, nil
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
