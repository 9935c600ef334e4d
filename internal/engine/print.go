package engine

import (
	"fmt"
	"hash"
	"hash/fnv"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Print tells two outcomes apart, item by item, and takes little room. It is of
// what was decided, before a guard looks at it.
type Print struct {
	items map[work.ItemID]uint64
	rest  uint64
}

// Print takes the print of the outcome. Gate has not judged it yet.
func (o *Outcome) Print() Print {
	sums := make(map[work.ItemID]hash.Hash64, len(o.Items))
	of := func(id work.ItemID) hash.Hash64 {
		if sums[id] == nil {
			sums[id] = fnv.New64a()
		}
		return sums[id]
	}
	note := func(sum hash.Hash64, what ...any) { _, _ = fmt.Fprintf(sum, "%+v\n", what) } // a hash takes everything
	for _, d := range o.Items {
		was, _ := d.placement()
		was.TierSince, was.HorizonSince, was.RouteSince = was.TierSince.UTC(), was.HorizonSince.UTC(), was.RouteSince.UTC()
		note(of(d.Item.ID), was, d.TeamPlace, d.HorizonBecause, d.HorizonFixed, d.Standing, d.Route.Because, d.Route.Accountable, d.NotReady)
		for i := range d.Item.Parts {
			note(of(d.Item.ID), d.Item.Parts[i].RefID)
		}
	}
	for i := range o.Plan.Edits {
		note(of(o.Plan.Edits[i].Item), o.Plan.Edits[i].Edit)
	}
	for i := range o.Plan.Holds {
		note(of(o.Plan.Holds[i].Item), o.Plan.Holds[i])
	}
	p, rest := Print{items: make(map[work.ItemID]uint64, len(sums))}, fnv.New64a()
	for id, sum := range sums {
		p.items[id] = sum.Sum64()
	}
	for i := range o.Plan.Adopted {
		note(rest, o.Plan.Adopted[i])
	}
	note(rest, o.Plan.Findings, o.Twins, o.backlogs)
	for _, rule := range slices.Sorted(maps.Keys(o.Unknowns)) {
		note(rest, rule, o.Unknowns[rule])
	}
	p.rest = rest.Sum64()
	return p
}

// Differs says in what two prints differ: the first items by name, or else what
// is not of an item; empty where they do not.
func (p *Print) Differs(q *Print) string {
	const most = 5
	var ids []work.ItemID
	for id, sum := range p.items {
		if other, there := q.items[id]; !there || other != sum {
			ids = append(ids, id)
		}
	}
	for id := range q.items {
		if _, there := p.items[id]; !there {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	names := make([]string, 0, most)
	for _, id := range ids[:min(len(ids), most)] {
		names = append(names, string(id))
	}
	switch {
	case len(ids) > most:
		return fmt.Sprintf("items %s and %d more", strings.Join(names, ", "), len(ids)-most)
	case len(ids) > 0:
		return "items " + strings.Join(names, ", ")
	case p.rest != q.rest:
		return "findings, adoptions or backlogs"
	default:
		return ""
	}
}
