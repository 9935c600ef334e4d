package view

import (
	"tandem/internal/engine"
	"tandem/internal/work"
)

// Goal is a goal of the rules, and what pulls to it.
type Goal struct {
	Name    string  `json:"name"`
	Measure string  `json:"measure,omitempty"`
	Target  string  `json:"target,omitempty"`
	Period  string  `json:"period,omitempty"`
	Weight  float64 `json:"weight"`
	// Over says that its period has ended. It pulls all the same until somebody
	// changes the rules.
	Over   bool     `json:"over,omitempty"`
	Themes []string `json:"themes"`
	// Items are open ones that serve it, Top how many of them are among the first
	// of the order, and Share the same as a part of those: 0 to 1.
	Items int     `json:"items"`
	Top   int     `json:"top"`
	Share float64 `json:"share"`
}

// Goals are what the organisation wants to reach.
type Goals struct {
	// Goals come by their weight.
	Goals []Goal `json:"goals"`
	// Top is how many of the first items of the order may be seen, Without how
	// many of them serve no goal.
	Top     int `json:"top"`
	Without int `json:"without"`
}

// firstOf is how many items are the top of the order.
const firstOf = 50

// Goals tells what pulls to which goal: of all teams where team is empty. Only
// items of which the visitor may see everything count. What the organisation
// wants is for those inside.
func (vi *Visit) Goals(team string) (Goals, error) {
	l, err := vi.lens()
	if err != nil {
		return Goals{}, err
	}
	return recalled(l, "goals", team, func(l *lens) (Goals, error) { return l.goals(team) })
}

func (l *lens) goals(team string) (Goals, error) {
	v := Goals{Goals: []Goal{}}
	if !l.sees(work.Internal) {
		return v, nil
	}
	at := map[string]int{}
	for _, g := range l.desk.conf.Rules.Goals() {
		at[g.Name] = len(v.Goals)
		v.Goals = append(v.Goals, Goal{
			Name: g.Name, Measure: g.Measure, Target: g.Target, Period: g.Period, Weight: g.Weight, Over: g.Over(l.outcome.AsOf), Themes: append([]string{}, g.Themes...),
		})
	}
	nth := 0
	l.open(team, func(d *engine.Decided) {
		nth++
		if l.sightOf(d) != everything {
			return
		}
		top := 0
		if nth <= firstOf {
			top = 1
		}
		v.Top += top
		if i, known := at[textOf(d, work.Goal)]; known {
			v.Goals[i].Items++
			v.Goals[i].Top += top
		} else {
			v.Without += top
		}
	})
	for i := range v.Goals {
		if v.Top > 0 {
			v.Goals[i].Share = float64(v.Goals[i].Top) / float64(v.Top)
		}
	}
	return v, nil
}

// open calls for the open items of a team in their order; of all teams where it
// is empty.
func (l *lens) open(team string, each func(*engine.Decided)) {
	for _, d := range l.outcome.Items {
		if d.Place > 0 && (team == "" || d.Item.Team == team) {
			each(d)
		}
	}
}
