package engine

import (
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// explanation is the comment that Tandem keeps at an issue, where the rules
// map it: what was decided and why, for the people who work there. It holds no
// scores and no places, which move every day: it changes when a decision does.
// It is as strict as everything that went into it (promise S7).
func (r *Rules) explanation(d *Decided) plan.Wish {
	if d.Place == 0 {
		return plan.Wish{}
	}
	var lines []string
	add := func(label, value, why string) {
		if value == "" {
			return
		}
		if why != "" {
			why = ", because " + why
		}
		lines = append(lines, label+": "+value+why)
	}
	for _, field := range []work.Field{work.Priority, work.Horizon, work.Goal} {
		if v := d.Item.Fields.Get(field); v.Present() {
			add(strings.ToUpper(field.String()[:1])+field.String()[1:], v.Text(), d.because(field, v.Text()))
		}
	}
	add("Who acts", d.Route.Accountable, d.Route.Because)
	if d.Route.Late {
		add("Late since", d.Route.DueOn(d.RouteSince()).AddDate(0, 0, 1).Format(time.DateOnly), "")
	}
	add("Not ready", strings.Join(d.NotReady, "; "), "")
	lines = append(lines, "To keep Tandem away from this issue, add the label "+plan.HandsOffLabel+".")
	return plan.Wish{Value: work.NewText(strings.Join(lines, "\n")), Because: "the explanation changed", Audience: r.explanationAudience(d)}
}
