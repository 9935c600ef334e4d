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
	all := make([]Assignment, 0, len(items))
	p.Each(new(Desk), team, items, byPlace(items), func(item int, a *Assignment) {
		all = append(all, *a)
		all[len(all)-1].Place = items[item].Place
	})
	return all
}

// Desk is room to work in, to be used again and again by one roadmap for the same
// items. It remembers the reasons that were told.
type Desk struct {
	told                []told              // by item
	lists               map[string]*reasons // by team
	slots               []slot
	efforts             []float64
	fixed, dated, dwell []int
}

// Each is Assign of some of the items, named by their indexes in the order of
// their places; the Place of the items themselves is not looked at. It calls tell
// with the index of each item and what became of it, which is good for that call.
func (p *Plan) Each(desk *Desk, team Team, items []Item, some []int, tell func(item int, a *Assignment)) {
	f := filling{
		plan: p, team: team, slots: slices.Grow(desk.slots[:0], len(some)),
		fixed: desk.fixed[:0], dated: desk.dated[:0], dwell: desk.dwell[:0],
	}
	order := sequence(items, some)
	f.usual = p.usual(desk, items, some)
	for n, i := range order.order {
		at := some[i]
		f.slots = append(f.slots, f.slot(&items[at], at, i+1))
		f.note(n)
	}
	order.needs(&f)
	if f.able() {
		for i := range p.horizons {
			f.fill(i)
		}
	}
	f.remember(desk, len(items))
	f.assignments(tell)
	clear(f.slots) // nothing is to be held by what is done
	desk.slots, desk.fixed, desk.dated, desk.dwell = f.slots, f.fixed, f.dated, f.dwell
}

// able reports whether the team can do anything.
func (f *filling) able() bool {
	return positive(f.team.Effort) && (f.plan.calendar == nil || f.team.Every > 0)
}

// slot prepares an item.
func (f *filling) slot(it *Item, index, place int) slot {
	effort, ok := it.Effort.Number()
	s := slot{item: it, index: index, place: place, effort: effort, was: f.plan.Place(it.Previous)}
	if !ok || !positive(effort) {
		s.effort, s.assumed = f.usual, true
	}
	s.over = s.was > 0 && f.plan.over(it.Previous)
	s.dwells = s.was > 0 && !s.over && !it.Since.IsZero() && f.plan.today.Sub(it.Since) < f.plan.dwell
	s.latest = f.latest(due(it))
	return s
}

// note lists the n-th slot among those that are looked for.
func (f *filling) note(n int) {
	s := &f.slots[n]
	if s.item.Fixed != "" && !s.item.Done {
		f.fixed = append(f.fixed, n)
	}
	if s.latest > 0 {
		f.dated = append(f.dated, n)
	}
	if s.dwells {
		f.dwell = append(f.dwell, n)
	}
}

// usual returns the median of the known efforts of the team, finished work
// included, or the plan's own.
func (p *Plan) usual(desk *Desk, items []Item, some []int) float64 {
	known := desk.efforts[:0]
	for _, i := range some {
		if f, ok := items[i].Effort.Number(); ok && positive(f) {
			known = append(known, f)
		}
	}
	desk.efforts = known
	if len(known) == 0 {
		return p.effort
	}
	high := nth(known, len(known)/2)
	if len(known)%2 == 1 {
		return high
	}
	return (slices.Max(known[:len(known)/2]) + high) / 2
}

// nth puts the n-th smallest number at its place, no greater ones before it and
// no smaller ones behind it, and returns it: Hoare's selection, which takes a
// walk along them where sorting takes many.
func nth(all []float64, n int) float64 {
	for from, to := 0, len(all)-1; from < to; {
		pivot, i, j := all[from+(to-from)/2], from, to
		for i <= j {
			for all[i] < pivot {
				i++
			}
			for all[j] > pivot {
				j--
			}
			if i <= j {
				all[i], all[j] = all[j], all[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j:
			to = j
		case n >= i:
			from = i
		default:
			return all[n]
		}
	}
	return all[n]
}
