package engine

import (
	"cmp"
	"fmt"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/expression"
)

// decide routes every item and compares what should be with what is.
func (e *evaluation) decide() {
	split(len(e.items), func(from, to int) {
		for _, d := range e.items[from:to] {
			e.decideItem(d)
		}
	})
}

func (e *evaluation) decideItem(d *Decided) {
	d.show(work.Horizon, d.Horizon)
	d.show(work.Priority, d.Tier)
	s := e.subject(d)
	if d.Place > 0 {
		s.Score, s.Place = work.NewNumber(d.Scored.Next.Value), work.NewNumber(float64(d.TeamPlace))
	}
	d.Route = e.rules.tree.Match(s)
	if !d.Item.Done() {
		for _, r := range e.rules.readiness {
			if r.when.Test(s) == expression.True {
				d.NotReady = append(d.NotReady, r.because)
			}
		}
	}
	d.Verdicts = make([]plan.Verdict, len(d.Settled))
	for i, settled := range d.Settled {
		d.Verdicts[i] = plan.Decide(settled, &d.Item, e.wish(d, settled.Rule.Field), e.state)
	}
}

// show lets routes and readiness read what ranking found. Ranking itself never
// does: it read only what people and owners set.
func (d *Decided) show(field work.Field, value string) {
	if value != "" && !d.Item.Fields.Get(field).Known() {
		d.Item.Fields.Set(field, work.NewText(value))
	}
}

// wish is what Tandem derived for a field; Unknown where it has no opinion.
func (e *evaluation) wish(d *Decided, field work.Field) plan.Wish {
	switch field {
	case work.Priority:
		if d.Tier == "" {
			return plan.Wish{}
		}
		return e.derived(d, work.NewText(d.Tier), fmt.Sprintf("score %.1f of 100, place %d of team %s", d.Scored.Next.Value, d.TeamPlace, teamName(d)))
	case work.Horizon:
		if d.HorizonFixed {
			return plan.Wish{Repeats: true}
		}
		if d.Horizon == "" {
			return plan.Wish{}
		}
		return e.derived(d, work.NewText(d.Horizon), d.HorizonBecause)
	case work.Score:
		if d.Place == 0 {
			return plan.Wish{}
		}
		return e.derived(d, work.NewNumber(d.Scored.Next.Value), "score of the ranking method")
	case work.Place:
		if d.Place == 0 {
			return plan.Wish{}
		}
		return e.derived(d, work.NewNumber(float64(d.TeamPlace)), "place in the order of team "+teamName(d))
	case work.Accountable:
		return e.routed(d, work.NewText(d.Route.Accountable))
	case work.Informed:
		return e.routed(d, work.NewList(d.Route.Informed...))
	case work.RouteLabel:
		w := e.routed(d, work.NewText(d.Route.Label))
		w.DoneToo = true
		return w
	default:
		return plan.Wish{}
	}
}

func teamName(d *Decided) string { return cmp.Or(d.Item.Team, "none") }

// derived is a wish that comes from ranking: it is as strict as the item's
// records and the feedback that counted.
func (e *evaluation) derived(d *Decided, v work.Value, because string) plan.Wish {
	return plan.Wish{Value: v, Because: because, Audience: strictestOf(&d.Item, e.rules.rankReads, d.Voices)}
}

func (e *evaluation) routed(d *Decided, v work.Value) plan.Wish {
	return plan.Wish{Value: v, Because: d.Route.Because, Audience: strictestOf(&d.Item, e.rules.routeReads, d.Voices)}
}

// strictestOf is the audience of an output (promise S7): what it reads is
// known at load time. Reading any field of the item counts all its records.
func strictestOf(item *work.Item, reads expression.Reads, voices work.Audience) work.Audience {
	audience := work.Public
	if len(reads.Fields) > 0 || reads.Parts || reads.Goal {
		audience = item.Audience
	}
	if reads.Evidence && audience != work.UnknownAudience {
		if voices == work.UnknownAudience {
			return voices
		}
		audience = max(audience, voices)
	}
	return audience
}

// outcome gathers the verdicts into one plan, in the order of the places.
func (e *evaluation) outcome(clashes []mapping.Clash) Outcome {
	o := Outcome{
		AsOf: e.snap.AsOf, Ledger: e.state.Ledger, Unknowns: map[string]int{}, byRef: make(map[work.RefID]*Decided, len(e.snap.Records)),
	}
	done := slices.DeleteFunc(slices.Clone(e.items), func(d *Decided) bool { return !d.Item.Done() })
	slices.SortFunc(done, func(a, b *Decided) int { return cmp.Compare(a.Item.ID, b.Item.ID) })
	o.Items = append(e.open, done...)
	for _, d := range o.Items {
		for _, p := range d.Item.Parts {
			o.byRef[p.RefID] = d
		}
		if len(d.Item.Parts) > 1 {
			o.Twins++
		}
		for _, rule := range d.Route.Unknowns {
			o.Unknowns[string(rule)]++
		}
		e.gather(&o.Plan, d)
	}
	for _, c := range clashes {
		o.Plan.Holds = append(o.Plan.Holds, e.clash(&o, c))
	}
	return o
}

func (e *evaluation) gather(p *plan.Plan, d *Decided) {
	for i, v := range d.Verdicts {
		if v.Effective.Known() {
			d.Item.Fields.Set(d.Settled[i].Rule.Field, v.Effective)
		}
		for _, edit := range v.Edits {
			edit.Team = e.placeTeam(edit)
			p.Edits = append(p.Edits, plan.Planned{Edit: edit})
		}
		p.Holds = append(p.Holds, v.Holds...)
		p.Adopted = append(p.Adopted, v.Adopted...)
		p.Findings = append(p.Findings, v.Findings...)
	}
}

// placeTeam is the team that owns the place of an edit: its mode counts there,
// whoever owns the item.
func (e *evaluation) placeTeam(edit work.Edit) string {
	t, _ := e.rules.org.TeamOf(edit.Target.Connector, edit.Place)
	return t.Name
}

func (e *evaluation) clash(o *Outcome, c mapping.Clash) work.Hold {
	d := o.byRef[c.A.RefID]
	key := plan.HoldKey{Slot: plan.SlotRef{Ref: c.A.RefID}, Cause: work.AmbiguousTwin}
	since, known := e.state.Holds[key]
	if !known {
		since = e.snap.AsOf
	}
	return work.Hold{
		Item: d.Item.ID, Target: work.Target{RefID: c.A.RefID, Path: "twin"}, Key: c.A.Key, Cause: work.AmbiguousTwin, Since: since,
		Have: work.NewText(c.A.String()), Want: work.NewText(c.B.String()),
		Detail: "joining by " + c.How.String() + " would give one item two records of one connector; remove one of the links",
	}
}
