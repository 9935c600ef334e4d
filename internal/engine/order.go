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

// rank gives every open item its horizon, place and tier.
func (e *evaluation) rank() {
	teams := map[string][]*Decided{}
	for _, d := range e.open {
		teams[d.Item.Team] = append(teams[d.Item.Team], d)
	}
	e.open = e.open[:0]
	names := slices.Sorted(maps.Keys(teams))
	for _, name := range names {
		e.open = append(e.open, teams[name]...)
	}
	r := ranking{evaluation: e, entries: make([]rank.Entry, len(e.open)), wishes: make([]roadmap.Item, len(e.open)), stays: map[tenure]*tenure{}}
	r.needs = needs(e.open, e.former)
	split(len(e.open), r.enter)
	r.find = make(map[work.ItemID]int, len(e.open))
	for i := range r.entries {
		r.find[r.entries[i].ID] = i
	}
	from, today := 0, e.rules.roadmap.On(e.snap.AsOf)
	for _, name := range names { // teams do not bear on each other
		to := from + len(teams[name])
		r.horizons(today, name, from, to)
		from = to
	}
	r.beyond(today)
	r.order()
}

// ranking is the working state of rank. Its slices are parallel to the open
// items, which stand team by team.
type ranking struct {
	*evaluation

	entries []rank.Entry
	wishes  []roadmap.Item
	find    map[work.ItemID]int
	needs   map[work.ItemID][]roadmap.Need
	stays   map[tenure]*tenure // of horizons, shared
}

// enter notes what ranking reads of the items.
func (r *ranking) enter(_, from, to int) {
	for i := from; i < to; i++ {
		d := r.open[i]
		was := r.snap.Previous[d.Item.ID]
		created, _ := d.Item.Fields.Get(work.Created).Time()
		r.entries[i] = rank.Entry{
			ID: d.Item.ID, Team: d.Item.Team, Scored: d.Scored, Created: created,
			Previous: rank.Previous{Tier: was.Tier, Since: was.TierSince, Place: cmp.Or(was.Ranked, was.Place)},
		}
		for _, n := range r.needs[d.Item.ID] {
			r.entries[i].Needs = append(r.entries[i].Needs, n.ID)
		}
		r.wishes[i] = r.wish(d, &was)
	}
}

// horizons fills the horizons of one team in the order of the PM's lens.
func (r *ranking) horizons(today *roadmap.Plan, team string, from, to int) {
	t, _ := r.rules.org.Team(team)
	order := make([]int, 0, to-from)
	wishes := make([]roadmap.Item, 0, to-from)
	for _, id := range r.rules.ranker.WhyOrder(r.entries[from:to]) {
		i := r.find[id]
		order, wishes = append(order, i), append(wishes, r.wishes[i])
		wishes[len(wishes)-1].Place = len(wishes)
	}
	reasons := map[string]string{} // many items have the same
	assigned := today.Assign(roadmap.Team{Name: team, Effort: t.Capacity.Effort, Every: time.Duration(t.Capacity.Every)}, wishes)
	for k := range assigned {
		a := &assigned[k]
		why, known := reasons[a.Because]
		if !known {
			why, reasons[a.Because] = a.Because, a.Because
		}
		a.Because = why
		i := order[a.Place-1]
		r.place(r.open[i], a)
		r.entries[i].Horizon = today.Place(a.Horizon)
	}
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.Item.Fields.Get(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

// order gives every open item its place and tier, and puts them in order.
func (r *ranking) order() {
	tenures := map[tenure]*tenure{}
	ordered := make([]*Decided, 0, cap(r.open))
	for _, p := range r.rules.ranker.Order(r.entries, r.snap.AsOf) {
		d := r.open[r.find[p.ID]]
		d.Place, d.TeamPlace, d.Tied, d.Tier = p.Overall, p.Place, p.Tie != p.TieLast, p.Tier
		d.Standing = Standing{Tie: p.Tie, TieLast: p.TieLast, Break: p.Break, NeededBy: p.NeededBy, Circle: len(p.Ring) > 0}
		if len(p.Ring) > 0 && p.Ring[0] == p.ID {
			r.circles = append(r.circles, circle(p.Ring, func(id work.ItemID) *Decided { return r.open[r.find[id]] }))
		}
		t := tenure{p.Memory.Tier, p.Memory.Since}
		if d.tenure = tenures[t]; d.tenure == nil {
			kept := t
			d.tenure, tenures[t] = &kept, &kept
		}
		d.settle()
		ordered = append(ordered, d)
	}
	r.open = r.pin(ordered)
}
