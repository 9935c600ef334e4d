package engine

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/rank"
	"tandem/mapping/roadmap"
)

// rank gives every open item its horizon, place and tier. What it finds stands
// in the Decided itself, never in what is judged: it looks at all items, also
// those that are not judged anew.
func (e *evaluation) rank() {
	r := e.ranking
	r.needs = needs(e.unfinished, e.former)
	r.seat(e)
	today, stays := e.rules.roadmap.On(e.snap.AsOf), map[tenure]*tenure{}
	for _, name := range slices.Sorted(maps.Keys(r.teams)) { // teams do not bear on each other
		e.horizons(today, name, stays)
	}
	e.beyond(today)
	e.order()
}

// unfinished calls for the open items, as they were found.
func (e *evaluation) unfinished(each func(*Decided)) {
	for i := range e.items {
		if d := &e.items[i]; !d.Item.Done() {
			each(d)
		}
	}
}

// byItem finds open items.
func (e *evaluation) byItem() func(work.ItemID) *Decided {
	find := make(map[work.ItemID]*Decided, len(e.items))
	e.unfinished(func(d *Decided) { find[d.Item.ID] = d })
	return func(id work.ItemID) *Decided { return find[id] }
}

// ranking is what ranking reads of the open items. Each has a seat, which it
// keeps for as long as it is open: from one evaluation to the next little is
// written.
type ranking struct {
	entries []rank.Entry
	wishes  []roadmap.Item
	at      []int32 // the item of each seat; -1 where it is free
	free    []int
	teams   map[string][]int // seats in the order that fills horizons
	order   []int            // seats in the order of all
	needs   map[work.ItemID][]roadmap.Need
}

// seat lets finished items go, and notes what ranking reads of the others.
func (r *ranking) seat(e *evaluation) {
	r.leave(e)
	if n := len(e.items) - len(e.done); r.entries == nil {
		r.entries, r.wishes, r.at, r.order = make([]rank.Entry, 0, n), make([]roadmap.Item, 0, n), make([]int32, 0, n), make([]int, 0, n)
	}
	for i := range e.items {
		if d := &e.items[i]; e.fresh(d) && !d.Item.Done() {
			r.take(e, d)
		}
	}
	split(len(r.at), func(_, from, to int) {
		for seat := from; seat < to; seat++ {
			if at := r.at[seat]; at >= 0 {
				r.note(e, seat, &e.items[at])
			}
		}
	})
}

// leave frees the seats of finished items, and of those that are no more. Who
// went to another team stands in the order of no team.
func (r *ranking) leave(e *evaluation) {
	for seat := range r.at {
		r.at[seat] = -1
	}
	moved, left := false, len(r.at)-len(r.free)
	for i, seat := range e.seats {
		if seat < 0 {
			continue
		}
		d := &e.items[i]
		if e.fresh(d) && d.Item.Done() {
			e.seats[i] = -1
			continue
		}
		moved = moved || e.fresh(d) && r.entries[seat].Team != d.Item.Team
		r.at[seat] = d.at
		left--
	}
	if !moved && left == 0 {
		return
	}
	for team, seats := range r.teams {
		r.teams[team] = slices.DeleteFunc(seats, func(seat int) bool {
			return r.at[seat] < 0 || r.entries[seat].Team != e.items[r.at[seat]].Item.Team
		})
	}
	r.order = slices.DeleteFunc(r.order, func(seat int) bool { return r.at[seat] < 0 })
	r.vacate()
}

// settle moves the items to seats in the order of their places, so that the next
// ranking walks along them.
func (r *ranking) settle(seats []int32) {
	to := make([]int, len(r.at))
	entries, wishes, at := make([]rank.Entry, len(r.order)), make([]roadmap.Item, len(r.order)), make([]int32, len(r.order))
	for n, seat := range r.order {
		to[seat], entries[n], wishes[n], at[n] = n, r.entries[seat], r.wishes[seat], r.at[seat]
		seats[r.at[seat]] = int32(n) //nolint:gosec // no memory holds so many items
		r.order[n] = n
	}
	for _, team := range r.teams {
		for i, seat := range team {
			team[i] = to[seat]
		}
	}
	r.entries, r.wishes, r.at, r.free = entries, wishes, at, nil
}

// vacate lists the free seats, the first one last.
func (r *ranking) vacate() {
	r.free = r.free[:0]
	for seat, at := range slices.Backward(r.at) {
		if at < 0 {
			r.free = append(r.free, seat)
		}
	}
}

// take gives the item a seat, and its place behind those that stand in order.
func (r *ranking) take(e *evaluation, d *Decided) {
	seat, had := int(e.seats[d.at]), e.seats[d.at] >= 0
	if !had {
		if len(r.free) == 0 {
			r.free = append(r.free, len(r.at))
			r.at, r.entries, r.wishes = append(r.at, 0), append(r.entries, rank.Entry{}), append(r.wishes, roadmap.Item{})
		}
		seat, r.free = r.free[len(r.free)-1], r.free[:len(r.free)-1]
		e.seats[d.at], r.at[seat] = int32(seat), d.at //nolint:gosec // no memory holds so many items
		r.order = append(r.order, seat)
	}
	if team := d.Item.Team; !had || r.entries[seat].Team != team {
		r.teams[team] = append(r.teams[team], seat)
	}
}

// note writes what ranking reads of an item: all of it where it is judged anew,
// else what it needs and where it stood before.
func (r *ranking) note(e *evaluation, seat int, d *Decided) {
	entry, wish := &r.entries[seat], &r.wishes[seat]
	if e.fresh(d) {
		created, _ := d.asRanked(work.Created).Time()
		*entry = rank.Entry{ID: d.Item.ID, Team: d.Item.Team, Scored: d.Scored, Created: created}
		*wish = d.wish()
	}
	if r.needs != nil || entry.Needs != nil {
		wish.Needs, entry.Needs = r.needs[d.Item.ID], nil
		for _, n := range wish.Needs {
			entry.Needs = append(entry.Needs, n.ID)
		}
	}
	if !e.fresh(d) && !e.kept {
		return
	}
	was := e.was(d)
	entry.Previous = rank.Previous{Tier: was.Tier, Since: was.TierSince, Place: cmp.Or(was.Ranked, was.Place)}
	wish.Previous, wish.Since = was.Horizon, was.HorizonSince
}

// horizons fills the horizons of one team in the order of the PM's lens.
func (e *evaluation) horizons(today *roadmap.Plan, team string, stays map[tenure]*tenure) {
	r := e.ranking
	t, _ := e.rules.org.Team(team)
	seats := e.rules.ranker.WhyPlaces(r.entries, r.teams[team])
	wishes := make([]roadmap.Item, 0, len(seats))
	for n, seat := range seats {
		wishes = append(wishes, r.wishes[seat])
		wishes[n].Place = n + 1
	}
	assigned := today.Assign(roadmap.Team{Name: team, Effort: t.Capacity.Effort, Every: time.Duration(t.Capacity.Every)}, wishes)
	for k := range assigned {
		a := &assigned[k]
		seat := seats[a.Place-1]
		e.items[r.at[seat]].assign(a, &r.wishes[seat], e.snap.AsOf, stays)
		r.entries[seat].Horizon = today.Place(a.Horizon)
	}
	r.teams[team] = seats
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.asRanked(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

// order gives every open item its place and tier, and puts them in order.
func (e *evaluation) order() {
	r := e.ranking
	tenures := map[tenure]*tenure{}
	var rings [][]work.ItemID
	placements, seats := e.rules.ranker.Places(r.entries, r.order, e.snap.AsOf)
	e.open = make([]*Decided, 0, len(seats)+len(e.done)) // with room for the finished ones behind them
	for n := range placements {
		p, d := &placements[n], &e.items[r.at[seats[n]]]
		d.Place, d.TeamPlace, d.Tied, d.Tier, d.ranked = p.Overall, p.Place, p.Tie != p.TieLast, p.Tier, 0
		d.Standing = Standing{Tie: p.Tie, TieLast: p.TieLast, Break: p.Break, NeededBy: p.NeededBy, Circle: len(p.Ring) > 0}
		if len(p.Ring) > 0 && p.Ring[0] == p.ID {
			rings = append(rings, p.Ring)
		}
		if t := (tenure{p.Memory.Tier, p.Memory.Since}); d.tenure == nil || *d.tenure != t {
			if d.tenure = tenures[t]; d.tenure == nil {
				kept := t
				d.tenure, tenures[t] = &kept, &kept
			}
		}
		d.settle()
		e.open = append(e.open, d)
	}
	r.order = seats
	e.open = e.pin(e.open)
	if len(rings) > 0 {
		find := e.byItem()
		for _, ring := range rings {
			e.circles = append(e.circles, circle(ring, find))
		}
	}
}
