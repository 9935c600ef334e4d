package engine

import (
	"slices"

	"tandem/internal/work"
)

// Identity: an item keeps the stored id of its records, else it gets one made
// from where it was born. Of two items that were one, the one that holds the
// record the id was made from keeps it.

// ownID is the id that an item has whatever the others have: a stored one that
// was made from a record of its own, or where nothing is stored the one of its
// birth. It is empty where the item has to ask the others.
func ownID(item *work.Item, stored func(work.RefID) (work.ItemID, bool)) work.ItemID {
	own, known := madeID(item, stored)
	if !known {
		return work.ItemID(item.Birth.String())
	}
	return own
}

// madeID returns the stored id that was made from a record of the item, the
// first by name, and whether any id is stored.
func madeID(item *work.Item, stored func(work.RefID) (work.ItemID, bool)) (made work.ItemID, known bool) {
	for i := range item.Parts {
		id, ok := stored(item.Parts[i].RefID)
		known = known || ok
		if !ok || made != "" && made <= id {
			continue
		}
		if slices.ContainsFunc(item.Parts, func(p work.Part) bool { return isOf(id, p.RefID) }) {
			made = id
		}
	}
	return made, known
}

// isOf reports whether the id was made from the record.
func isOf(id work.ItemID, ref work.RefID) bool {
	n := len(ref.Connector)
	return len(id) == n+1+len(ref.ID) && string(id[:n]) == ref.Connector && id[n] == ':' && string(id[n+1:]) == ref.ID
}

// identify settles the ids where an item has to ask the others: few have, and
// only after a split or a merge. It reports whether any had to.
func identify(items []Decided, stored map[work.RefID]work.ItemID) bool {
	if !slices.ContainsFunc(items, func(d Decided) bool { return d.Item.ID == "" }) {
		return false
	}
	taken := make(map[work.ItemID]bool, len(items))
	for i := range items {
		item := &items[i].Item
		if item.ID, _ = madeID(item, lookUp(stored)); item.ID != "" {
			taken[item.ID] = true
		}
	}
	for i := range items {
		item := &items[i].Item
		if item.ID != "" {
			continue
		}
		for _, id := range append(storedIDs(item, stored), work.ItemID(item.Birth.String())) {
			if !taken[id] {
				item.ID, taken[id] = id, true
				break
			}
		}
		if item.ID == "" { // its birth id belongs to another: name it after its own records
			item.ID = work.ItemID(item.Birth.String() + "+")
		}
	}
	return true
}

func lookUp(stored map[work.RefID]work.ItemID) func(work.RefID) (work.ItemID, bool) {
	return func(ref work.RefID) (work.ItemID, bool) {
		id, ok := stored[ref]
		return id, ok
	}
}

// storedIDs returns the ids that earlier runs gave the records, sorted.
func storedIDs(item *work.Item, stored map[work.RefID]work.ItemID) []work.ItemID {
	var ids []work.ItemID
	for i := range item.Parts {
		if id, ok := stored[item.Parts[i].RefID]; ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
