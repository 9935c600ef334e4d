package rank

import (
	"slices"

	"tandem/internal/work"

	"tandem/mapping/circle"
)

// bound is an order in which nothing stands ahead of what it needs.
type bound struct {
	keys []key
	// by is, for each key, the entry for which it moved ahead of its score, -1
	// for none; nil where nobody needs anything.
	by []int32
	// rings are the items in a circle, by entry.
	rings   map[int]ring
	entries []Entry
}

// neededBy returns the item for which the n-th of the order moved ahead.
func (b *bound) neededBy(n int) work.ItemID {
	if b.by == nil || b.by[n] < 0 {
		return ""
	}
	return b.entries[b.by[n]].ID
}

// bind moves what items need ahead of them, and leaves the order alone
// elsewhere: it walks the order, and before it takes an item it takes what
// that needs and was not taken yet, in the order among them. So a need is as
// urgent as the most urgent item that waits for it.
//
// What counts in a circle of needs says package circle.
//
// From here on an item is its place in the order that came.
func bind(entries []Entry, keys []key) bound {
	needs := needsOf(entries, keys)
	if needs == nil {
		return bound{keys: keys, entries: entries}
	}
	w := walk{needs: needs, keys: keys, taken: make([]bool, len(keys))}
	w.out = bound{keys: make([]key, 0, len(keys)), by: make([]int32, 0, len(keys)), entries: entries}
	w.circles = circle.Find(needs)
	w.out.note(&w.circles, keys)
	for n := range keys {
		w.root = keys[n].by
		w.take(int32(n), -1) //nolint:gosec // no memory holds so many
	}
	return w.out
}

// ring is a circle and its number.
type ring struct {
	ids    []work.ItemID
	number int32
}

// note notes who is in which circle. The keys still stand as they came.
func (b *bound) note(circles *circle.Circles, keys []key) {
	for n, members := range circles.Members {
		ids := make([]work.ItemID, 0, len(members))
		for _, m := range members {
			ids = append(ids, b.entries[keys[m].index].ID)
		}
		slices.Sort(ids)
		if b.rings == nil {
			b.rings = map[int]ring{}
		}
		for _, m := range members {
			b.rings[keys[m].index] = ring{ids, int32(n + 1)} //nolint:gosec // no memory holds so many
		}
	}
}

// needsOf returns, for each item, those of its team that it needs, each once
// and in their order; nil where nobody needs anything. Few items need others:
// only those that are needed are looked up.
func needsOf(entries []Entry, keys []key) [][]int32 {
	var find map[work.ItemID]int32
	for _, k := range keys {
		for _, id := range entries[k.index].Needs {
			if find == nil {
				find = map[work.ItemID]int32{}
			}
			find[id] = -1
		}
	}
	if find == nil {
		return nil
	}
	for n, k := range keys {
		if _, needed := find[entries[k.index].ID]; needed {
			find[entries[k.index].ID] = int32(n) //nolint:gosec // no memory holds so many
		}
	}
	var needs [][]int32
	for n, k := range keys {
		e := &entries[k.index]
		for _, id := range e.Needs {
			need := find[id]
			if need < 0 || entries[keys[need].index].Team != e.Team {
				continue
			}
			if needs == nil {
				needs = make([][]int32, len(keys))
			}
			needs[n] = append(needs[n], need)
		}
		if len(e.Needs) > 1 && needs != nil {
			slices.Sort(needs[n])
			needs[n] = slices.Compact(needs[n])
		}
	}
	return needs
}

// walk takes items in their order, needs first.
type walk struct {
	needs   [][]int32
	circles circle.Circles
	keys    []key
	taken   []bool
	root    uint64 // what puts the one that is taken where it stands
	out     bound
}

// take takes an item for another, -1 for none.
func (w *walk) take(n, by int32) {
	if w.taken[n] {
		return
	}
	w.taken[n] = true
	k := w.keys[n]
	for _, need := range w.needs[n] {
		if w.circles.Counts(n, need) {
			w.take(need, int32(k.index)) //nolint:gosec // no memory holds so many
		}
	}
	if k.by == w.root {
		by = -1 // among equals the need breaks the tie, and no score is passed over
	}
	w.out.by, w.out.keys = append(w.out.by, by), append(w.out.keys, k)
}
