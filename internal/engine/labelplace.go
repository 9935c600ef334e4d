package engine

import (
	"strconv"
	"strings"

	"tandem/internal/work"
)

// placeLabels gives mistakes in the labels of routes the place of the route
// that names the label: rule files hold no entry of fields: for them.
func (r *Rules) placeLabels(problems []work.Problem) []work.Problem {
	const derived = "/fields/route_label"
	if _, written := r.spec.Fields[work.RouteLabel.String()]; written || r.tree == nil {
		return problems
	}
	for i, p := range problems {
		if !strings.HasPrefix(string(p.At), derived+"/") {
			continue
		}
		for _, rule := range r.tree.All() {
			if rule.Label != "" && strings.Contains(p.What, strconv.Quote(rule.Label)) {
				problems[i].At = rule.At.Key("label")
				break
			}
		}
	}
	return problems
}
