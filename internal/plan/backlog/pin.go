package backlog

import (
	"cmp"
	"time"
)

// pins returns the pins that stand: those of before that are not over, and
// those of what people moved since. places are the places of the order.
func pins(s *State, entries []Entry, p *Policy, places map[string]int) map[string]*Pin {
	stand := map[string]*Pin{}
	if p.Overrule {
		return stand
	}
	for _, pin := range s.Pins {
		if _, there := places[pin.ID]; there && !p.over(pin) {
			stand[pin.ID] = &pin
		}
	}
	makeUp(s, stand, places)
	for id, m := range drags(s) {
		if entries[places[id]].stance() == Fixed {
			continue
		}
		pin := Pin{ID: id, Since: p.AsOf, By: m.By}
		if !m.At.IsZero() {
			pin.Since = m.At.UTC().Truncate(24 * time.Hour)
		}
		if !p.past(pin) { // a release is of what people moved before it
			stand[id] = &pin
		}
	}
	return stand
}

// makeUp counts doubtful moves that arrived after all in the drift of the pins
// that they crossed.
func makeUp(s *State, stand map[string]*Pin, places map[string]int) {
	if len(s.Doubtful) == 0 || len(stand) == 0 {
		return
	}
	before := index(s.Confirmed)
	for _, id := range s.Doubtful {
		was, known := before[id]
		is, there := places[id]
		if !known || !there {
			continue
		}
		for _, pin := range stand {
			if at, known := before[pin.ID]; known && pin.ID != id {
				pin.Drift += (cmp.Compare(places[pin.ID], is) - cmp.Compare(at, was)) / 2
			}
		}
	}
}
