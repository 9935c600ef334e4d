package scheduler

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Swept are label definitions of one place.
type Swept struct {
	Connector string   `json:"connector"`
	Place     string   `json:"place"`
	Labels    []string `json:"labels"`
	// Failure says why the place could not be swept.
	Failure string `json:"failure,omitempty"`
}

// Sweep removes the definitions of labels that Tandem made and that nobody
// uses, where an errand took labels away; with look it only lists Tandem's.
func (c *Cycle) Sweep(ctx context.Context, writes []undo.Write, look bool) []Swept {
	type place struct{ connector, name string }
	labels := map[place]map[string]bool{}
	for i := range writes {
		w := &writes[i]
		if w.Target.Path != work.NativeLabels || w.Target.Element == "" || w.Place == "" {
			continue
		}
		at := place{w.Target.Connector, w.Place}
		if labels[at] == nil {
			labels[at] = map[string]bool{}
		}
		labels[at][w.Target.Element] = true
	}
	var all []Swept
	for _, live := range c.c.Connectors {
		if live.Failure != nil || live.Conn.Sweeper == nil {
			continue
		}
		for _, at := range slices.SortedFunc(maps.Keys(labels), func(a, b place) int { return cmp.Compare(a.name, b.name) }) {
			if at.connector != live.Name {
				continue
			}
			swept, err := live.Conn.Sweeper.Sweep(ctx, at.name, slices.Sorted(maps.Keys(labels[at])), look)
			s := Swept{Connector: live.Name, Place: at.name, Labels: swept}
			if err != nil {
				s.Failure = err.Error()
			}
			if len(swept) > 0 || err != nil {
				all = append(all, s)
			}
		}
	}
	return all
}
