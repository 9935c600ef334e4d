package engine

import (
	"tandem/internal/work"

	"tandem/mapping/rank"
	"tandem/mapping/roadmap"
)

// horizons fills each team's horizons in the order
// of the PM's lens.
func (e *evaluation) horizons() {
	teams := map[string][]*Decided{}
	for _, d := range e.open {
		teams[d.Item.Team] = append(teams[d.Item.Team], d)
	}
	for name, items := range teams { // teams do not bear on each other
		e.fill(name, items)
	}
}

func (e *evaluation) fill(team string, items []*Decided) {
	entries := make([]rank.Entry, len(items))
	byID := make(map[work.ItemID]*Decided, len(items))
	for i, d := range items {
		entries[i] = e.entry(d, 0)
		byID[d.Item.ID] = d
	}
	t, _ := e.rules.org.Team(team)
	wanted := make([]roadmap.Item, 0, len(items))
	for place, id := range e.rules.ranker.WhyOrder(entries) {
		d := byID[id]
		wanted = append(wanted, roadmap.Item{
			ID: id, Place: place + 1, Effort: d.Item.Fields.Get(work.Effort),
			Previous: d.previous.Horizon, Fixed: fixedHorizon(d),
		})
	}
	for _, a := range e.rules.roadmap.Assign(roadmap.Team{Name: team, Effort: t.Capacity.Effort}, wanted) {
		d := byID[a.ID]
		d.Horizon, d.HorizonBecause, d.HorizonFixed = a.Horizon, a.Because, a.Fixed
	}
}

// fixedHorizon is what a person or an owner set; it stays and uses capacity.
func fixedHorizon(d *Decided) string {
	if v := d.Item.Fields.Get(work.Horizon); v.Present() {
		return v.Text()
	}
	return ""
}

func (e *evaluation) entry(d *Decided, horizon int) rank.Entry {
	created, _ := d.Item.Fields.Get(work.Created).Time()
	return rank.Entry{
		ID: d.Item.ID, Team: d.Item.Team, Horizon: horizon, Scored: d.Scored, Created: created,
		Previous: rank.Previous{Tier: d.previous.Tier, Since: d.previous.TierSince, Place: d.previous.Place},
	}
}

// order gives every open item its place and tier.
func (e *evaluation) order() {
	number := map[string]int{}
	for i, h := range e.rules.roadmap.Horizons() {
		number[h] = i + 1
	}
	entries := make([]rank.Entry, len(e.open))
	byID := make(map[work.ItemID]*Decided, len(e.open))
	for i, d := range e.open {
		entries[i] = e.entry(d, number[d.Horizon])
		byID[d.Item.ID] = d
	}
	ordered := make([]*Decided, 0, len(e.open))
	for _, p := range e.rules.ranker.Order(entries, e.snap.AsOf) {
		d := byID[p.ID]
		d.Place, d.TeamPlace, d.Tied, d.Tier = p.Overall, p.Place, p.Tie != p.Place, p.Tier
		d.memory = Previous{
			Place: p.Memory.Place, Tier: p.Memory.Tier, TierSince: p.Memory.Since,
			Horizon: d.Horizon, Score: d.Scored.Next.Value,
		}
		ordered = append(ordered, d)
	}
	e.open = ordered
}
