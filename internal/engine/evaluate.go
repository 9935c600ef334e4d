package engine

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/evidence"
	"tandem/mapping/expression"
)

// Evaluate decides everything that follows from a snapshot.
func Evaluate(rules *Rules, snap Snapshot) Outcome {
	e := &evaluation{rules: rules, snap: &snap, state: stateOf(rules, &snap)}
	records := sorted(snap.Records)
	groups := rules.program.Join(records, snap.Identities)
	e.draft(records, groups)
	e.assess()
	e.horizons()
	e.order()
	e.decide()
	return e.outcome(groups.Clashes)
}

// evaluation is the working state of one Evaluate.
type evaluation struct {
	rules *Rules
	snap  *Snapshot
	state *plan.State

	items []*Decided // all
	open  []*Decided // without finished ones
}

func stateOf(rules *Rules, snap *Snapshot) *plan.State {
	s := &plan.State{
		Ledger: plan.NewLedger(snap.Ledger), Holds: map[plan.HoldKey]time.Time{}, Released: map[plan.SlotRef]bool{},
		Blocked: snap.Blocked, Stale: map[string]bool{}, Adopt: rules.adopt, AsOf: snap.AsOf,
	}
	for _, h := range snap.Holds {
		s.Holds[plan.HoldKey{Slot: plan.SlotRef{Ref: h.Target.RefID, Field: h.Field}, Cause: h.Cause}] = h.Since
	}
	for _, r := range snap.Released {
		s.Released[r] = true
	}
	for _, name := range snap.Stale {
		s.Stale[name] = true
	}
	return s
}

// sorted returns the records in the order of their RefIDs, so that the order
// in which they came changes nothing.
func sorted(records []*work.Record) []*work.Record {
	compare := func(a, b *work.Record) int { return a.RefID.Compare(b.RefID) }
	if slices.IsSortedFunc(records, compare) {
		return records
	}
	records = slices.Clone(records)
	slices.SortFunc(records, compare)
	return records
}

// draft builds the items: parts, fields of their own, identity.
func (e *evaluation) draft(records []*work.Record, groups mapping.Groups) {
	drafts := make([]mapping.Draft, len(groups.Members))
	split(len(drafts), func(from, to int) {
		reader := e.rules.program.NewReader()
		var members []*work.Record
		for i, group := range groups.Members[from:to] {
			members = members[:0]
			for _, at := range group {
				members = append(members, records[at])
			}
			drafts[from+i] = reader.Draft(members)
		}
	})
	identify(drafts, e.snap.Identities)
	e.items = make([]*Decided, len(drafts))
	for i, d := range drafts {
		e.items[i] = &Decided{Item: d.Item, Records: d.Records, previous: e.snap.Previous[d.Item.ID]}
	}
}

// assess settles ownership, joins evidence and goal, and scores.
func (e *evaluation) assess() {
	voices := byTarget(e.snap.Evidence)
	rules := e.rules.program.Rules()
	settled := make([]plan.Settled, len(e.items)*len(rules))
	split(len(e.items), func(from, to int) {
		for i, d := range e.items[from:to] {
			at := (from + i) * len(rules)
			d.Settled = settled[at : at+len(rules) : at+len(rules)]
			e.assessItem(d, voices)
		}
	})
	for _, d := range e.items {
		if !d.Item.Done() {
			e.open = append(e.open, d)
		}
	}
}

func (e *evaluation) assessItem(d *Decided, voices targets) {
	for i, rule := range e.rules.program.Rules() {
		d.Settled[i] = plan.Settle(e.rules.program, rule, &d.Item, d.Records, e.state)
		if effective := d.Settled[i].Effective(); effective.Known() {
			d.Item.Fields.Set(rule.Field, effective)
		}
	}
	d.Item.Team = e.team(&d.Item)
	d.Evidence, d.Voices = e.rules.evidence.Summarise(voices.of(d.Item.Parts), e.snap.AsOf)
	d.Goal = e.rules.goalOf(&d.Item)
	if !d.Item.Done() {
		d.Scored = e.rules.ranker.Score(e.subject(d))
	}
}

// team is the team of the place where the item was born, else of the first
// place that has one.
func (e *evaluation) team(item *work.Item) string {
	name := ""
	for _, p := range item.Parts {
		t, ok := e.rules.org.TeamOf(p.Connector, p.Place)
		if ok && (name == "" || p.RefID == item.Birth) {
			name = t.Name
		}
	}
	return name
}

// goalOf returns the goal that the item names, or that its theme serves.
func (r *Rules) goalOf(item *work.Item) expression.Goal {
	if name := item.Fields.Get(work.Goal); name.Present() {
		if g, ok := r.goals[name.Text()]; ok {
			return g
		}
		return expression.Goal{Name: name.Text(), Weight: 1}
	}
	if theme := item.Fields.Get(work.Theme); theme.Present() {
		if name, ok := r.themes[theme.Text()]; ok {
			item.Fields.Set(work.Goal, work.NewText(name))
			return r.goals[name]
		}
	}
	return expression.Goal{}
}

func (e *evaluation) subject(d *Decided) *expression.Subject {
	return &expression.Subject{Item: &d.Item, Evidence: d.Evidence, Goal: d.Goal, AsOf: e.snap.AsOf}
}

// targets finds the evidence of a record by "connector:key".
type targets struct {
	days  []evidence.Day
	spans map[string][2]int
}

func byTarget(days []evidence.Day) targets {
	compare := func(a, b evidence.Day) int { return cmp.Compare(a.Target, b.Target) }
	if !slices.IsSortedFunc(days, compare) {
		days = slices.Clone(days)
		slices.SortStableFunc(days, compare)
	}
	t := targets{days: days, spans: map[string][2]int{}}
	for i := 0; i < len(days); {
		j := i
		for j < len(days) && days[j].Target == days[i].Target {
			j++
		}
		t.spans[days[i].Target] = [2]int{i, j}
		i = j
	}
	return t
}

func (t targets) of(parts []work.Part) []evidence.Day {
	if len(t.days) == 0 {
		return nil
	}
	var all []evidence.Day
	for _, p := range parts {
		if span, ok := t.spans[p.Ref.String()]; ok {
			if part := t.days[span[0]:span[1]]; all == nil {
				all = part[:len(part):len(part)]
			} else {
				all = append(all, part...)
			}
		}
	}
	return all
}
