package view

import (
	"cmp"
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// OutlineCard is all that stakeholders are told of an item.
type OutlineCard struct {
	Horizon string `json:"horizon"`
	Title   string `json:"title"`
	Theme   string `json:"theme,omitempty"`
	Status  string `json:"status,omitempty"`
}

// OutlineLane is a horizon of an outline.
type OutlineLane struct {
	Horizon string
	Cards   []OutlineCard
	// More is how many others there are that the reader may see.
	More int
}

// Outline is the roadmap for stakeholders: what of some teams is planned when,
// and neither a score nor a person, nor how much there is beside it. It lists
// all teams where none is named, and at most so many cards of each horizon.
func (vi *Visit) Outline(teams []string, limit int) ([]OutlineLane, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	named := map[string]bool{}
	items := map[string][]*engine.Decided{}
	var order []string
	for _, team := range l.teams() {
		if len(teams) > 0 && !slices.Contains(teams, team) {
			continue
		}
		for _, lane := range l.lanes(team) {
			if !slices.Contains(order, lane.Horizon) {
				order = append(order, lane.Horizon)
			}
			named[lane.Horizon] = named[lane.Horizon] || lane.Named
			for i := range lane.Cards {
				if d := lane.Cards[i].Decided; l.sightOf(d) == everything {
					items[lane.Horizon] = append(items[lane.Horizon], d)
				}
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(last(!named[a]), last(!named[b])) })
	lanes := []OutlineLane{}
	for _, horizon := range order {
		all := items[horizon]
		if len(all) == 0 && !named[horizon] {
			continue
		}
		slices.SortStableFunc(all, func(a, b *engine.Decided) int { return cmp.Compare(a.Place, b.Place) })
		lane := OutlineLane{Horizon: horizon, Cards: []OutlineCard{}, More: max(0, len(all)-limit)}
		for _, d := range all[:min(len(all), limit)] {
			lane.Cards = append(lane.Cards, OutlineCard{horizon, textOf(d, work.Title), textOf(d, work.Theme), textOf(d, work.Status)})
		}
		lanes = append(lanes, lane)
	}
	return lanes, nil
}
