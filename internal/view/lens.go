package view

import (
	"tandem/internal/engine"
	"tandem/internal/work"
)

// lens shows a visitor what it may see.
type lens struct {
	*Visit
	*decision
}

// lens looks at what is decided; all of a visit looks at the same.
func (vi *Visit) lens() (*lens, error) {
	if vi.looked == nil {
		d, err := vi.desk.mind.decided(vi.ctx, vi.who.Name)
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

// holds is how many holds an item has.
func (l *lens) holds(item work.ItemID) int { return held(l)[item] }

// held counts the holds of each item.
func held(l *lens) map[work.ItemID]int {
	return common(l, "held", "", func(o *engine.Outcome) map[work.ItemID]int {
		counts := map[work.ItemID]int{}
		for i := range o.Plan.Holds {
			counts[o.Plan.Holds[i].Item]++
		}
		return counts
	})
}

// dependences are the items that need others.
func (l *lens) dependences() []engine.Dependence {
	return common(l, "dependences", "", func(o *engine.Outcome) []engine.Dependence { return o.Dependences() })
}

// lanes are the horizons of a team with what stands in them.
func (l *lens) lanes(team string) []engine.Lane {
	rules := l.desk.conf.Rules
	return common(l, "lanes", team, func(o *engine.Outcome) []engine.Lane { return o.Lanes(rules, team) })
}
