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
	e.enter()
	find := make(map[work.ItemID]*Decided, len(e.open))
	for _, d := range e.open {
		find[d.Item.ID] = d
	}
	from := 0
	for _, name := range names { // teams do not bear on each other
		to := from + len(teams[name])
		e.horizons(name, e.entries[from:to], find)
		from = to
	}
	e.order(find)
}

// enter makes the entries of the open items.
func (e *evaluation) enter() {
	e.entries = make([]rank.Entry, len(e.open))
	split(len(e.open), func(_, from, to int) {
		for i := from; i < to; i++ {
			d := e.open[i]
			was := e.snap.Previous[d.Item.ID]
			created, _ := d.Item.Fields.Get(work.Created).Time()
			e.entries[i] = rank.Entry{
				ID: d.Item.ID, Team: d.Item.Team, Scored: d.Scored, Created: created,
				Previous: rank.Previous{Tier: was.Tier, Since: was.TierSince, Place: was.Place},
			}
		}
	})
}

// horizons fills the horizons of one team in the order of the PM's lens.
func (e *evaluation) horizons(team string, entries []rank.Entry, find map[work.ItemID]*Decided) {
	t, _ := e.rules.org.Team(team)
	items := make([]*Decided, 0, len(entries))
	wanted := make([]roadmap.Item, 0, len(entries))
	for place, id := range e.rules.ranker.WhyOrder(entries) {
		d := find[id]
		items = append(items, d)
		wanted = append(wanted, roadmap.Item{
			ID: id, Place: place + 1, Effort: d.Item.Fields.Get(work.Effort),
			Previous: e.snap.Previous[id].Horizon, Fixed: fixedHorizon(d),
		})
	}
	reasons := map[string]string{}                                                                          // many items have the same
	for i, a := range e.rules.roadmap.Assign(roadmap.Team{Name: team, Effort: t.Capacity.Effort}, wanted) { // in the order of places
		why, known := reasons[a.Because]
		if !known {
			why, reasons[a.Because] = a.Because, a.Because
		}
		items[i].Horizon, items[i].HorizonBecause, items[i].HorizonFixed = a.Horizon, why, a.Fixed
	}
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.Item.Fields.Get(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

// order gives every open item its place and tier.
func (e *evaluation) order(find map[work.ItemID]*Decided) {
	number := map[string]int{}
	for i, h := range e.rules.roadmap.Horizons() {
		number[h] = i + 1
	}
	for i, d := range e.open {
		e.entries[i].Horizon = number[d.Horizon]
	}
	tenures := map[tenure]*tenure{}
	for i, p := range e.rules.ranker.Order(e.entries, e.snap.AsOf) {
		d := find[p.ID]
		d.Place, d.TeamPlace, d.Tied, d.Tier = p.Overall, p.Place, p.Tie != p.Place, p.Tier
		t := tenure{p.Memory.Tier, p.Memory.Since}
		if d.tenure = tenures[t]; d.tenure == nil {
			kept := t
			d.tenure, tenures[t] = &kept, &kept
		}
		e.open[i] = d
	}
}
