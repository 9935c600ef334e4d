package view

import (
	"cmp"
	"slices"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Theme is what open items have in common.
type Theme struct {
	// Theme is its name; empty for items that have none.
	Theme string `json:"theme"`
	// Goal is what it serves, for those inside.
	Goal  string `json:"goal,omitempty"`
	Items int    `json:"items"`
	// Horizons count its items, the nearest horizon first.
	Horizons []HorizonCount `json:"horizons"`
	// Accounts adds up how many ask for each of its items.
	Accounts int `json:"accounts"`
}

// HorizonCount counts items of a horizon.
type HorizonCount struct {
	Horizon string `json:"horizon"`
	Items   int    `json:"items"`
}

// Themes tells how open items spread over themes: those of which the visitor
// may see everything, of all teams where team is empty. The largest comes
// first, items without a theme come last.
func (vi *Visit) Themes(team string) ([]Theme, error) {
	l, err := vi.lens()
	if err != nil {
		return nil, err
	}
	return recalled(l, "themes", team, func(l *lens) ([]Theme, error) { return l.themes(team), nil })
}

func (l *lens) themes(team string) []Theme {
	horizons := l.desk.conf.Rules.Horizons(l.outcome.AsOf)
	goals := map[string]string{}
	if l.sees(work.Internal) {
		for _, g := range l.desk.conf.Rules.Goals() {
			for _, t := range g.Themes {
				goals[t] = g.Name
			}
		}
	}
	at := map[string]*Theme{}
	l.open(team, func(d *engine.Decided) {
		if l.sightOf(d) != everything {
			return
		}
		name := textOf(d, work.Theme)
		if at[name] == nil {
			at[name] = &Theme{Theme: name, Goal: goals[name], Horizons: []HorizonCount{}}
		}
		at[name].add(d)
	})
	all := []Theme{}
	for _, t := range at {
		slices.SortFunc(t.Horizons, func(a, b HorizonCount) int {
			return cmp.Or(cmp.Compare(placeIn(horizons, a.Horizon), placeIn(horizons, b.Horizon)), cmp.Compare(a.Horizon, b.Horizon))
		})
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b Theme) int {
		return cmp.Or(cmp.Compare(last(a.Theme == ""), last(b.Theme == "")), cmp.Compare(b.Items, a.Items), cmp.Compare(a.Theme, b.Theme))
	})
	return all
}

func (t *Theme) add(d *engine.Decided) {
	t.Items++
	t.Accounts += d.Evidence.Accounts
	horizon := textOf(d, work.Horizon)
	i := slices.IndexFunc(t.Horizons, func(h HorizonCount) bool { return h.Horizon == horizon })
	if i < 0 {
		i, t.Horizons = len(t.Horizons), append(t.Horizons, HorizonCount{Horizon: horizon})
	}
	t.Horizons[i].Items++
}

// placeIn is where a name stands in a list; behind all where it is none of them.
func placeIn(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

func last(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
