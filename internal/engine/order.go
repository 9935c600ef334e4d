package engine

import (
	"maps"
	"slices"

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
	r := ranking{evaluation: e, entries: make([]rank.Entry, len(e.open)), wishes: make([]roadmap.Item, len(e.open))}
	split(len(e.open), r.enter)
	e.why = make([]int32, 0, len(e.open))
	from := 0
	for _, name := range names { // teams do not bear on each other
		to := from + len(teams[name])
		r.horizons(name, from, to)
		from = to
	}
	r.order()
}

// ranking is the working state of rank. Its slices are parallel to the open
// items, which stand team by team.
type ranking struct {
	*evaluation

	entries []rank.Entry
	wishes  []roadmap.Item
}

// enter notes what ranking reads of the items.
func (r *ranking) enter(_, from, to int) {
	for i := from; i < to; i++ {
		d := r.open[i]
		was := r.was(d)
		created, _ := d.asRanked(work.Created).Time()
		r.entries[i] = rank.Entry{
			ID: d.Item.ID, Team: d.Item.Team, Scored: d.Scored, Created: created,
			Previous: rank.Previous{Tier: was.Tier, Since: was.TierSince, Place: was.Place},
		}
		r.wishes[i] = roadmap.Item{
			ID: d.Item.ID, Effort: d.asRanked(work.Effort), Previous: was.Horizon, Fixed: fixedHorizon(d),
		}
	}
}

// horizons fills the horizons of one team in the order of the PM's lens.
func (r *ranking) horizons(team string, from, to int) {
	number := map[string]int{}
	for i, h := range r.rules.roadmap.Horizons() {
		number[h] = i + 1
	}
	t, _ := r.rules.org.Team(team)
	order := make([]int, 0, to-from)
	wishes := make([]roadmap.Item, 0, to-from)
	for _, i := range r.rules.ranker.WhyIndexes(r.entries[from:to]) {
		order, wishes = append(order, from+i), append(wishes, r.wishes[from+i])
		wishes[len(wishes)-1].Place = len(wishes)
		r.why = append(r.why, r.open[from+i].at)
	}
	reasons := map[string]string{}                                                                          // many items have the same
	for k, a := range r.rules.roadmap.Assign(roadmap.Team{Name: team, Effort: t.Capacity.Effort}, wishes) { // by place
		why, known := reasons[a.Because]
		if !known {
			why, reasons[a.Because] = a.Because, a.Because
		}
		d := r.open[order[k]]
		d.HorizonBecause = why
		if d.Horizon != a.Horizon || d.HorizonFixed != a.Fixed {
			r.own(d)
			d.Horizon, d.HorizonFixed = a.Horizon, a.Fixed
		}
		r.entries[order[k]].Horizon = number[a.Horizon]
	}
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.asRanked(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

// order gives every open item its place and tier, and puts them in order.
func (r *ranking) order() {
	tenures := map[tenure]*tenure{}
	ordered := make([]*Decided, 0, cap(r.open))
	placements, indexes := r.rules.ranker.Places(r.entries, r.snap.AsOf)
	for n := range placements {
		p, d := &placements[n], r.open[indexes[n]]
		if p.Place != d.TeamPlace && r.rules.reads.sees.place {
			r.own(d)
		}
		if p.Tier != d.Tier {
			r.own(d)
			d.Tier = p.Tier
		}
		d.Place, d.TeamPlace, d.Tied = p.Overall, p.Place, p.Tie != p.Place
		if t := (tenure{p.Memory.Tier, p.Memory.Since}); d.tenure == nil || *d.tenure != t {
			if d.tenure = tenures[t]; d.tenure == nil {
				kept := t
				d.tenure, tenures[t] = &kept, &kept
			}
		}
		ordered = append(ordered, d)
	}
	r.open = ordered
}
