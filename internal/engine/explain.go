package engine

import (
	"slices"
	"time"

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
	// Acting is who must act.
	Acting Hat
	Edits  []plan.Planned
	Holds  []work.Hold
	// Owners says for each mapped field who answers for it here.
	Owners []FieldOwner
	// Above and Below are the neighbours in the team's order.
	Above, Below *Decided
	// Ties are the open items of the team that it cannot be told from, in their
	// order: their intervals overlap.
	Ties []*Decided
	// Rival is the one of them next to it against which its Standing.Break
	// decided; nil where there is none.
	Rival *Decided
	// AsOf is the day of the outcome.
	AsOf time.Time
	// Goal is what the item serves; the zero Goal where it serves none.
	Goal expression.Goal
	// NeededBy is the open item for which it moved ahead of its score, and Needs
	// are those that stand ahead of it for the same reason.
	NeededBy *Decided
	Needs    []*Decided
	// TeamItems is the number of open items of the team.
	TeamItems int
	// Inputs are the values that ranking reads, with their sources and dates.
	Inputs []Input
	// Comment is what the comment at the issue says of it, where one is kept:
	// the same decisions without what changes every day.
	Comment string
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
	x := Explanation{Item: d, AsOf: o.AsOf, Route: rules.explainRoute(d, s), Acting: o.Acting(rules, d), Owners: o.owners(rules, d), Goal: s.Goal}
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
	o.bound(&x)
	o.ties(rules, &x)
	x.Inputs = o.inputs(rules, d, x.Owners)
	x.Comment = rules.explanation(d).Value.Text()
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

// bound finds the items that the item needs, and the one that needs it first.
func (o *Outcome) bound(x *Explanation) {
	d := x.Item
	if d.Place == 0 || d.Standing.NeededBy == "" && !d.Item.Fields.Get(work.Dependencies).Present() {
		return
	}
	find := make(map[work.ItemID]*Decided, len(o.Items))
	for _, other := range o.Items {
		if other.Place > 0 {
			find[other.Item.ID] = other
		}
	}
	x.NeededBy = find[d.Standing.NeededBy]
	for _, n := range needs(o.unfinished, o.eachRecord)[d.Item.ID] {
		if other := find[n.ID]; !slices.Contains(x.Needs, other) {
			x.Needs = append(x.Needs, other)
		}
	}
}

// unfinished calls for the open items, in their order.
func (o *Outcome) unfinished(each func(*Decided)) {
	for _, d := range o.Items {
		if d.Place > 0 {
			each(d)
		}
	}
}

// eachRecord calls for the records of an item.
func (o *Outcome) eachRecord(d *Decided, each func(*work.Record)) {
	for i := range d.Item.Parts {
		if at, ok := o.find(d.Item.Parts[i].RefID); ok {
			each(o.records[at])
		}
	}
}

// ties finds what the item cannot be told from. Who moved ahead for another is
// in no tie.
func (o *Outcome) ties(rules *Rules, x *Explanation) {
	d := x.Item
	if d.Place == 0 || d.Standing.NeededBy != "" {
		return
	}
	entry := func(d *Decided) *rank.Entry {
		return &rank.Entry{Scored: d.Scored, Horizon: 1 + slices.Index(rules.roadmap.Horizons(), d.Horizon)}
	}
	var line []*Decided // of the team, without those that moved
	for _, other := range o.Items {
		if other.Place > 0 && other.Item.Team == d.Item.Team && other.Standing.NeededBy == "" {
			line = append(line, other)
		}
	}
	rival := slices.Index(line, d) - 1
	if d.Standing.Tie == d.TeamPlace { // it leads
		rival += 2
	}
	own := entry(d)
	for i, other := range line {
		if other == d || !rules.ranker.Overlap(own, entry(other)) {
			continue
		}
		if x.Ties = append(x.Ties, other); i == rival {
			x.Rival = other
		}
	}
}
