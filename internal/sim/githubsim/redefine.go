package githubsim

import (
	"maps"
	"slices"
	"strings"

	"tandem/internal/sim"
)

// redefine changes a label's definition; issues follow a new name without
// being touched. Callers hold the lock.
func (r *repository) redefine(l *Label, changed Label) []sim.Effect {
	var effects []sim.Effect
	effect := func(field, from, to string) {
		if from != to {
			effects = append(effects, sim.Effect{Ref: r.Name, Field: "label " + l.Name + " " + field, From: from, To: to})
		}
	}
	effect("name", l.Name, changed.Name)
	effect("color", l.Color, changed.Color)
	effect("description", l.Description, changed.Description)
	changed.ID = l.ID
	if l.Name != changed.Name {
		r.relabel(l.Name, changed.Name)
	}
	delete(r.labels, fold(l.Name))
	r.labels[fold(changed.Name)] = &changed
	return effects
}

// undefine removes a label from the repository and its issues. Callers hold
// the lock.
func (r *repository) undefine(l *Label) []sim.Effect {
	r.relabel(l.Name, "")
	delete(r.labels, fold(l.Name))
	return []sim.Effect{{Ref: r.Name, Field: "label " + l.Name, From: l.Name}}
}

// relabel replaces a label's name in all issues, or removes it.
func (r *repository) relabel(from, to string) {
	for _, i := range slices.Collect(maps.Values(r.issues)) {
		at := slices.IndexFunc(i.Labels, func(name string) bool { return strings.EqualFold(name, from) })
		if at < 0 {
			continue
		}
		after := i.clone()
		if to == "" {
			after.Labels = slices.Delete(after.Labels, at, at+1)
		} else {
			after.Labels[at] = to
		}
		r.put(after)
	}
}
