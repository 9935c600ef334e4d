package backlog

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// Decide says which records move. The entries are parallel to the order.
func Decide(s *State, entries []Entry, p Policy) Verdict {
	places := index(s.IDs)
	d := decision{ids: s.IDs, entries: entries, pins: make([]*Pin, len(s.IDs))}
	for id, pin := range pins(s, entries, &p, places) {
		d.pins[places[id]] = pin
	}
	result := d.arrange(d.stays)
	v := Verdict{Moves: d.moves(result), Result: make([]string, len(result))}
	for place, i := range result {
		v.Result[place] = s.IDs[i]
	}
	d.tell(&v)
	return v
}

// decision is the working state of one Decide. Records are numbers: their
// places in the observed order.
type decision struct {
	ids     []string
	entries []Entry
	pins    []*Pin // nil for most
}

// stays reports whether the record keeps its place.
func (d *decision) stays(i int) bool { return d.pins[i] != nil || d.entries[i].stance() != Free }

// bound reports whether the record keeps its place whatever people did.
func (d *decision) bound(i int) bool { return d.entries[i].stance() == Fixed }

// arrange returns the records in their new order: those that stay keep their
// places, the others fill the rest in the order that Tandem wants. One without
// an opinion comes behind all others.
func (d *decision) arrange(stays func(i int) bool) []int {
	var staying, free []int
	for i := range d.ids {
		if stays(i) {
			staying = append(staying, i)
		} else {
			free = append(free, i)
		}
	}
	place := func(i int) int { return cmp.Or(d.entries[i].Place, len(d.ids)+1) }
	slices.SortStableFunc(free, func(a, b int) int { return cmp.Compare(place(a), place(b)) })
	result := make([]int, len(d.ids))
	for i := range result {
		result[i] = -1
	}
	for k, goal := range d.goals(staying) {
		result[goal] = staying[k]
	}
	for at := range result {
		if result[at] < 0 {
			result[at], free = free[0], free[1:]
		}
	}
	return result
}

// goals returns where those that stay belong: where they are, unless moves
// that were cut short shifted them. They never change their order.
func (d *decision) goals(staying []int) []int {
	goals := make([]int, len(staying))
	least := 0
	for k, i := range staying {
		goals[k] = i
		if d.pins[i] != nil {
			goals[k] -= d.pins[i].Drift
		}
		goals[k] = max(goals[k], least)
		least = goals[k] + 1
	}
	for k, most := len(goals)-1, len(d.ids)-1; k >= 0; k-- {
		goals[k] = min(goals[k], most)
		most = goals[k] - 1
	}
	return goals
}

// moves returns what lies outside a longest run common to the observed order
// and the result, of those runs that contain all that stays, top down.
func (d *decision) moves(result []int) []Move {
	keeps := d.keepers(result)
	var moves []Move
	for place, i := range result {
		if keeps[i] {
			continue
		}
		m := Move{ID: d.ids[i], Place: place + 1}
		if place > 0 {
			m.Anchor = work.Anchor{ID: d.ids[result[place-1]]}
		} else {
			first := slices.IndexFunc(result, func(k int) bool { return keeps[k] })
			m.Anchor = work.Anchor{Before: true, ID: d.ids[result[first]]}
		}
		moves = append(moves, m)
	}
	return moves
}

// keepers marks the records that need not move: all that stay, and between
// two of them, and before the first and behind the last, a longest run of what
// is between them in both orders.
func (d *decision) keepers(result []int) []bool {
	place, segment := make([]int, len(result)), make([]int, len(result))
	passed := 0
	for at, i := range result {
		if d.stays(i) {
			passed++
		}
		place[i], segment[i] = at, passed
	}
	keeps := make([]bool, len(result))
	var between, places []int
	flush := func() {
		for k, kept := range longest(places) {
			keeps[between[k]] = kept
		}
		between, places = between[:0], places[:0]
	}
	passed = 0
	for i := range d.ids {
		switch {
		case d.stays(i):
			flush()
			keeps[i] = true
			passed++
		case segment[i] == passed:
			between, places = append(between, i), append(places, place[i])
		}
	}
	flush()
	return keeps
}

// tell lists the pins, and what stays although Tandem might want it elsewhere.
func (d *decision) tell(v *Verdict) {
	var wants []int // where each record would be if only Fixed ones stayed
	for i := range d.ids {
		if d.pins[i] != nil {
			v.Pins = append(v.Pins, *d.pins[i])
		}
		if !d.stays(i) || d.bound(i) {
			continue
		}
		if wants == nil {
			wants = make([]int, len(d.ids))
			for at, k := range d.arrange(d.bound) {
				wants[k] = at
			}
		}
		v.Stays = append(v.Stays, Stay{ID: d.ids[i], Have: i + 1, Want: wants[i] + 1, Pin: d.pins[i]})
	}
}
