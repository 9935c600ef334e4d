package engine

import (
	"slices"

	"tandem/internal/work"
)

// identify gives each item its id: the stored one where its records have one,
// else one made from where it was born. Of two items that were one, the one
// that holds the record the id was made from keeps it.
func identify(items []Decided, stored map[work.RefID]work.ItemID) {
	taken := make(map[work.ItemID]bool, len(items))
	candidates := func(item *work.Item) []work.ItemID {
		var ids []work.ItemID
		for i := range item.Parts {
			if id, ok := stored[item.Parts[i].RefID]; ok && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for i := range items {
		item := &items[i].Item
		for _, id := range candidates(item) {
			if made := slices.ContainsFunc(item.Parts, func(p work.Part) bool { return work.ItemID(p.RefID.String()) == id }); made && item.ID == "" {
				item.ID, taken[id] = id, true
			}
		}
	}
	for i := range items {
		item := &items[i].Item
		if item.ID != "" {
			continue
		}
		for _, id := range append(candidates(item), work.ItemID(item.Birth.String())) {
			if !taken[id] {
				item.ID, taken[id] = id, true
				break
			}
		}
		if item.ID == "" { // its birth id belongs to another: name it after its own records
			item.ID = work.ItemID(item.Birth.String() + "+")
		}
	}
}
