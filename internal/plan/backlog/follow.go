package backlog

import (
	"slices"

	"tandem/internal/work"
)

// Follow makes a move: it returns the order afterwards; false where the record
// or the anchor is not in it.
func Follow(ids []string, id string, to work.Anchor) ([]string, bool) {
	if to.ID == id || !slices.Contains(ids, id) || !slices.Contains(ids, to.ID) {
		return ids, false
	}
	moved := make([]string, 0, len(ids))
	for _, other := range ids {
		switch {
		case other == id:
		case other == to.ID && to.Before:
			moved = append(moved, id, other)
		case other == to.ID:
			moved = append(moved, other, id)
		default:
			moved = append(moved, other)
		}
	}
	return moved, true
}

// Stood returns where a record stands in an order, as an Anchor: behind the one
// before it, or before the second where it is the first. It is Unknown where it
// is not there, or alone.
func Stood(ids []string, id string) work.Value {
	switch i := slices.Index(ids, id); {
	case i > 0:
		return work.Anchor{ID: ids[i-1]}.Value()
	case i == 0 && len(ids) > 1:
		return work.Anchor{Before: true, ID: ids[1]}.Value()
	default:
		return work.Value{}
	}
}

// Shift adds to the drift of pins what a move of Tandem did to their places.
func Shift(pins []Pin, before, after []string) {
	at := make(map[string]int, len(pins))
	for i := range pins {
		at[pins[i].ID] = i
	}
	for i := range before {
		if k, pinned := at[before[i]]; pinned {
			pins[k].Drift -= i
		}
		if k, pinned := at[after[i]]; pinned {
			pins[k].Drift += i
		}
	}
}

// Lags reports whether an order does not show Tandem's own moves yet: one of
// the records stands otherwise to another than in the believed order, and no
// person's move that is news since then explains it. Searches lag. Of doubtful
// records nobody knows where they belong.
func Lags(believed, seen work.Order, own, doubtful []string) bool {
	c := compare(&State{Order: seen, Confirmed: believed.IDs, Told: believed.Moved, Doubtful: doubtful})
	var ids []string
	var numbers []int
	for i, id := range c.ids {
		if c.fresh[id].ID == "" {
			ids, numbers = append(ids, id), append(numbers, c.numbers[i])
		}
	}
	for i, out := range crossed(numbers) {
		if out && slices.Contains(own, ids[i]) {
			return true
		}
	}
	return false
}
