package rank

import (
	"math"
	"time"

	"tandem/internal/work"
)

// Entry is one item to be placed.
type Entry struct {
	ID   work.ItemID
	Team string
	// Horizon is 1 for the first horizon, 2 for the next; 0 is none, and last.
	Horizon int
	Scored
	Created  time.Time
	Previous Previous
	// Needs are the items that must come first. Those that are no entries
	// (finished ones) or belong to another team bind nothing.
	Needs []work.ItemID
}

// Placement is where an item stands.
type Placement struct {
	ID work.ItemID
	// Place is the place in the item's team and Overall among all items; 1 is
	// first.
	Place, Overall int
	// Tie and TieLast are the places in the team of the first and the last
	// item that this one cannot be told from: their intervals overlap. Both are
	// Place where there is none.
	Tie, TieLast int
	// Break is what decided between this item and the one above it in the tie;
	// for the first of a tie, the one below it.
	Break Break
	// NeededBy is the item for which this one moved ahead of its score; empty
	// where it did not. It is in no tie.
	NeededBy work.ItemID
	// Ring lists items that need each other in a circle, this one among them,
	// in the order of their ids. Do not change it.
	Ring []work.ItemID
	// Tier is the shared priority; empty where it is not known and the
	// priority is left alone.
	Tier string
	// Memory is the item's Previous in the next snapshot.
	Memory Previous
}

// key is what the order compares, ready for sorting.
type key struct {
	// by packs what `order:` says and the width of the interval, 16 bits each,
	// the first in the highest.
	by       uint64
	previous int
	created  time.Time
	index    int
}

// Order puts all entries in one total order and returns their placements in
// it. First what `order:` says decides (nearer horizon, higher score), then
//
//  1. the narrower interval of the deciding score,
//  2. the place of the last snapshot, so that equals do not swap,
//  3. the earlier creation,
//  4. the id.
//
// Then what an item needs moves ahead of it, see Entry.Needs. The outcome is
// the same for any order of the entries. Tiers are the items' own: an entry
// more or less changes nobody's score or tier.
func (r *Ranker) Order(entries []Entry, asOf time.Time) []Placement {
	placements, _ := r.Places(entries, every(entries), asOf)
	return placements
}

// Places is Order of some of the entries, with the index of each placement's
// entry. Those left out bind nothing. It is quickest where they are given in the last order.
func (r *Ranker) Places(entries []Entry, some []int, asOf time.Time) (placements []Placement, indexes []int) {
	bound := bind(entries, sorted(entries, some, r.order, byLastPlace))
	t := ties{ranker: r, entries: entries, teams: map[string]*leader{}}
	placements, indexes = make([]Placement, 0, len(some)), make([]int, 0, len(some))
	for overall, k := range bound.keys {
		e := &entries[k.index]
		p := Placement{ID: e.ID, Overall: overall + 1, NeededBy: bound.neededBy(overall), Ring: bound.rings[k.index]}
		p.Tier, p.Memory = r.tierOf(e.Scored, e.Previous, asOf)
		p.Memory.Place = p.Overall
		placements, indexes = append(placements, p), append(indexes, k.index)
		t.join(placements, k)
	}
	t.close(placements)
	return placements, indexes
}

// WhyOrder returns the order in which items fill the horizons: by the lens
// why, with the tie-break of Order, and what an item needs ahead of it. Neither
// horizons count in it nor the last place, which the horizons gave: what they
// are made of must not follow from them, or they move once more on the same day.
func (r *Ranker) WhyOrder(entries []Entry) []work.ItemID {
	ids := make([]work.ItemID, 0, len(entries))
	for _, i := range r.WhyPlaces(entries, every(entries)) {
		ids = append(ids, entries[i].ID)
	}
	return ids
}

// WhyPlaces is WhyOrder of some of the entries, by their indexes. It is quickest
// where they are given in the last such order.
func (r *Ranker) WhyPlaces(entries []Entry, some []int) []int {
	keys := bind(entries, sorted(entries, some, []string{"why", "next"}, byBirth)).keys
	order := make([]int, len(keys))
	for i := range keys {
		order[i] = keys[i].index
	}
	return order
}

// every names all entries.
func every(entries []Entry) []int {
	all := make([]int, len(entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// tieBreak is what decides between equals.
type tieBreak bool

const (
	byBirth     tieBreak = false // creation and id
	byLastPlace tieBreak = true  // the last place before these
)

// sorted returns the keys of some of the entries in their order.
func sorted(entries []Entry, some []int, order []string, ties tieBreak) []key {
	k := keys{all: make([]key, len(some)), entries: entries}
	for n, i := range some {
		e := &entries[i]
		one := key{previous: math.MaxInt, created: e.Created, index: i}
		if ties == byLastPlace && e.Previous.Place > 0 {
			one.previous = e.Previous.Place
		}
		for _, by := range order {
			switch by {
			case "horizon":
				one.by = one.by<<16 | nearness(e.Horizon)
			case "why":
				one.by = one.by<<16 | tenths(100-e.Why.Value)
			default:
				one.by = one.by<<16 | tenths(100-e.Next.Value)
			}
		}
		score := deciding(e, order)
		one.by = one.by<<16 | tenths(score.High-score.Low)
		k.all[n] = one
	}
	k.mend()
	return k.all
}

// nearness packs a horizon: no horizon is the farthest.
func nearness(horizon int) uint64 {
	if horizon <= 0 {
		return math.MaxUint16
	}
	return uint64(min(horizon, math.MaxUint16-1))
}

// tenths packs points, which have one decimal.
func tenths(points float64) uint64 { return uint64(math.Round(10 * min(max(points, 0), 100))) }

// deciding returns the score that the order looks at first.
func deciding(e *Entry, order []string) *Score {
	for _, by := range order {
		switch by {
		case "why":
			return &e.Why
		case "next":
			return &e.Next
		}
	}
	return &e.Next
}
