package cli

import "tandem/internal/engine"

// standing tells what beside the score gave the place.
func (p *printer) standing(x engine.Explanation) {
	d := x.Item
	if x.NeededBy != nil {
		p.line("Moved ahead of its score: %s at place %d needs it first.", x.NeededBy.Item.Key(), x.NeededBy.TeamPlace)
	}
	if len(x.Ties) > 0 {
		decided := ""
		if x.Rival != nil {
			decided = " Against " + x.Rival.Item.Key() + ", " + d.Standing.Break.String() + " decided."
		}
		p.line("Tied with %s: their intervals overlap.%s", engine.PlacesOf(x.Ties), decided)
	}
	for _, n := range x.Needs {
		team := ""
		if n.Item.Team != d.Item.Team {
			team = " of team " + orNone(n.Item.Team) + ", which has an order of its own"
		} else if d.Standing.Circle > 0 && n.Standing.Circle == d.Standing.Circle {
			team = ", which needs it in turn: neither waits for the other until somebody cuts the circle (tandem plan lists it)"
		}
		p.line("Needs first: %s at place %d%s", n.Item.Key(), n.TeamPlace, team)
	}
}

// keysOf names items.
func keysOf(items ...*engine.Decided) []string {
	keys := []string{}
	for _, d := range items {
		if d != nil {
			keys = append(keys, d.Item.Key())
		}
	}
	return keys
}
