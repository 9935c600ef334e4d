package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/rank"
	"tandem/mapping/route"
)

// Explanation is why an item stands where it stands.
type Explanation struct {
	Item  *Decided
	Terms []rank.Term
	Route route.Decision
	Edits []plan.Planned
	Holds []work.Hold
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
	s := &expression.Subject{Item: &d.Item, Evidence: d.Evidence, Goal: d.Goal, AsOf: o.AsOf}
	x := Explanation{Item: d, Terms: rules.ranker.Terms(s)}
	if d.Place > 0 {
		s.Score, s.Place = work.NewNumber(d.Scored.Next.Value), work.NewNumber(float64(d.TeamPlace))
	}
	x.Route = rules.tree.Explain(s)
	for i, settled := range d.Settled {
		if len(settled.Spots) > 0 {
			x.Owners = append(x.Owners, FieldOwner{
				Field: settled.Rule.Field, Owner: settled.Owner, Effective: d.Verdicts[i].Effective, Spots: settled.Spots,
			})
		}
	}
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
