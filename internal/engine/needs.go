package engine

import (
	"strings"

	"tandem/internal/work"

	"tandem/mapping/roadmap"
)

// needs tells what must come first: the open items that the field dependencies
// of an open item names. Who needs nothing, or only what is finished or not
// known, has none.
//
// A name is "connector:key", the address of a record, or a key alone: then the
// item's own connectors are asked first, then all, where one item has it. A key
// that a record had before a move counts where nobody has it now.
//
// Where readers of the item may not see what it needs, the name does not say.
func needs(open func(each func(*Decided)), former func(*Decided, func(*work.Record))) map[work.ItemID][]roadmap.Need {
	wanted := names{}
	var waiting []*Decided
	open(func(d *Decided) {
		if list := d.asRanked(work.Dependencies); list.Present() {
			waiting = append(waiting, d)
			for name := range list.Elements {
				wanted.want(name)
			}
		}
	})
	if len(waiting) == 0 {
		return nil
	}
	open(func(d *Decided) {
		for i := range d.Item.Parts {
			p := &d.Item.Parts[i]
			wanted.add(p.Key, named{d, p.Connector, false})
			wanted.add(p.URL, named{item: d})
		}
		former(d, func(r *work.Record) {
			for _, key := range r.Former {
				wanted.add(key, named{d, r.Connector, true})
			}
		})
	})
	needs := make(map[work.ItemID][]roadmap.Need, len(waiting))
	for _, d := range waiting {
		for name := range d.asRanked(work.Dependencies).Elements {
			other := wanted.find(name, &d.Item)
			if other == nil {
				continue
			}
			if !other.Item.Audience.Reaches(d.Item.Audience) {
				name = "restricted work"
			}
			needs[d.Item.ID] = append(needs[d.Item.ID], roadmap.Need{ID: other.Item.ID, Key: name})
		}
	}
	return needs
}

// former calls for the records of an item.
func (e *evaluation) former(d *Decided, each func(*work.Record)) {
	if e.again != nil { // nobody joined records for it
		e.again.eachRecord(d, each)
		return
	}
	for _, m := range e.members[d.at] {
		each(e.records[m])
	}
}

// names finds items by what people call them: by key or address. Only names
// that somebody wants are kept, since few items need others.
type names map[string][]named

// named is an item that has a name.
type named struct {
	item      *Decided
	connector string // of the record that has the key; empty for an address
	former    bool   // it had the key before a move
}

// key cuts "connector:" off a name; of an address it leaves what nobody has.
func key(name string) string {
	if _, key, ok := work.ParseRef(name); ok {
		return key
	}
	return name
}

func tidy(name string) string { return strings.TrimRight(strings.TrimSpace(name), "/") }

func (n names) want(name string) {
	name = tidy(name)
	n[name], n[key(name)] = nil, nil
}

func (n names) add(name string, who named) {
	if all, wanted := n[name]; wanted && name != "" {
		n[name] = append(all, who)
	}
}

// find returns the item of the name; nil where there is none, or more than
// one of an equal right.
func (n names) find(name string, item *work.Item) *Decided {
	name = tidy(name)
	if connector, key, ok := work.ParseRef(name); ok {
		if id, known := only(n[key], func(w named) bool { return w.connector == connector }); known {
			return id
		}
		id, _ := only(n[name], func(w named) bool { return w.connector == "" })
		return id
	}
	for i := range item.Parts {
		if id, known := only(n[name], func(w named) bool { return w.connector == item.Parts[i].Connector }); known {
			return id
		}
	}
	id, _ := only(n[name], func(w named) bool { return !w.former })
	return id
}

// only returns the one item that fits: one that has the name now before those
// that had it. It reports false where none fits.
func only(all []named, fits func(named) bool) (item *Decided, known bool) {
	for _, former := range []bool{false, true} {
		for _, w := range all {
			switch {
			case w.former != former || !fits(w):
			case known && item != w.item:
				return nil, true
			default:
				item, known = w.item, true
			}
		}
		if known {
			return item, true
		}
	}
	return nil, false
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
		Remedy: "remove one of the links between them; until then order and roadmap do as if there were none",
	}
}
