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
	if r.pages != "" {
		lines = append(lines, "Why, and how to say otherwise: "+r.pages+"/item?ref="+escaped(d.Item.Key()))
	}
	lines = append(lines, "To keep Tandem away from this issue, add the label "+plan.HandsOffLabel+".")
	return plan.Wish{Value: work.NewText(strings.Join(lines, "\n")), Because: "the explanation changed", Audience: r.explanationAudience(d)}
}

// escaped writes a name as a value in an address.
func escaped(name string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_.~:/", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}
