package engine

import (
	"cmp"
	"math"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/roadmap"
)

// Lane is a horizon of a team with what stands in it.
type Lane struct {
	roadmap.Line

	// Named: it is one of the rules, not one that a person wrote.
	Named bool
	// Used is the effort of its items.
	Used  float64
	Cards []Card
}

// Card is an item of a lane.
type Card struct {
	*Decided

	Effort float64
	// Assumed: nobody estimated it.
	Assumed bool
}

// Lanes returns the roadmap of a team: its horizons, the nearest first, then
// those that people wrote and that are none of them. Items are in their order.
func (o *Outcome) Lanes(rules *Rules, team string) []Lane {
	t, _ := rules.org.Team(team)
	lines := rules.roadmap.On(o.AsOf).Lines(roadmap.Team{Name: team, Effort: t.Capacity.Effort, Every: time.Duration(t.Capacity.Every)})
	lanes := make([]Lane, len(lines))
	at := make(map[string]int, len(lines))
	for i, line := range lines {
		lanes[i].Line, lanes[i].Named, at[line.Horizon] = line, true, i
	}
	var items []*Decided
	var wishes []roadmap.Item
	o.unfinished(func(d *Decided) {
		if d.Item.Team == team {
			items, wishes = append(items, d), append(wishes, d.wish())
		}
	})
	usual := rules.roadmap.Usual(wishes)
	slices.SortStableFunc(items, func(a, b *Decided) int { return cmp.Compare(a.TeamPlace, b.TeamPlace) })
	for _, d := range items {
		i, known := at[d.Horizon]
		if !known {
			i = len(lanes)
			lanes, at[d.Horizon] = append(lanes, Lane{Line: roadmap.Line{Horizon: d.Horizon}}), i
		}
		card := Card{Decided: d, Effort: usual, Assumed: true}
		if effort, ok := d.asRanked(work.Effort).Number(); ok && effort > 0 && !math.IsInf(effort, 0) {
			card.Effort, card.Assumed = effort, false
		}
		lanes[i].Used, lanes[i].Cards = lanes[i].Used+card.Effort, append(lanes[i].Cards, card)
	}
	return lanes
}
