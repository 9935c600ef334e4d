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
	r.seat(e)
	r.require(e)
	today, stays := e.rules.roadmap.On(e.snap.AsOf), map[tenure]*tenure{}
	for _, name := range slices.Sorted(maps.Keys(r.teams)) { // teams do not bear on each other
		e.horizons(today, name, stays)
	}
	e.beyond(today)
	e.order()
}

// unfinished calls for the open items, as they were found.
func (e *evaluation) unfinished(each func(*Decided)) {
	for i, seat := range e.seats {
		if seat >= 0 {
			each(&e.items[i])
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
	given   []given
	wants   []bool  // who names what must come first
	at      []int32 // the item of each seat; -1 where it is free
	free    []int
	teams   map[string][]int // seats in the order that fills horizons
	order   []int            // seats in the order of all
	held    int              // how many of order stood there before
	turned  []int            // seats whose horizon is not the one of their wish
	needs   map[work.ItemID][]roadmap.Need
	tied    bool // there are needs, or were before
	desk    rank.Desk
	room    roadmap.Desk
}

// given is what the roadmap said of an item.
type given struct {
	horizon, because, risk string
	fixed                  bool
}

// seat lets finished items go, and notes what ranking reads of those that are
// judged anew.
func (r *ranking) seat(e *evaluation) {
	r.leave(e)
	r.held = len(r.order)
	if e.past != nil {
		for _, i := range e.past.anew {
			if d := &e.items[i]; !d.Item.Done() {
				r.note(e, r.take(e, d), d)
			}
		}
		return
	}
	if n := len(e.items) - len(e.done); r.entries == nil {
		r.entries, r.wishes, r.at, r.order = make([]rank.Entry, 0, n), make([]roadmap.Item, 0, n), make([]int32, 0, n), make([]int, 0, n)
		r.given, r.wants = make([]given, 0, n), make([]bool, 0, n)
	}
	for i := range e.items {
		if d := &e.items[i]; !d.Item.Done() {
			r.take(e, d)
		}
	}
	split(len(r.at), func(_, from, to int) {
		for seat := from; seat < to; seat++ {
			r.note(e, seat, &e.items[r.at[seat]])
		}
	})
}

// keep makes the horizons of all items those of the last run.
func (r *ranking) keep(items []Decided) {
	for _, seat := range r.turned {
		if at := r.at[seat]; at >= 0 {
			r.wishes[seat].Previous, r.wishes[seat].Since = items[at].Horizon, items[at].HorizonSince()
		}
	}
	r.turned = r.turned[:0]
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
		if e.past.fresh[i] {
			item := &e.items[i].Item
			if item.Done() {
				e.seats[i] = -1
				continue
			}
			moved = moved || r.entries[seat].Team != item.Team
		}
		r.at[seat] = int32(i) //nolint:gosec // no memory holds so many items
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
	all, wants := make([]given, len(r.order)), make([]bool, len(r.order))
	for n, seat := range r.order {
		to[seat], entries[n], wishes[n], at[n], all[n], wants[n] = n, r.entries[seat], r.wishes[seat], r.at[seat], r.given[seat], r.wants[seat]
		seats[r.at[seat]] = int32(n) //nolint:gosec // no memory holds so many items
		r.order[n] = n
	}
	for _, team := range r.teams {
		for i, seat := range team {
			team[i] = to[seat]
		}
	}
	for i, seat := range r.turned {
		r.turned[i] = to[seat]
	}
	r.entries, r.wishes, r.at, r.free, r.given, r.wants, r.room = entries, wishes, at, nil, all, wants, roadmap.Desk{}
}

// vacate lists the free seats, the first one last.
func (r *ranking) vacate() {
	r.free = r.free[:0]
	for seat, at := range slices.Backward(r.at) {
		if at < 0 {
			r.free, r.wants[seat] = append(r.free, seat), false
		}
	}
}

// take gives the item a seat, and its place behind those that stand in order.
func (r *ranking) take(e *evaluation, d *Decided) int {
	seat, had := int(e.seats[d.at]), e.seats[d.at] >= 0
	if !had {
		if len(r.free) == 0 {
			r.free = append(r.free, len(r.at))
			r.at, r.entries, r.wishes = append(r.at, 0), append(r.entries, rank.Entry{}), append(r.wishes, roadmap.Item{})
			r.given, r.wants = append(r.given, given{}), append(r.wants, false)
		}
		seat, r.free = r.free[len(r.free)-1], r.free[:len(r.free)-1]
		e.seats[d.at], r.at[seat] = int32(seat), d.at //nolint:gosec // no memory holds so many items
		r.order = append(r.order, seat)
	}
	if team := d.Item.Team; !had || r.entries[seat].Team != team {
		r.teams[team] = append(r.teams[team], seat)
	}
	return seat
}

// note writes what ranking reads of an item, but for what it needs.
func (r *ranking) note(e *evaluation, seat int, d *Decided) {
	created, _ := d.asRanked(work.Created).Time()
	was, wish := e.was(d), d.wish()
	wish.Previous, wish.Since = was.Horizon, was.HorizonSince
	r.wishes[seat], r.wants[seat] = wish, d.asRanked(work.Dependencies).Present()
	r.entries[seat] = rank.Entry{
		ID: d.Item.ID, Team: d.Item.Team, Scored: d.Scored, Created: created,
		Previous: rank.Previous{Tier: was.Tier, Since: was.TierSince, Place: cmp.Or(was.Ranked, was.Place)},
	}
}

// require finds what must come first.
func (r *ranking) require(e *evaluation) {
	r.tied = r.needs != nil
	if r.needs = nil; slices.Contains(r.wants, true) {
		r.needs = needs(e.unfinished, e.former)
	}
	if r.tied = r.tied || r.needs != nil; !r.tied {
		return
	}
	for seat, at := range r.at {
		if at < 0 {
			continue
		}
		entry, wish := &r.entries[seat], &r.wishes[seat]
		wish.Needs, entry.Needs = r.needs[entry.ID], nil
		for _, n := range wish.Needs {
			entry.Needs = append(entry.Needs, n.ID)
		}
	}
}

// horizons fills the horizons of one team in the order of the PM's lens. Where
// the roadmap says what it said before, that stands there.
func (e *evaluation) horizons(today *roadmap.Plan, team string, stays map[tenure]*tenure) {
	r := e.ranking
	t, _ := e.rules.org.Team(team)
	seats := e.whyOrder(r.teams[team])
	r.teams[team] = seats
	capacity := roadmap.Team{Name: team, Effort: t.Capacity.Effort, Every: time.Duration(t.Capacity.Every)}
	today.Each(&r.room, capacity, r.wishes, seats, func(seat int, a *roadmap.Assignment) {
		at, says := r.at[seat], given{a.Horizon, a.Because, a.Risk, a.Fixed}
		if says.risk != "" {
			e.atRisk = append(e.atRisk, at)
		}
		stood := e.past != nil && !e.past.fresh[at]
		if stood && !r.tied && r.given[seat] == says {
			return
		}
		d, wish := &e.items[at], &r.wishes[seat]
		was, fixed := d.Horizon, d.HorizonFixed
		r.given[seat] = says
		r.entries[seat].Horizon = today.Place(a.Horizon)
		d.assign(a, wish, e.snap.AsOf, stays)
		if wish.Previous != a.Horizon {
			r.turned = append(r.turned, seat)
		}
		if stood && (was != d.Horizon || fixed != d.HorizonFixed) {
			e.past.moved = append(e.past.moved, at)
		}
	})
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.asRanked(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

// whyOrder puts the seats of a team in the order that fills horizons.
func (e *evaluation) whyOrder(seats []int) []int {
	r := e.ranking
	if e.past == nil || r.tied {
		return e.rules.ranker.WhyPlaces(&r.desk, r.entries, seats)
	}
	last, some := seats[:0], []int(nil)
	for _, seat := range seats {
		if e.past.fresh[r.at[seat]] {
			some = append(some, seat)
		} else {
			last = append(last, seat)
		}
	}
	return e.rules.ranker.WhyAgain(&r.desk, r.entries, last, some)
}

// order gives every open item its place and tier, and puts them in order.
func (e *evaluation) order() {
	r := e.ranking
	e.tiers()
	held := 0
	if e.kept {
		held = r.held
	}
	standing := e.rules.ranker.Places(&r.desk, r.entries, r.order, held)
	r.order, e.open = r.order[:standing.Len()], make([]int32, standing.Len())
	split(standing.Len(), func(_, from, to int) {
		for n := from; n < to; n++ {
			p, seat := standing.At(n), standing.Entry(n)
			d := &e.items[r.at[seat]]
			r.order[n], e.open[n] = seat, d.at
			d.Place, d.TeamPlace, d.Tied, d.ranked = p.Overall, p.Place, p.Tie != p.TieLast, 0
			d.Standing = Standing{Tie: p.Tie, TieLast: p.TieLast, Break: p.Break, NeededBy: p.NeededBy, Circle: p.Circle}
		}
	})
	if standing.Circles() {
		find := e.byItem()
		for n := range standing.Len() {
			if p := standing.At(n); len(p.Ring) > 0 && p.Ring[0] == p.ID {
				e.circles = append(e.circles, circle(p.Ring, find))
			}
		}
	}
	e.pinAll()
}

// tiers gives the open items that are judged anew their tiers: those of the
// others stay.
func (e *evaluation) tiers() {
	r, tenures := e.ranking, map[tenure]*tenure{}
	one := func(at int32) {
		seat := e.seats[at]
		if seat < 0 {
			return
		}
		d, entry := &e.items[at], &r.entries[seat]
		tier, memory := e.rules.ranker.Tier(entry.Scored, entry.Previous, e.snap.AsOf)
		d.Tier = tier
		t := tenure{memory.Tier, memory.Since}
		if d.tenure = tenures[t]; d.tenure == nil {
			kept := t
			d.tenure, tenures[t] = &kept, &kept
		}
		d.settle()
	}
	if e.past == nil {
		for i := range e.items {
			one(int32(i)) //nolint:gosec // no memory holds so many items
		}
		return
	}
	for _, i := range e.past.anew {
		one(i)
	}
}
