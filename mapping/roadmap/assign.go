package roadmap

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// Team is who does the work.
type Team struct {
	Name string
	// Effort is what the team can do in one period; 0 is no capacity.
	Effort float64
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
	Previous string
	// Fixed is the horizon that a person set; empty where nobody did.
	Fixed string
}

// Assignment is the horizon of one item.
type Assignment struct {
	ID work.ItemID
	// Horizon is now, next, later, or what a person wrote; empty where the item
	// is finished.
	Horizon string
	// Fixed reports that a person set it.
	Fixed bool
	// Effort is what the item uses up, and Assumed that nobody estimated it.
	Effort  float64
	Assumed bool
	// Because says why in one line, with the capacity.
	Because string
}

// Assign returns the horizons of all items of a team, in the order of their
// places.
func (p *Plan) Assign(team Team, items []Item) []Assignment {
	order := slices.Clone(items)
	slices.SortFunc(order, func(a, b Item) int {
		if a.Place != b.Place {
			return cmp.Compare(a.Place, b.Place)
		}
		return cmp.Compare(a.ID, b.ID)
	})
	f := filling{plan: p, team: team, usual: p.usual(order)}
	f.slots = make([]slot, 0, len(order))
	for _, it := range order {
		effort, ok := it.Effort.Number()
		s := slot{item: it, effort: effort, was: p.Index(it.Previous)}
		if !ok || !positive(effort) {
			s.effort, s.assumed = f.usual, true
		}
		f.slots = append(f.slots, s)
	}
	if positive(team.Effort) {
		for i := range p.horizons {
			f.fill(i)
		}
	}
	return f.assignments()
}

// usual returns the median of the known efforts of the team, finished work
// included, or the plan's own.
func (p *Plan) usual(items []Item) float64 {
	var known []float64
	for _, it := range items {
		if f, ok := it.Effort.Number(); ok && positive(f) {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		return p.effort
	}
	slices.Sort(known)
	return (known[(len(known)-1)/2] + known[len(known)/2]) / 2
}

// slot is an item while horizons are filled.
type slot struct {
	item    Item
	effort  float64
	assumed bool
	was     int // the index of its last horizon, 0 is none
	in      int // the index of its horizon, 0 is none yet
}

// waits reports whether the item still looks for a horizon.
func (s *slot) waits() bool { return s.in == 0 && !s.item.Done && s.item.Fixed == "" }

// filling is one team's horizons while they are filled.
type filling struct {
	plan  *Plan
	team  Team
	usual float64
	slots []slot
	used  []float64 // by horizon
	names []string  // with what is planned of what there is, by horizon
	told  map[lot]string
}

// lot is what an item's reason is made of: many items have the same.
type lot struct {
	effort  float64
	assumed bool
	in      int
	stays   bool
}

// grain keeps sums of estimates such as 0.1 + 0.2 from being too large.
const grain = 1e-9

// fill fills the i-th horizon with those who still wait.
func (f *filling) fill(i int) {
	room := f.capacity(i)
	used := f.fixed(i)
	index, empty := i+1, used == 0
	behind := used // with everything before in the order
	full := false
	for n := range f.slots {
		s := &f.slots[n]
		if !s.waits() {
			continue
		}
		behind += s.effort
		stays := s.was > 0 && s.was <= index && behind <= room*(1+f.plan.band)+grain
		if !stays || full {
			continue
		}
		if full = used+s.effort > room+grain; !full {
			s.in, empty = index, false
			used += s.effort
		}
	}
	for n := range f.slots {
		s := &f.slots[n]
		if !s.waits() {
			continue
		}
		limit := room
		if s.was > index {
			limit = room * (1 - f.plan.band)
		}
		if !empty && used+s.effort > limit+grain {
			break
		}
		s.in, empty = index, false
		used += s.effort
	}
	f.used = append(f.used, used)
}

func (f *filling) capacity(i int) float64 { return f.team.Effort * f.plan.horizons[i].periods }

// fixed returns what people's choices use up of the i-th horizon.
func (f *filling) fixed(i int) float64 {
	used := 0.0
	for n := range f.slots {
		if s := &f.slots[n]; !s.item.Done && s.item.Fixed == f.plan.horizons[i].name {
			used += s.effort
		}
	}
	return used
}
