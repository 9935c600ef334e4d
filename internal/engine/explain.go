package engine

import (
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/rank"
	"tandem/mapping/route"
)

// Explanation is why an item stands where it stands.
type Explanation struct {
	Item  *Decided
	Terms []rank.Term
	Route route.Decision
	// Acting is who must act.
	Acting Hat
	Edits  []plan.Planned
	Holds  []work.Hold
	// Owners says for each mapped field who answers for it here.
	Owners []FieldOwner
	// Above and Below are the neighbours in the team's order.
	Above, Below *Decided
	// TeamItems is the number of open items of the team.
	TeamItems int
}

// FieldOwner is who answers for one field of one item, and what stands where.
type FieldOwner struct {
	Field     work.Field
	Owner     string
	Effective work.Value
	Spots     []plan.Spot
}

// Explain tells why. It needs nothing but the outcome and the rules.
func (o *Outcome) Explain(rules *Rules, d *Decided) Explanation {
	s := rules.subject(d, o.AsOf)
	x := Explanation{Item: d, Route: rules.explainRoute(d, s), Acting: o.Acting(rules, d), Owners: o.owners(rules, d)}
	s.Score, s.Place = work.Value{}, work.Value{} // scores are found before them
	x.Terms = rules.ranker.Terms(&s)
	for _, e := range o.Plan.Edits {
		if e.Item == d.Item.ID {
			x.Edits = append(x.Edits, e)
		}
	}
	for _, h := range o.Plan.Holds {
		if h.Item == d.Item.ID {
			x.Holds = append(x.Holds, h)
		}
	}
	o.neighbours(&x)
	return x
}

// owners settles the item's fields once more.
func (o *Outcome) owners(rules *Rules, d *Decided) []FieldOwner {
	field := plan.NewCase(rules.program.NewReader(), o.state)
	field.Open(&d.Item, o.recordsOf(d), nil)
	var owners []FieldOwner
	for _, rule := range rules.program.Rules() {
		settled := field.Settle(rule)
		if len(settled.Spots) == 0 {
			continue
		}
		var v plan.Verdict
		field.Decide(rules.wish(d, rule.Field), &v)
		owners = append(owners, FieldOwner{
			Field: rule.Field, Owner: settled.Owner, Effective: v.Effective, Spots: slices.Clone(settled.Spots),
		})
	}
	return owners
}

// recordsOf are the records of an item.
func (o *Outcome) recordsOf(d *Decided) []*work.Record {
	var records []*work.Record
	for i := range d.Item.Parts {
		if at, ok := o.find(d.Item.Parts[i].RefID); ok {
			records = append(records, o.records[at])
		}
	}
	return records
}

func (o *Outcome) neighbours(x *Explanation) {
	for _, other := range o.Items {
		if other.Item.Team != x.Item.Item.Team || other.Place == 0 {
			continue
		}
		x.TeamItems++
		switch other.TeamPlace {
		case x.Item.TeamPlace - 1:
			x.Above = other
		case x.Item.TeamPlace + 1:
			x.Below = other
		}
	}
	if x.Item.Place == 0 {
		x.Above, x.Below = nil, nil
	}
}
