package roadmap

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Team is who does the work.
type Team struct {
	Name string
	// Effort is what the team can do in one period; 0 is no capacity.
	Effort float64
	// Every is how long a period is: it says how many of them are in a quarter,
	// and when now and next end.
	Every time.Duration
}

// Item is one piece of the team's work.
type Item struct {
	ID work.ItemID
	// Place is the item's place in the order of why; 1 is first.
	Place int
	// Effort is the estimate in the team's unit. What is no number above 0
	// counts as unknown.
	Effort work.Value
	Done   bool
	// Previous is the horizon of the last snapshot; empty where there is none.
	// Since is when it became so, zero where nobody knows.
	Previous string
	Since    time.Time
	// Fixed is the horizon that a person set; empty where nobody did.
	Fixed string
	// Target and Launch are the dates that the plan aims at; zero for none.
	Target, Launch time.Time
	// Needs are items of the team that come first. What is none of its items,
	// or finished, keeps nobody waiting.
	Needs []Need
}

// Need is an item that comes first, with the key by which people know it.
type Need struct {
	ID  work.ItemID
	Key string
}

// Assignment is the horizon of one item.
type Assignment struct {
	ID work.ItemID
	// Place is the item's own.
	Place int
	// Horizon is now, next, later, a quarter or month, or what a person wrote;
	// empty where the item is finished.
	Horizon string
	// Fixed reports that a person set it.
	Fixed bool
	// Effort is what the item uses up, and Assumed that nobody estimated it.
	Effort  float64
	Assumed bool
	// Because says why in one line, with the capacity and what is at risk.
	Because string
	// Risk says what cannot be kept: a date, or that something else comes first;
	// empty for most.
	Risk string
}

// Assign returns the horizons of all items of a team, in the order of their
// places; what others need comes before them.
func (p *Plan) Assign(team Team, items []Item) []Assignment {
	f := filling{plan: p, team: team, slots: make([]slot, 0, len(items))}
	order := sequence(items)
	f.usual = p.usual(items)
	for _, i := range order.order {
		f.slots = append(f.slots, f.slot(&items[i]))
	}
	order.needs(&f)
	if f.able() {
		for i := range p.horizons {
			f.fill(i)
		}
	}
	return f.assignments()
}

// able reports whether the team can do anything.
func (f *filling) able() bool {
	return positive(f.team.Effort) && (f.plan.calendar == nil || f.team.Every > 0)
}

// slot prepares an item.
func (f *filling) slot(it *Item) slot {
	effort, ok := it.Effort.Number()
	s := slot{item: it, effort: effort, was: f.plan.Place(it.Previous)}
	if !ok || !positive(effort) {
		s.effort, s.assumed = f.usual, true
	}
	s.over = s.was > 0 && f.plan.over(it.Previous)
	s.dwells = s.was > 0 && !s.over && !it.Since.IsZero() && f.plan.today.Sub(it.Since) < f.plan.dwell
	s.due = due(it)
	s.latest = f.latest(s.due)
	return s
}

// usual returns the median of the known efforts of the team, finished work
// included, or the plan's own.
func (p *Plan) usual(items []Item) float64 {
	known := make([]float64, 0, len(items))
	for i := range items {
		if f, ok := items[i].Effort.Number(); ok && positive(f) {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		return p.effort
	}
	slices.Sort(known)
	return (known[(len(known)-1)/2] + known[len(known)/2]) / 2
}
