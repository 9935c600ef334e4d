package engine

import (
	"strings"

	"tandem/internal/work"
)

// needs tells what must come first: the open items that the field dependencies
// of an open item names. Who needs nothing, or only what is finished or not
// known, has none.
//
// A name is "connector:key", the address of a record, or a key alone: then the
// item's own connectors are asked first, then all, where one item has it.
func (e *evaluation) needs(open []*Decided) map[*Decided][]work.ItemID {
	var needs map[*Decided][]work.ItemID
	var names names
	for _, d := range open {
		wanted := d.Item.Fields.Get(work.Dependencies)
		if !wanted.Present() {
			continue
		}
		if needs == nil {
			needs, names = map[*Decided][]work.ItemID{}, namesOf(open)
			for _, other := range open {
				for _, m := range e.members[other.at] {
					names.addFormer(other, e.records[m])
				}
			}
		}
		for name := range wanted.Elements {
			if id := names.find(name, &d.Item); id != "" {
				needs[d] = append(needs[d], id)
			}
		}
	}
	return needs
}

// names finds open items by what people call them.
type names struct {
	full map[string]work.ItemID // "connector:key" and addresses
	bare map[string]work.ItemID // keys; empty where several items have one
}

func namesOf(open []*Decided) names {
	n := names{full: make(map[string]work.ItemID, 2*len(open)), bare: make(map[string]work.ItemID, len(open))}
	for _, d := range open {
		for i := range d.Item.Parts {
			p := &d.Item.Parts[i]
			n.full[p.String()] = d.Item.ID
			if p.URL != "" {
				n.full[p.URL] = d.Item.ID
			}
			if other, taken := n.bare[p.Key]; taken && other != d.Item.ID {
				n.bare[p.Key] = ""
				continue
			}
			n.bare[p.Key] = d.Item.ID
		}
	}
	return n
}

// addFormer adds the keys that a record of the item had before a move, unless
// another has them now.
func (n *names) addFormer(d *Decided, r *work.Record) {
	for _, key := range r.Former {
		if name := r.Connector + ":" + key; n.full[name] == "" {
			n.full[name] = d.Item.ID
		}
	}
}

// find returns the open item of the name; empty where there is none.
func (n *names) find(name string, item *work.Item) work.ItemID {
	name = strings.TrimRight(strings.TrimSpace(name), "/")
	if id, ok := n.full[name]; ok {
		return id
	}
	for i := range item.Parts {
		if id, ok := n.full[item.Parts[i].Connector+":"+name]; ok {
			return id
		}
	}
	return n.bare[name]
}

// circle is a finding about items that need each other.
func circle(ring []work.ItemID, find func(work.ItemID) *Decided) work.Finding {
	keys := make([]string, 0, len(ring))
	for _, id := range ring {
		keys = append(keys, find(id).Item.Key())
	}
	what := strings.Join(keys[:len(keys)-1], ", ") + " and " + keys[len(keys)-1] + " need each other, so none of them can come first"
	if len(keys) == 1 {
		what = keys[0] + " needs itself, so it can never come first"
	}
	return work.Finding{
		Level: work.Warning, Subject: keys[0], What: what,
		Remedy: "remove one of the links between them; until then the order does as if there were none",
	}
}
