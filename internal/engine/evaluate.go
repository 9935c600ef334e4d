package engine

import (
	"cmp"
	"slices"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// Evaluate decides everything that follows from a snapshot.
func Evaluate(rules *Rules, snap Snapshot) Outcome {
	e := &evaluation{rules: rules, snap: &snap, records: sorted(snap.Records)}
	var clashes []mapping.Clash
	both(
		func() {
			groups := rules.program.Join(e.records, snap.Identities)
			e.members, clashes = groups.Members, groups.Clashes
		},
		func() {
			e.state = stateOf(rules, &snap)
			e.lines = e.state.Ledger.Beside(e.records)
			e.voices, e.beside = byTarget(snap.Evidence), e.besides()
		},
	)
	e.assess()
	identify(e.items, snap.Identities)
	e.hear()
	e.divide()
	both(e.rank, func() {
		slices.SortFunc(e.done, func(a, b *Decided) int { return cmp.Compare(a.Item.ID, b.Item.ID) })
	})
	return e.outcome(clashes)
}

// evaluation is the working state of one Evaluate.
type evaluation struct {
	rules *Rules
	snap  *Snapshot
	state *plan.State

	records []*work.Record // sorted by RefID
	lines   []plan.Lines   // what the ledger says of each
	voices  targets
	beside  beside

	// from is the outcome whose items are ranked once more; nil in an Evaluate.
	from *Outcome

	members [][]int   // the records of each item
	items   []Decided // as they were found
	// undecided are the rules of each item from which something may come, as
	// bits: there are fewer fields than that.
	undecided []uint64
	open      []*Decided
	done      []*Decided
	spoken    []*Decided     // of which people said something, in the order of the first words
	circles   []work.Finding // of dependencies
}

func stateOf(rules *Rules, snap *Snapshot) *plan.State {
	s := &plan.State{
		Ledger: plan.NewLedger(snap.Ledger), Holds: make(map[plan.HoldKey]plan.Held, len(snap.Holds)), Released: plan.Releases(snap.Released),
		Rejected: map[plan.SlotRef][]plan.Rejection{}, Attempts: map[work.Target][]plan.Attempt{},
		Blocked: snap.Blocked, Stale: map[string]bool{}, Adopt: rules.adopt, AsOf: snap.AsOf,
		Undone: plan.UndoneAt(snap.Undone), Displaced: plan.DisplacedAt(snap.Displaced),
	}
	for i := range snap.Holds {
		h := &snap.Holds[i]
		s.Holds[plan.HoldKey{Slot: plan.SlotRef{Ref: h.Target.RefID, Field: h.Field}, Cause: h.Cause}] = plan.Held{Since: h.Since, Have: h.Have}
	}
	for _, r := range snap.Rejected {
		if !r.Over(snap.AsOf) {
			s.Rejected[r.Slot] = append(s.Rejected[r.Slot], r)
		}
	}
	for _, a := range snap.Attempts {
		s.Attempts[a.Target] = append(s.Attempts[a.Target], a)
	}
	for _, name := range snap.Stale {
		s.Stale[name] = true
	}
	return s
}

// sorted returns the records in the order of their RefIDs, so that the order
// in which they came changes nothing.
func sorted(records []*work.Record) []*work.Record {
	compare := func(a, b *work.Record) int { return a.Compare(b.RefID) }
	if slices.IsSortedFunc(records, compare) {
		return records
	}
	records = slices.Clone(records)
	slices.SortFunc(records, compare)
	return records
}

// divide tells open items from finished ones.
func (e *evaluation) divide() {
	e.open = make([]*Decided, 0, len(e.items)) // with room for the finished ones behind them
	for i := range e.items {
		if d := &e.items[i]; d.Item.Done() {
			e.done = append(e.done, d)
		} else {
			e.open = append(e.open, d)
		}
	}
}

// outcome decides the items in the order of their places and gathers one plan.
func (e *evaluation) outcome(clashes []mapping.Clash) Outcome {
	o := Outcome{
		AsOf: e.snap.AsOf, Items: append(e.open, e.done...), Unknowns: map[string]int{}, Ledger: e.state.Ledger,
		state: e.state, records: e.records, items: e.items, homes: make([]int32, len(e.records)),
	}
	for i, members := range e.members {
		for _, m := range members {
			o.homes[m] = e.items[i].at
		}
		if len(members) > 1 {
			o.Twins++
		}
	}
	e.decide(&o)
	o.Plan.Findings = append(o.Plan.Findings, e.doubts()...)
	e.risks(&o)
	o.Plan.Findings = append(o.Plan.Findings, e.circles...)
	e.marks(&o)
	e.backlogs(&o)
	for _, c := range clashes {
		o.Plan.Holds = append(o.Plan.Holds, e.clash(&o, c))
	}
	return o
}

func (e *evaluation) clash(o *Outcome, c mapping.Clash) work.Hold {
	d, _ := o.Find(c.A.RefID)
	key := plan.HoldKey{Slot: plan.SlotRef{Ref: c.A.RefID}, Cause: work.AmbiguousTwin}
	held, known := e.state.Holds[key]
	if !known {
		held.Since = e.snap.AsOf
	}
	return work.Hold{
		Item: d.Item.ID, Target: work.Target{RefID: c.A.RefID, Path: "twin"}, Key: c.A.Key, Cause: work.AmbiguousTwin, Since: held.Since,
		Have: work.NewText(c.A.String()), Want: work.NewText(c.B.String()),
		Detail: "joining by " + c.How.String() + " would give one item two records of one connector; remove one of the links",
	}
}
