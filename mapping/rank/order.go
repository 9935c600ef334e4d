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
}

// Placement is where an item stands.
type Placement struct {
	ID work.ItemID
	// Place is the place in the item's team and Overall among all items; 1 is
	// first.
	Place, Overall int
	// Tie is the place in the team of the first item that this one cannot be
	// told from: their intervals overlap. It is Place where there is none.
	Tie int
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
// The outcome is the same for any order of the entries. Tiers are the items'
// own: an entry more or less changes nobody's score or tier.
func (r *Ranker) Order(entries []Entry, asOf time.Time) []Placement {
	placements, _ := r.Places(entries, every(entries), asOf)
	return placements
}

// Places is Order of some of the entries, with the index of each placement's
// entry. It is quickest where they are given in the last order.
func (r *Ranker) Places(entries []Entry, some []int, asOf time.Time) (placements []Placement, indexes []int) {
	keys := sorted(entries, some, r.order)
	placements, indexes = make([]Placement, 0, len(keys)), make([]int, 0, len(keys))
	teams := make(map[string]*leader)
	for overall, k := range keys {
		e := &entries[k.index]
		lead := teams[e.Team]
		if lead == nil {
			lead = &leader{}
			teams[e.Team] = lead
		}
		lead.place++
		if lead.entry == nil || r.apart(lead.entry, e) {
			lead.entry, lead.at = e, lead.place
		}
		p := Placement{ID: e.ID, Place: lead.place, Overall: overall + 1, Tie: lead.at}
		p.Tier, p.Memory = r.tierOf(e.Scored, e.Previous, asOf)
		p.Memory.Place = p.Overall
		placements, indexes = append(placements, p), append(indexes, k.index)
	}
	return placements, indexes
}

// leader is the first item of a group that cannot be told apart, and the last
// place given in its team.
type leader struct {
	entry     *Entry
	at, place int
}

// apart reports whether the second entry is surely behind the first: in a later
// horizon, where that counts before scores, or below its interval.
func (r *Ranker) apart(first, second *Entry) bool {
	if r.order[0] == "horizon" && first.Horizon != second.Horizon {
		return true
	}
	return deciding(second, r.order).High < deciding(first, r.order).Low
}

// WhyOrder returns the order in which items fill the horizons: by the lens
// why, with the tie-break of Order. Horizons do not count in it.
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
	keys := sorted(entries, some, []string{"why", "next"})
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

// sorted returns the keys of some of the entries in their order.
func sorted(entries []Entry, some []int, order []string) []key {
	k := keys{all: make([]key, len(some)), entries: entries}
	for n, i := range some {
		e := &entries[i]
		one := key{previous: e.Previous.Place, created: e.Created, index: i}
		if one.previous <= 0 {
			one.previous = math.MaxInt
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
