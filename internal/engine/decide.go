package engine

import (
	"cmp"
	"strconv"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// decide routes every item and compares what should be with what is. It walks
// the items as they were found, which is as they lie in memory, and plans in
// the order of their places.
func (e *evaluation) decide(o *Outcome) {
	sheets := make([]*sheet, parts)
	e.spans = newSpans(len(e.items))
	tallies := e.spans.counts
	split(len(e.items), func(part, from, to int) {
		h := e.newHand()
		sheets[part] = newSheet(e.rules)
		for i := from; i < to; i++ {
			h.decide(&e.items[i], sheets[part], &tallies[i])
		}
	})
	e.spans.place(e.open, e.done)
	o.Plan = plan.Plan{
		Edits:    merge(o.Items, sheets, func(s *sheet) *pile[plan.Planned] { return &s.edits }, &e.spans, editsOf),
		Holds:    merge(o.Items, sheets, func(s *sheet) *pile[work.Hold] { return &s.holds }, &e.spans, holdsOf),
		Adopted:  merge(o.Items, sheets, func(s *sheet) *pile[plan.Entry] { return &s.adopted }, &e.spans, adoptedOf),
		Findings: merge(o.Items, sheets, func(s *sheet) *pile[work.Finding] { return &s.findings }, &e.spans, findingsOf),
	}
	split(len(e.spans.busy), func(_, from, to int) {
		for _, at := range e.spans.busy[from:to] {
			e.explain(&e.items[at], e.spans.edits(o.Plan.Edits, &e.items[at]))
		}
	})
	for i := range e.items {
		e.watch(&e.items[i])
	}
	e.unknowns = map[string]int{}
	for _, s := range sheets {
		if s != nil {
			s.count(e.unknowns)
		}
	}
}

func (h *hand) decide(d *Decided, out *sheet, n *tally) {
	d.RoutedByRank = h.rules.reads.routedByRank(&d.Item)
	d.show(work.Horizon, d.Horizon)
	d.show(work.Priority, d.Tier)
	s := h.look(d)
	h.ready(d, s)
	d.recall(s)
	routed := h.rules.tree.Match(s)
	h.wait(d, &routed)
	d.Route = out.route(&routed)
	h.take(d)
	h.field.Open(&d.Item, h.records, h.lines)
	for i, rule := range h.rules.program.Rules() {
		if d.undecided&(1<<i) == 0 {
			continue
		}
		h.field.Settle(rule)
		h.field.Decide(h.rules.wish(d, rule.Field), &out.verdict)
		d.set(rule.Field, out.verdict.Effective)
		out.gather(n)
	}
}

// show lets routes and readiness read what ranking found. Ranking itself never
// does: it read only what people and owners set.
func (d *Decided) show(field work.Field, value string) {
	if value != "" && !d.Item.Fields.Get(field).Known() {
		d.set(field, work.NewText(value))
	}
}

// set gives a field the value that was decided, where that is known.
func (d *Decided) set(field work.Field, value work.Value) {
	if !value.Known() {
		return
	}
	if !d.Item.Fields.Get(field).Known() {
		d.shown |= 1 << field
	}
	d.Item.Fields.Set(field, value)
}

// asRanked is the value of a field as ranking sees it: before it was decided.
// Ranking reads fields by nothing else, since it looks at items that were
// decided before.
func (d *Decided) asRanked(field work.Field) work.Value {
	if d.shown&(1<<field) != 0 {
		return work.Value{}
	}
	return d.Item.Fields.Get(field)
}

// own is what Tandem derived for a field; Unknown where it has no opinion.
// Where it does not say why, because does.
func (r *Rules) own(d *Decided, field work.Field) plan.Wish {
	switch field {
	case work.Priority:
		if d.Tier == "" {
			return plan.Wish{}
		}
		return r.derived(d, work.NewText(d.Tier), "")
	case work.Horizon:
		if d.HorizonFixed {
			return plan.Wish{Repeats: true}
		}
		if d.Horizon == "" {
			return plan.Wish{}
		}
		return r.derived(d, work.NewText(d.Horizon), "")
	case work.Score:
		if d.Place == 0 {
			return plan.Wish{}
		}
		return r.derived(d, work.NewNumber(d.Scored.Next.Value), "score of the ranking method")
	case work.Place:
		if d.Place == 0 {
			return plan.Wish{}
		}
		return r.derived(d, work.NewNumber(float64(d.TeamPlace)), "")
	case work.Accountable:
		return r.routed(d, work.NewText(d.Route.Accountable))
	case work.Informed:
		return r.routed(d, work.NewList(d.Route.Informed...))
	case work.RouteLabel:
		w := r.routed(d, work.NewText(d.Route.Label))
		// Finished work gets a label only where it waits for acceptance; it may
		// always lose one (promise S17).
		w.DoneToo = d.Route.Label == "" || d.Item.Fields.Get(work.Acceptance) == work.NewText("waiting")
		return w
	case work.Explanation:
		return r.explanation(d)
	default:
		return plan.Wish{}
	}
}

// because says why Tandem wants a place, horizon or tier. Few wishes become
// edits, so it is asked for those only.
func because(d *Decided, field work.Field) string {
	switch field {
	case work.Priority:
		return "score " + strconv.FormatFloat(d.Scored.Next.Value, 'f', 1, 64) + " of 100, place " + strconv.Itoa(d.TeamPlace) + " of team " + teamName(d)
	case work.Horizon:
		return d.HorizonBecause
	case work.Place:
		return "place in the order of team " + teamName(d)
	default:
		return ""
	}
}

func teamName(d *Decided) string { return cmp.Or(d.Item.Team, "none") }

// derived is a wish that comes from ranking.
func (r *Rules) derived(d *Decided, v work.Value, why string) plan.Wish {
	return plan.Wish{Value: v, Because: why, Audience: r.rankAudience(d)}
}

func (r *Rules) routed(d *Decided, v work.Value) plan.Wish {
	return plan.Wish{Value: v, Because: d.Route.Because, Audience: r.routeAudience(d)}
}
