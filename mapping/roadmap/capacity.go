package roadmap

// Line is how much of a horizon a team can fill.
type Line struct {
	Horizon string
	// Capacity is what it holds, and Left what can still be done in it: a quarter
	// that has begun has less. Both are 0 for later, which has no end.
	Capacity, Left float64
	// Frozen: only people put something in or take something out.
	Frozen bool
}

// Lines returns the capacity of each horizon of a team, the nearest first. A
// team without a capacity has none of it.
func (p *Plan) Lines(team Team) []Line {
	f := filling{plan: p, team: team}
	lines := make([]Line, 0, len(p.horizons)+1)
	for i := range p.horizons {
		line := Line{Horizon: p.horizons[i].name, Frozen: p.horizons[i].frozen}
		if f.able() {
			line.Capacity, line.Left = f.capacity(i), f.left(i)
		}
		lines = append(lines, line)
	}
	return append(lines, Line{Horizon: Later})
}

// Usual returns the effort that is assumed where nobody gave one: the median of
// the known efforts, or the plan's own.
func (p *Plan) Usual(items []Item) float64 { return p.usual(new(Desk), items, byPlace(items)) }
