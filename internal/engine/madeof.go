package engine

import (
	"encoding/json"
	"slices"
	"strconv"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// InputsOf names what was decided of a field of an item is made of, for a
// person's no to it (plan.Rejection). It is empty where that is nothing but a
// value that the owner or a person set.
func (o *Outcome) InputsOf(rules *Rules, slot plan.SlotRef) string {
	d, known := o.Find(slot.Ref)
	if !known {
		return ""
	}
	field := plan.NewCase(rules.program.NewReader(), o.state)
	field.Open(&d.Item, o.recordsOf(d), nil)
	for _, rule := range rules.program.Rules() {
		if rule.Field != slot.Field {
			continue
		}
		if s := field.Settle(rule); s.Derived && !s.Person.Known() {
			return rules.inputs(d, slot.Field)
		}
	}
	return ""
}

// inputs names what a derived value is made of: the item's fields and the
// feedback that ranking reads with the rules for it, or the route that it took,
// or a person's word. What the clock alone changes does not count: how much old
// feedback still weighs, what other items leave room for.
func (r *Rules) inputs(d *Decided, field work.Field) string {
	if d.Words != nil {
		for _, o := range []*work.Override{d.Words.Place, d.Words.Horizon, d.Words.Priority} {
			if o != nil && o.Kind.Field() == field {
				return "override " + strconv.FormatInt(o.Number, 10)
			}
		}
	}
	var made any
	switch field {
	case work.Priority, work.Horizon, work.Score, work.Place:
		made = r.rankInputs(d, field)
	case work.Accountable, work.Informed, work.RouteLabel:
		made = []any{d.Route.At, d.Route.Accountable, d.Route.Informed, d.Route.Label, d.Route.Because}
	default:
		return ""
	}
	text, err := json.Marshal(made)
	if err != nil { // no such value is in an item
		return ""
	}
	return shortHash(text)
}

// rankInputs is what ranking reads of an item.
func (r *Rules) rankInputs(d *Decided, field work.Field) any {
	reads := &r.reads.rank
	values := map[string]string{}
	for _, f := range reads.Fields {
		if !slices.Contains([]work.Field{work.Updated, work.Horizon, work.Priority, work.Score, work.Place}, f) {
			values[f.String()] = d.Item.Fields.Get(f).String()
		}
	}
	made := []any{r.spec.Rank, values}
	if field == work.Horizon {
		made = append(made, r.spec.Roadmap)
	}
	if reads.Goal {
		goal := r.goalOf(&d.Item)
		made = append(made, goal.Name, goal.Weight)
	}
	if reads.Evidence {
		e := &d.Evidence
		made = append(made, e.Accounts, e.People, e.Signals, e.Votes, e.Value.String(), e.NPS.String(), e.CSAT.String(), e.Insights, e.GoalInsights)
	}
	return made
}

// remember marks the items of which a person rejected a proposal, so that only
// theirs are looked at for what they are made of.
func (e *evaluation) remember() {
	before := e.refusals
	e.refusals = nil
	for _, at := range before {
		e.items[at].refused = false
	}
	for i := range e.snap.Rejected {
		r := &e.snap.Rejected[i]
		if at, known := e.recordAt(r.Slot.Ref); known && r.Inputs != "" {
			e.items[e.homes[at]].refused = true
			e.refusals = append(e.refusals, e.homes[at])
		}
	}
	if e.past == nil {
		return
	}
	for _, at := range slices.Concat(before, e.refusals) {
		if from := e.past.from[at]; from >= 0 && e.past.items[from].refused != e.items[at].refused {
			e.past.moved = append(e.past.moved, at)
		}
	}
}
