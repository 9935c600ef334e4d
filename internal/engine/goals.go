package engine

import (
	"cmp"
	"slices"

	"tandem/mapping/expression"
)

// Goal is a goal of the rules with the themes that serve it.
type Goal struct {
	expression.Goal

	Themes []string
}

// Goals returns the goals of the rules, those that weigh most first.
func (r *Rules) Goals() []Goal {
	all := make([]Goal, 0, len(r.goals))
	for name, g := range r.goals {
		all = append(all, Goal{g, slices.Clone(r.spec.Goals[name].Themes)})
	}
	slices.SortFunc(all, func(a, b Goal) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Name, b.Name)) })
	return all
}
