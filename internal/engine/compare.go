package engine

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping/agreement"
)

// Last is the run that an outcome is compared with.
type Last struct {
	Run       int64
	At, AsOf  time.Time
	RulesHash string
}

// Last returns what of a kept run others are compared with.
func (r *Run) Last() Last { return Last{r.Seq, r.At, r.AsOf, r.RulesHash} }

// Stability is how far an outcome is from the last run: two runs on the same
// data give the same order, so whatever moved has a cause.
type Stability struct {
	// Since is the run that it is compared with, AsOf its day.
	Since int64     `json:"since"`
	AsOf  time.Time `json:"as_of"`
	agreement.Figures

	// Priorities, Horizons and Routes count items whose shared priority, horizon
	// or route is another one now.
	Priorities int `json:"priorities"`
	Horizons   int `json:"horizons"`
	Routes     int `json:"routes"`
	// Causes counts what changed those, and the places, of the Moves; an item
	// with several causes counts for each.
	Causes map[Cause]int `json:"causes,omitempty"`
	// Moves are the items that changed, those whose priority, horizon or route
	// did first, then those that moved furthest; Untold counts the others.
	Moves  []Move `json:"moves,omitempty"`
	Untold int    `json:"untold,omitempty"`
}

// Move is what became of one item.
type Move struct {
	Item work.ItemID `json:"item"`
	Ref  string      `json:"ref"`
	Team string      `json:"team,omitempty"`
	// From and To are places in the team's order; 0 is none.
	From     int     `json:"from"`
	To       int     `json:"to"`
	Priority *Change `json:"priority,omitempty"`
	Horizon  *Change `json:"horizon,omitempty"`
	Route    *Change `json:"route,omitempty"`
	Score    Pair    `json:"score"`
	// Causes are what differs, Because the same in words.
	Causes  []Cause `json:"causes,omitempty"`
	Because string  `json:"because,omitempty"`

	item *Decided
}

// Change is a value before and after.
type Change struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Pair is a score before and after.
type Pair struct {
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// mostMoves is how many items a report tells of: one that tells of everything
// is read by nobody.
const mostMoves = 200

// Compare tells how far the outcome is from where items stood after the last
// run. Attribute adds why. It is nil where there was no run, or where its order
// stays because a source is still to be read.
func (o *Outcome) Compare(previous map[work.ItemID]Previous, last Last) *Stability {
	if len(previous) == 0 || len(o.Plan.FirstRead) > 0 {
		return nil
	}
	s := &Stability{Since: last.Run, AsOf: last.AsOf}
	before := make([]int, 0, len(previous))
	for _, p := range previous {
		before = append(before, p.Place)
	}
	slices.Sort(before)
	was := o.former(previous)
	after := make([]int, 0, len(o.Items))
	for i, d := range o.Items {
		switch {
		case d.Place == 0:
		case was[i].known:
			after = append(after, was[i].Place)
		default:
			after = append(after, -i-1)
		}
	}
	s.Figures = agreement.Compare(before, after)
	s.moves(o, was)
	return s
}

// former is where an item stood.
type former struct {
	Previous

	known bool
	place int // in its team
}

// former tells where each item stood, in the order of the items. Places in
// teams are those among the items that are still known, in the teams of today.
func (o *Outcome) former(previous map[work.ItemID]Previous) []former {
	all := make([]former, len(o.Items))
	order := make([]int, 0, len(o.Items))
	for i, d := range o.Items {
		p, known := previous[d.Item.ID]
		if all[i] = (former{Previous: p, known: known}); p.Place > 0 {
			order = append(order, i)
		}
	}
	compare := func(a, b int) int { return cmp.Compare(all[a].Place, all[b].Place) }
	if !slices.IsSortedFunc(order, compare) {
		slices.SortFunc(order, compare)
	}
	counts := map[string]int{}
	for _, i := range order {
		team := o.Items[i].Item.Team
		counts[team]++
		all[i].place = counts[team]
	}
	return all
}

// moves counts what changed and keeps what is worth telling.
func (s *Stability) moves(o *Outcome, was []former) {
	var all []Move
	for i, d := range o.Items {
		if d.Place == 0 {
			continue // that it is finished is no change of mind
		}
		m := d.moved(&was[i])
		s.count(&m)
		if m.decided() || m.From != m.To {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b Move) int {
		if a.decided() != b.decided() {
			return cmp.Compare(boolean(b.decided()), boolean(a.decided()))
		}
		if c := cmp.Compare(b.distance(), a.distance()); c != 0 {
			return c
		}
		return cmp.Compare(a.Item, b.Item)
	})
	s.Untold = max(0, len(all)-mostMoves)
	s.Moves = all[:len(all)-s.Untold]
	for i := range s.Moves {
		s.Moves[i].named()
	}
}

func (s *Stability) count(m *Move) {
	s.Priorities += boolean(m.Priority != nil)
	s.Horizons += boolean(m.Horizon != nil)
	s.Routes += boolean(m.Route != nil)
}

// moved compares an item with where it stood.
func (d *Decided) moved(was *former) Move {
	m := Move{
		Item: d.Item.ID, Team: d.Item.Team, From: was.place, To: d.TeamPlace, Score: Pair{was.Score, d.Scored.Next.Value}, item: d,
	}
	if !was.known {
		m.Score.From = 0
		return m
	}
	change := func(from, to string) *Change {
		if from == to {
			return nil
		}
		return &Change{from, to}
	}
	if d.Tier != "" { // where an input is missing the last one is remembered
		m.Priority = change(was.Tier, d.Tier)
	}
	m.Horizon = change(was.Horizon, d.Horizon)
	if was.Route != "" && d.Route != nil {
		m.Route = change(string(was.Route), string(d.Route.Key()))
	}
	return m
}

// decided reports whether more changed than a place.
func (m *Move) decided() bool { return m.Priority != nil || m.Horizon != nil || m.Route != nil }

// distance is by how many places the item moved; one that is new came from
// behind all others.
func (m *Move) distance() int {
	if m.From == 0 {
		return 0
	}
	return max(m.From-m.To, m.To-m.From)
}

// Move returns what became of one item since the last run, be it told in a
// report or not.
func (o *Outcome) Move(previous map[work.ItemID]Previous, d *Decided) Move {
	m := d.moved(&o.former(previous)[slices.Index(o.Items, d)])
	m.named()
	return m
}

// named gives the move the name of its item; most moves are not told.
func (m *Move) named() { m.Ref = m.item.Item.Key() }

// Changed reports whether there is anything to tell.
func (m *Move) Changed() bool { return m.decided() || m.From != m.To }

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
