package engine

import (
	"slices"
	"strings"
	"time"

	"tandem/internal/work"

	"tandem/mapping/evidence"
	"tandem/mapping/expression"
	"tandem/mapping/org"
	"tandem/mapping/route"
)

// explainRoute tries the routes once more and notes every condition.
func (r *Rules) explainRoute(d *Decided, s expression.Subject) route.Decision {
	d.recall(&s)
	routed := r.tree.Explain(&s)
	if d.Route.Late {
		return routed.Escalated()
	}
	return routed
}

// Acting is who must act on an item, on the day of the outcome.
func (o *Outcome) Acting(rules *Rules, d *Decided) Hat {
	return rules.acting(d.Route.Accountable, d, o.AsOf)
}

// RouteSince is the day since when the item is with its route.
func (d *Decided) RouteSince() time.Time {
	return time.Unix(int64(d.routed)*24*60*60, 0).UTC()
}

// ready notes why the item cannot be started, for people and for routes.
func (h *hand) ready(d *Decided, s *expression.Subject) {
	if d.Item.Done() {
		return
	}
	if d.NotReady = h.rules.notReady(s); h.rules.reads.sees.readiness {
		d.show(work.Readiness, strings.Join(d.NotReady, "; "))
	}
}

// notReady lists the reasons why an item cannot be started.
func (r *Rules) notReady(s *expression.Subject) []string {
	var reasons []string
	for _, rule := range r.readiness {
		if rule.when.Test(s) == expression.True {
			reasons = append(reasons, rule.because)
		}
	}
	return reasons
}

// recall lets routes look at what ranking found before, and at what people said
// against it.
func (d *Decided) recall(s *expression.Subject) {
	if d.tenure != nil && d.tenure.tier != "" && d.tenure.tier == d.Tier {
		s.PrioritySince = d.tenure.since
	}
	s.HorizonSince = d.HorizonSince()
	s.Overrides = d.Words.kinds()
}

// kinds lists what people said of an item, each kind once.
func (w *Words) kinds() []string {
	if w == nil {
		return nil
	}
	var kinds []string
	for kind, said := range map[work.OverrideKind]bool{
		work.Pin: w.Place != nil, work.MoveHorizon: w.Horizon != nil, work.SetPriority: w.Priority != nil, work.Objection: len(w.Objections) > 0,
	} {
		if said {
			kinds = append(kinds, kind.String())
		}
	}
	slices.Sort(kinds)
	return kinds
}

// wait notes since when the item is with its route. Another route is an answer:
// it counts anew. Where an agreed time is over, the route escalates.
func (h *hand) wait(d *Decided, routed *route.Decision) {
	since := h.snap.AsOf
	if was := h.was(d); was.Route == routed.Key() && !was.RouteSince.IsZero() && was.RouteSince.Before(since) {
		since = was.RouteSince
	}
	d.routed = evidence.DayNumber(since)
	if routed.Overdue(d.RouteSince(), h.snap.AsOf) {
		*routed = routed.Escalated()
	}
}

// unheld tells of roles that routes make accountable and that nobody has in the
// team: then nobody would act.
func (r *Rules) unheld(t org.Team) []work.Finding {
	var missing []string
	for _, rule := range r.tree.All() {
		role := rule.Accountable
		if _, held := t.Person(role); role != "" && !held && rule.Team == "" && !slices.Contains(missing, role) {
			missing = append(missing, role)
		}
	}
	if len(missing) == 0 || len(t.Roles) == 0 {
		return nil
	}
	return []work.Finding{{
		Level: work.Note, Subject: "team " + t.Name,
		What:   "routes make " + strings.Join(missing, " and ") + " accountable, and nobody there has that role",
		Remedy: "add it under roles: of the team, or take another preset: tandem rules preset",
	}}
}
