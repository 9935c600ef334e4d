package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// pinAll puts what people pinned at its place.
func (e *evaluation) pinAll() {
	if !slices.ContainsFunc(e.spoken, (*Decided).pinned) {
		return
	}
	ordered := make([]*Decided, 0, len(e.open))
	for _, at := range e.open {
		ordered = append(ordered, &e.items[at])
	}
	for n, d := range e.pin(ordered) {
		e.open[n] = d.at
	}
}

// pin puts what people pinned at its place in the order of its team. All others
// keep the order they have among themselves, and the teams keep the places that
// they have among each other, so that no item moves by more than there are
// pins. What was ranked without pins is remembered: ties go by it, and a pin
// leaves no trace when it ends.
func (e *evaluation) pin(ordered []*Decided) []*Decided {
	pinned := map[string][]*Decided{}
	for _, d := range ordered {
		if d.pinned() {
			pinned[d.Item.Team] = append(pinned[d.Item.Team], d)
		}
	}
	if len(pinned) == 0 {
		return ordered
	}
	teams := map[string][]*Decided{}
	for _, d := range ordered {
		if pinned[d.Item.Team] != nil {
			teams[d.Item.Team] = append(teams[d.Item.Team], d)
		}
	}
	for team, pins := range pinned {
		teams[team] = arrange(teams[team], pins)
	}
	all, next := make([]*Decided, len(ordered)), map[string]int{}
	for i, d := range ordered {
		team := d.Item.Team
		if order := teams[team]; order != nil {
			d = order[next[team]]
			next[team]++
			d.place(i+1, next[team])
		}
		all[i] = d
	}
	for _, team := range slices.Sorted(maps.Keys(pinned)) {
		e.judgePins(teams[team], pinned[team])
	}
	return all
}

// place gives the item another place than it was ranked at.
func (d *Decided) place(overall, team int) {
	if d.Place != overall {
		d.ranked, d.Place = int32(d.Place), overall //nolint:gosec // no memory holds so many items
	}
	d.TeamPlace = team
	if d.pinned() {
		d.Tied = false
	}
}

// arrange returns the order of a team with pins. Where several want one place,
// the last word has it and the others come right behind, as near as there is
// room.
func arrange(order, pins []*Decided) []*Decided {
	slots := make([]*Decided, len(order))
	want := func(d *Decided) int { return min(placeOf(d.Words.Place), len(order)) - 1 }
	pins = slices.SortedFunc(slices.Values(pins), func(a, b *Decided) int {
		return cmp.Or(cmp.Compare(want(a), want(b)), cmp.Compare(b.Words.Place.Number, a.Words.Place.Number))
	})
	var late []*Decided
	for _, d := range pins {
		if at := want(d); slots[at] == nil {
			slots[at] = d
		} else {
			late = append(late, d)
		}
	}
	for _, d := range late {
		at := want(d)
		for at < len(slots) && slots[at] != nil {
			at++
		}
		for at == len(slots) || slots[at] != nil {
			at--
		}
		slots[at] = d
	}
	at := 0
	for _, d := range order {
		if slices.Contains(pins, d) {
			continue
		}
		for slots[at] != nil {
			at++
		}
		slots[at] = d
	}
	return slots
}

// judgePins tells where a pin does not do what it says, or goes against
// something else that is known.
func (e *evaluation) judgePins(order, pins []*Decided) {
	for _, d := range pins {
		o := d.Words.Place
		if at := placeOf(o); at != d.TeamPlace {
			if at > len(order) {
				d.doubt(work.Note, o, nil, "that is place "+strconv.Itoa(d.TeamPlace)+": the team has no more items", "")
			} else if other := order[at-1]; other.pinned() {
				d.doubt(work.Warning, o, other, "it stands at place "+strconv.Itoa(d.TeamPlace)+", since "+other.Item.Key()+" has its place by the later word, "+other.Words.Place.Short(),
					"end one of them: tandem override "+other.Item.Key()+" --end, or "+command(o)+" --end")
			}
		}
		if near := e.outOfTurn(order, d); near != "" {
			d.doubt(work.Note, o, nil, "it stands among "+near+", although its horizon is "+d.Horizon, "move that too: "+command(o)+" --horizon "+near+" --because '…'")
		}
	}
	find := e.byItem()
	for _, d := range order {
		e.judgeNeeds(d, find)
	}
}

// outOfTurn returns the horizon of those whom a pinned item stands before or
// behind, where it is another one that alone would not have it there.
func (e *evaluation) outOfTurn(order []*Decided, d *Decided) string {
	by, horizons := e.rules.spec.Rank.Order, e.rules.horizons(e.snap.AsOf)
	at := func(d *Decided) int { return slices.Index(horizons, d.Horizon) }
	mine := at(d)
	if len(by) > 0 && by[0] != "horizon" || mine < 0 {
		return ""
	}
	for _, other := range order[d.TeamPlace:] {
		if !other.pinned() && at(other) >= 0 && at(other) < mine {
			return other.Horizon
		}
	}
	for _, other := range slices.Backward(order[:d.TeamPlace-1]) {
		if !other.pinned() && at(other) > mine {
			return other.Horizon
		}
	}
	return ""
}

// pinned reports whether a person's word gives it its place.
func (d *Decided) pinned() bool { return d.Words != nil && d.Words.Place != nil }

// judgeNeeds tells where a pin puts an item before what must come first.
func (e *evaluation) judgeNeeds(d *Decided, find func(work.ItemID) *Decided) {
	for _, n := range e.ranking.needs[d.Item.ID] {
		first := find(n.ID)
		if first == nil || first == d || first.Item.Team != d.Item.Team || first.TeamPlace < d.TeamPlace {
			continue
		}
		switch {
		case d.pinned():
			d.doubt(work.Warning, d.Words.Place, first, "it stands before "+first.Item.Key()+", which must come first",
				"end it, or pin "+first.Item.Key()+" before it: tandem override "+first.Item.Key()+" --place "+strconv.Itoa(d.TeamPlace)+" --because '…'")
		case first.pinned():
			first.doubt(work.Warning, first.Words.Place, d, "it stands behind "+d.Item.Key()+", which needs it first", endIt(first.Words.Place))
		}
	}
}
