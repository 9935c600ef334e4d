package engine

import "tandem/internal/work"

// Dependence is an open item with the open ones that have to come first.
type Dependence struct {
	Item  *Decided
	Needs []*Decided
}

// Dependences lists the open items that need other open ones, in their order.
func (o *Outcome) Dependences() []Dependence {
	needs := needs(o.unfinished, o.eachRecord)
	if len(needs) == 0 {
		return nil
	}
	find := make(map[work.ItemID]*Decided, len(needs))
	for _, list := range needs {
		for _, n := range list {
			find[n.ID] = nil
		}
	}
	o.unfinished(func(d *Decided) {
		if _, wanted := find[d.Item.ID]; wanted {
			find[d.Item.ID] = d
		}
	})
	var all []Dependence
	o.unfinished(func(d *Decided) {
		x := Dependence{Item: d}
		seen := map[work.ItemID]bool{} // several names may mean the same
		for _, n := range needs[d.Item.ID] {
			if other := find[n.ID]; other != nil && !seen[n.ID] {
				seen[n.ID], x.Needs = true, append(x.Needs, other)
			}
		}
		if len(x.Needs) > 0 {
			all = append(all, x)
		}
	})
	return all
}
