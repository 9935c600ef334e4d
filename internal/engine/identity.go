package engine

import (
	"slices"

	"tandem/internal/work"

	"tandem/mapping"
)

// identify gives each draft its item id: the stored one where its records have
// one, else one made from where it was born. Of two items that were one, the
// one that holds the record the id was made from keeps it.
func identify(drafts []mapping.Draft, stored map[work.RefID]work.ItemID) {
	taken := make(map[work.ItemID]bool, len(drafts))
	candidates := func(d *mapping.Draft) []work.ItemID {
		var ids []work.ItemID
		for _, p := range d.Item.Parts {
			if id, ok := stored[p.RefID]; ok && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for i := range drafts {
		d := &drafts[i]
		for _, id := range candidates(d) {
			if made := slices.ContainsFunc(d.Item.Parts, func(p work.Part) bool { return work.ItemID(p.RefID.String()) == id }); made && d.Item.ID == "" {
				d.Item.ID, taken[id] = id, true
			}
		}
	}
	for i := range drafts {
		d := &drafts[i]
		if d.Item.ID != "" {
			continue
		}
		for _, id := range append(candidates(d), work.ItemID(d.Item.Birth.String())) {
			if !taken[id] {
				d.Item.ID, taken[id] = id, true
				break
			}
		}
		if d.Item.ID == "" { // its birth id belongs to another: name it after its own records
			d.Item.ID = work.ItemID(d.Item.Birth.String() + "+")
		}
	}
}
