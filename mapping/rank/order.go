package rank

import (
	"math"
	"slices"
	"sort"
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
	// Circle is the same number for all of them; 0 where there is none.
	Circle int32
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
	standing := r.Places(new(Desk), entries, every(entries), 0)
	placements := make([]Placement, standing.Len())
	for n := range placements {
		e := &entries[standing.Entry(n)]
		placements[n] = standing.At(n)
		p := &placements[n]
		p.Tier, p.Memory = r.Tier(e.Scored, e.Previous, asOf)
		p.Memory.Place = p.Overall
	}
	return placements
}

// Desk is room to work in, to be used again and again. It holds nothing that is
// of use from one time to the next.
type Desk struct {
	keys, wrong []key
	rows        []row
	teams       []leader
	byName      map[string]int32
}

// row is what an item finds out in the order.
type row struct {
	place, tie, last int32
	by               Break
}

// Standing is an order of entries. It is good until its desk is used again.
type Standing struct {
	bound

	rows []row
}

// Len is how many entries stand in it.
func (s *Standing) Len() int { return len(s.keys) }

// Entry is the index of the n-th one.
func (s *Standing) Entry(n int) int { return s.keys[n].index }

// Circles reports whether any of them need each other in a circle.
func (s *Standing) Circles() bool { return len(s.rings) > 0 }

// At returns where the n-th one stands, but for what Tier knows.
func (s *Standing) At(n int) Placement {
	row, index := &s.rows[n], s.keys[n].index
	return Placement{
		ID: s.entries[index].ID, Overall: n + 1, NeededBy: s.neededBy(n), Ring: s.rings[index].ids, Circle: s.rings[index].number,
		Place: int(row.place), Tie: int(row.tie), TieLast: int(row.last), Break: row.by,
	}
}

// Places is Order of some of the entries, without their tiers. Those left out
// bind nothing. It is quickest where they are given in the last order. The first
// ones, so many as are held, are given in the order of their last places, and
// the others have none: then nobody's Previous is looked at. It is where none are
// held.
func (r *Ranker) Places(desk *Desk, entries []Entry, some []int, held int) Standing {
	ties := byLastPlace
	if held > 0 {
		ties = tieBreak(held)
	}
	s := Standing{bound: bind(entries, r.sorted(desk, entries, some, r.order, ties))}
	s.rows = slices.Grow(desk.rows[:0], len(s.keys))[:len(s.keys)]
	desk.rows = s.rows
	desk.byName, desk.teams = map[string]int32{}, desk.teams[:0]
	t := groups{ranker: r, desk: desk, standing: &s}
	for n := range s.keys {
		t.join(n)
	}
	t.close()
	return s
}

// WhyOrder returns the order in which items fill the horizons: by the lens
// why, with the tie-break of Order, and what an item needs ahead of it. Neither
// horizons count in it nor the last place, which the horizons gave: what they
// are made of must not follow from them, or they move once more on the same day.
func (r *Ranker) WhyOrder(entries []Entry) []work.ItemID {
	ids := make([]work.ItemID, 0, len(entries))
	for _, i := range r.WhyPlaces(new(Desk), entries, every(entries)) {
		ids = append(ids, entries[i].ID)
	}
	return ids
}

// WhyPlaces is WhyOrder of some of the entries, by their indexes. It is quickest
// where they are given in the last such order.
func (r *Ranker) WhyPlaces(desk *Desk, entries []Entry, some []int) []int {
	keys := bind(entries, r.sorted(desk, entries, some, whyOrder(), byBirth)).keys
	order := make([]int, len(keys))
	for i := range keys {
		order[i] = keys[i].index
	}
	return order
}

// WhyAgain is WhyPlaces where all but some entries were in that order before:
// last is that order without them. None of them needs another. It may write over
// last.
func (r *Ranker) WhyAgain(desk *Desk, entries []Entry, last, some []int) []int {
	if len(some) == 0 {
		return last
	}
	if len(some) > 16+len(last)/8 {
		return r.WhyPlaces(desk, entries, append(last, some...))
	}
	few := slices.Clone(r.sorted(desk, entries, some, whyOrder(), byBirth))
	k, end, at := keys{entries: entries}, len(last), 0
	last = append(last, some...)
	for i, f := range slices.Backward(few) { // from behind, each part moves once
		at = sort.Search(end, func(n int) bool {
			one := r.keyOf(entries, last[n], whyOrder())
			return k.compare(&one, &f) > 0
		})
		copy(last[at+i+1:], last[at:end])
		last[at+i], end = f.index, at
	}
	return last
}

// whyOrder is what WhyOrder looks at.
func whyOrder() []string { return []string{"why", "next"} }

// every names all entries.
func every(entries []Entry) []int {
	all := make([]int, len(entries))
	for i := range all {
		all[i] = i
	}
	return all
}

// tieBreak is what decides between equals; above 0, as many as it says stand in
// the order of their last places.
type tieBreak int

const (
	byBirth     tieBreak = 0  // creation and id
	byLastPlace tieBreak = -1 // the last place before these
)

// sorted returns the keys of some of the entries in their order.
func (r *Ranker) sorted(desk *Desk, entries []Entry, some []int, order []string, ties tieBreak) []key {
	k := keys{all: slices.Grow(desk.keys[:0], len(some))[:len(some)], wrong: desk.wrong[:0], entries: entries}
	for n, i := range some {
		one := r.keyOf(entries, i, order)
		switch {
		case ties == byLastPlace && entries[i].Previous.Place > 0:
			one.previous = entries[i].Previous.Place
		case n < int(ties):
			one.previous = n
		}
		k.all[n] = one
	}
	k.mend()
	desk.keys, desk.wrong = k.all, k.wrong
	return k.all
}

// keyOf is the key of an entry, without the last place.
func (r *Ranker) keyOf(entries []Entry, index int, order []string) key {
	e := &entries[index]
	one := key{previous: math.MaxInt, created: e.Created, index: index}
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
	return one
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
