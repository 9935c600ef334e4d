package rank

import (
	"slices"

	"tandem/internal/work"
)

// bound is an order in which nothing stands ahead of what it needs.
type bound struct {
	keys []key
	// by is the entry for which each entry moved ahead of its score, -1 for
	// none; nil where nobody needs anything.
	by []int32
	// rings are the items in a circle by entry; nil for none. A nil map is
	// empty.
	rings   map[int][]work.ItemID
	entries []Entry
}

// neededBy returns the item for which an entry moved ahead.
func (b *bound) neededBy(index int) work.ItemID {
	if b.by == nil || b.by[index] < 0 {
		return ""
	}
	return b.entries[b.by[index]].ID
}

// bind moves what items need ahead of them, and leaves the order alone
// elsewhere: it walks the order, and before it takes an item it takes what
// that needs and was not taken yet, in the order among them. So a need is as
// urgent as the most urgent item that waits for it.
//
// In a circle of needs nobody can come first. What its members need of each
// other counts for nothing then; what they need beside, and what needs them,
// still does.
func bind(entries []Entry, keys []key) bound {
	needs := needsOf(entries)
	if needs == nil {
		return bound{keys: keys}
	}
	w := walk{needs: needs, at: make([]int32, len(entries)), taken: make([]bool, len(entries))}
	for at, k := range keys {
		w.at[k.index] = int32(at) //nolint:gosec // no memory holds so many
	}
	rings, circles := ringsOf(entries, needs)
	w.circles = circles
	w.out = bound{keys: make([]key, 0, len(keys)), by: make([]int32, len(entries)), rings: rings, entries: entries}
	w.keys = keys
	for _, k := range keys {
		w.root = k.by
		w.take(k.index, -1)
	}
	return w.out
}

// needsOf returns, for each entry, the entries of its team that it needs, each
// once; nil where nobody needs anything. Few items need others: only those that
// are needed are looked up.
func needsOf(entries []Entry) [][]int32 {
	var find map[work.ItemID]int32
	for i := range entries {
		for _, id := range entries[i].Needs {
			if find == nil {
				find = map[work.ItemID]int32{}
			}
			find[id] = -1
		}
	}
	if find == nil {
		return nil
	}
	for i := range entries {
		if _, needed := find[entries[i].ID]; needed {
			find[entries[i].ID] = int32(i) //nolint:gosec // no memory holds so many
		}
	}
	var needs [][]int32
	for i := range entries {
		e := &entries[i]
		for _, id := range e.Needs {
			j := find[id]
			if j < 0 || entries[j].Team != e.Team {
				continue
			}
			if needs == nil {
				needs = make([][]int32, len(entries))
			}
			if !slices.Contains(needs[i], j) {
				needs[i] = append(needs[i], j)
			}
		}
	}
	return needs
}

// walk takes entries in their order, needs first.
type walk struct {
	needs   [][]int32
	circles []int32 // entries of one circle have the same number; 0 for none
	keys    []key
	at      []int32 // where each entry stands in keys
	taken   []bool
	root    uint64 // what puts the one that is taken where it stands
	out     bound
}

func (w *walk) take(index int, by int32) {
	if w.taken[index] {
		return
	}
	w.taken[index] = true
	needs := w.needs[index]
	slices.SortFunc(needs, func(a, b int32) int { return int(w.at[a] - w.at[b]) })
	for _, need := range needs {
		if circle := w.circles[index]; circle == 0 || circle != w.circles[need] {
			w.take(int(need), int32(index)) //nolint:gosec // no memory holds so many
		}
	}
	k := w.keys[w.at[index]]
	if w.out.by[index] = by; k.by == w.root {
		w.out.by[index] = -1 // among equals the need breaks the tie, and no score is passed over
	}
	w.out.keys = append(w.out.keys, k)
}
