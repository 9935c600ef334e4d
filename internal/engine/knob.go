package engine

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"tandem/mapping/roadmap"
)

// Knob is a value of the rules that people like to turn in thought, at its path
// as tandem what-if --set takes it.
type Knob struct {
	// Group is the section of the rules, for people.
	Group, Path, Value string
}

// Knobs lists the values of the rules in use that decide most: weights, caps and
// priors, half-lives, tiers, goals, capacities. It holds no expression: these
// are whole texts.
func (r *Rules) Knobs() []Knob {
	all := []Knob{}
	for _, n := range r.numbers() {
		all = append(all, Knob{groupOf(n.path), n.path, n.show(n.value)})
	}
	if t := r.spec.Rank.Tiers; t != nil {
		for _, name := range slices.Sorted(maps.Keys(t.Least)) {
			all = append(all, Knob{"Least score of each priority", "rank.tiers." + name, strconv.FormatFloat(t.Least[name], 'g', -1, 64)})
		}
	}
	if b := r.spec.Rank.Band; b != nil {
		all = append(all, Knob{"Steadiness", "rank.band", strconv.FormatFloat(float64(*b)*100, 'g', 4, 64) + "%"})
	}
	for name, h := range map[string]*roadmap.Horizon{"now": r.spec.Roadmap.Now, "next": r.spec.Roadmap.Next} {
		if h != nil && h.Capacity != nil {
			all = append(all, Knob{"Roadmap, in periods of a team's capacity", "roadmap." + name + ".capacity", strconv.FormatFloat(*h.Capacity, 'g', -1, 64)})
		}
	}
	if d := r.spec.Rank.Dwell; d != nil {
		all = append(all, Knob{"Steadiness", "rank.dwell", d.String()})
	}
	slices.SortStableFunc(all, func(a, b Knob) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Path, b.Path)) })
	return all
}

// groupOf names the section that a path belongs to.
func groupOf(path string) string {
	for prefix, name := range map[string]string{
		"rank.why.": "The PM's lens: why", "rank.next.": "The PO's lens: next", "goals.": "Goals", "evidence.": "Evidence",
	} {
		if len(path) > len(prefix) && path[:len(prefix)] == prefix {
			return name
		}
	}
	return "Ranking"
}
