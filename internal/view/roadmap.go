package view

import (
	"fmt"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Roadmap is what a team plans, by horizon.
type Roadmap struct {
	Team string `json:"team"`
	// Capacity is what the team can do in a period of Every; for those inside.
	Capacity float64 `json:"capacity,omitempty"`
	Every    string  `json:"every,omitempty"`
	Lanes    []Lane  `json:"lanes"`
	// Restricted counts open items that are left out, for those inside: of them
	// the visitor may not know the horizon.
	Restricted int `json:"restricted,omitempty"`
}

// Lane is a horizon: now, next, later, a quarter, or what a person wrote.
type Lane struct {
	Window

	Horizon string `json:"horizon"`
	// Frozen: only people put something in or take something out.
	Frozen bool `json:"frozen,omitempty"`
	// Capacity is what it holds, Left what can still be done in it, and Used the
	// effort of all of its items, in the team's unit and for those inside.
	// Absent where there is no end to it.
	Capacity *float64 `json:"capacity,omitempty"`
	Left     *float64 `json:"left,omitempty"`
	Used     *float64 `json:"used,omitempty"`
	Cards    []Card   `json:"cards"`
}

// Card is an item of a horizon.
type Card struct {
	Item

	Effort float64 `json:"effort"`
	// Assumed: nobody estimated it.
	Assumed bool `json:"assumed,omitempty"`
	// Because is why it is there, and Risk what it cannot keep.
	Because string `json:"because,omitempty"`
	Risk    string `json:"risk,omitempty"`
	Fixed   bool   `json:"fixed,omitempty"`
}

// RoadmapQuery asks for the roadmap of a team, or of all where it is empty. The
// page is that of each horizon.
type RoadmapQuery struct {
	Page

	Team string
	// Horizon is the only one that is asked for.
	Horizon string
}

// Roadmap tells what stands in which horizon, in the order of each team: what
// the visitor may see everything of.
func (vi *Visit) Roadmap(q RoadmapQuery) ([]Roadmap, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	if q.Offset > 0 || atMost(q.Limit) > mostRecalled {
		return l.roadmaps(&q), nil
	}
	return recalled(l, "roadmap", fmt.Sprintf("%+v", q), func(l *lens) ([]Roadmap, error) { return l.roadmaps(&q), nil })
}

func (l *lens) roadmaps(q *RoadmapQuery) []Roadmap {
	all := []Roadmap{}
	for _, t := range l.teams() {
		if q.Team == "" || t == q.Team {
			all = append(all, l.roadmap(t, q))
		}
	}
	return all
}

// teams are those of the rules, and none where items have none.
func (l *lens) teams() []string {
	names := append([]string{}, l.desk.conf.Rules.Org().TeamNames()...)
	for _, d := range l.outcome.Items {
		if d.Place > 0 && d.Item.Team == "" {
			return append(names, "")
		}
	}
	return names
}

func (l *lens) roadmap(team string, q *RoadmapQuery) Roadmap {
	rules, inside := l.desk.conf.Rules, l.sees(work.Internal)
	v := Roadmap{Team: team, Lanes: []Lane{}}
	if t, known := rules.Org().Team(team); known && inside && t.Capacity.Known() {
		v.Capacity, v.Every = t.Capacity.Effort, t.Capacity.Every.String()
	}
	hidden := 0
	for _, lane := range l.lanes(team) {
		seen := lane.Cards[:0:0]
		for i := range lane.Cards {
			if l.sightOf(lane.Cards[i].Decided) == everything {
				seen = append(seen, lane.Cards[i])
			}
		}
		hidden += len(lane.Cards) - len(seen)
		if q.Horizon == "" && (len(seen) > 0 || lane.Named) || q.Horizon != "" && lane.Horizon == q.Horizon {
			v.Lanes = append(v.Lanes, l.lane(&lane, seen, q.Page))
		}
	}
	if inside {
		v.Restricted = hidden
	}
	return v
}

func (l *lens) lane(lane *engine.Lane, seen []engine.Card, page Page) Lane {
	w, from, to := page.cut(len(seen))
	v := Lane{Window: w, Horizon: lane.Horizon, Frozen: lane.Frozen, Cards: []Card{}}
	if l.sees(work.Internal) {
		v.Used = &lane.Used
		if lane.Capacity > 0 {
			v.Capacity, v.Left = &lane.Capacity, &lane.Left
		}
	}
	for i := range seen[from:to] {
		c := &seen[from+i]
		v.Cards = append(v.Cards, Card{
			Item: l.item(c.Decided), Effort: c.Effort, Assumed: c.Assumed, Because: l.horizonBecause(c.Decided), Risk: l.risk(c.Decided), Fixed: c.HorizonFixed,
		})
	}
	return v
}

// risk is what an item cannot keep. To the public nothing is said of other
// teams and their plans.
func (l *lens) risk(d *engine.Decided) string {
	if !l.sees(work.Internal) {
		return ""
	}
	return d.HorizonRisk
}
