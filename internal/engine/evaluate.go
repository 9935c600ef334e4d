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
	_, o := evaluateWhole(rules, &snap)
	return o
}

func evaluateWhole(rules *Rules, snap *Snapshot) (*evaluation, Outcome) {
	e := &evaluation{
		rules: rules, snap: snap, records: sorted(snap.Records),
		identities: layered[work.RefID, work.ItemID]{base: snap.Identities}, previous: snap.Previous,
	}
	both(
		func() {
			groups := rules.program.Join(e.records, snap.Identities)
			e.members, e.clashes = groups.Members, groups.Clashes
		},
		func() {
			e.state = stateOf(rules, snap)
			e.lines = e.state.Ledger.Beside(e.records)
			e.voices, e.beside = byTarget(snap.Evidence), e.besides()
		},
	)
	e.home()
	e.assess()
	e.asked = identify(e.items, snap.Identities)
	e.hear()
	e.divide()
	e.ranking = &ranking{teams: map[string][]int{}}
	both(e.rank, func() { slices.SortFunc(e.done, e.byID) })
	return e, e.outcome()
}

func (e *evaluation) byID(a, b int32) int { return cmp.Compare(e.items[a].Item.ID, e.items[b].Item.ID) }

// evaluation is the working state of one Evaluate, and what the next one goes
// on from.
type evaluation struct {
	rules *Rules
	snap  *Snapshot
	state *plan.State

	records    []*work.Record // sorted by RefID
	lines      []plan.Lines   // what the ledger says of each; nil where it is asked
	identities layered[work.RefID, work.ItemID]
	voices     targets
	beside     beside

	members [][]int // the records of each item
	homes   []int32 // the item of each record
	twins   int     // items of more than one record
	clashes []mapping.Clash
	items   []Decided      // as they were found
	asked   bool           // an item had to ask the others for its id
	open    []int32        // in the order of their places
	done    []int32        // by id
	spoken  []*Decided     // of which people said something, in the order of the first words
	circles []work.Finding // of dependencies
	// previous is where items stood before; kept tells that these are the places
	// of the outcome before, and previous is not asked.
	previous map[work.ItemID]Previous
	kept     bool
	ranking  *ranking
	seats    []int32 // of each item in ranking; -1 where it has none
	// refusals are the items that are marked as refused, atRisk those at risk, and
	// watched those of which it is asked once more whether they are judged anew.
	refusals, atRisk, watched []int32
	// again is the outcome of which some items are ranked once more; else nil.
	again *Outcome
	// past is what this evaluation goes on from; nil where it looks at all.
	past *past

	spans    spans
	plan     plan.Plan   // what came of the items
	tail     []work.Hold // those that stand behind the items' holds
	turned   *turned     // nil where the holds of the last run were others
	unknowns map[string]int
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

// home notes which item each record is of.
func (e *evaluation) home() {
	e.homes, e.twins = make([]int32, len(e.records)), 0
	for i, members := range e.members {
		for _, m := range members {
			e.homes[m] = int32(i) //nolint:gosec // no memory holds so many items
		}
		if len(members) > 1 {
			e.twins++
		}
	}
}

// divide finds the finished items.
func (e *evaluation) divide() {
	e.seats = make([]int32, len(e.items))
	for i := range e.items {
		e.seats[i] = -1
		if d := &e.items[i]; d.Item.Done() {
			e.done = append(e.done, d.at)
		}
	}
}

// outcome decides the items in the order of their places and gathers one plan.
func (e *evaluation) outcome() Outcome {
	o := Outcome{
		AsOf: e.snap.AsOf, Items: make([]*Decided, 0, len(e.items)), Ledger: e.state.Ledger,
		state: e.state, records: e.records, items: e.items, homes: e.homes, Twins: e.twins,
	}
	for _, list := range [][]int32{e.open, e.done} {
		for _, at := range list {
			o.Items = append(o.Items, &e.items[at])
		}
	}
	if e.past == nil {
		e.decide(&o)
	} else {
		e.decideAgain(&o)
	}
	e.plan, o.Unknowns = o.Plan, e.unknowns
	o.Plan.Findings = append(o.Plan.Findings, e.doubts()...)
	e.risks(&o)
	o.Plan.Findings = append(o.Plan.Findings, e.circles...)
	e.marks(&o)
	e.backlogs(&o)
	o.outlived = e.outlived()
	for _, c := range e.clashes {
		o.Plan.Holds = append(o.Plan.Holds, e.clash(&o, c))
	}
	// What was added stands behind, so that each need only be there once.
	e.plan.Edits = slices.Clip(o.Plan.Edits[:len(e.plan.Edits)])
	e.tail = slices.Clip(o.Plan.Holds[len(e.plan.Holds):])
	e.plan.Holds = slices.Clip(o.Plan.Holds[:len(e.plan.Holds)])
	e.plan.Findings = slices.Clip(o.Plan.Findings[:len(e.plan.Findings)])
	if e.past != nil && e.kept {
		e.turned = e.turn()
	}
	return o
}

func (e *evaluation) clash(o *Outcome, c mapping.Clash) work.Hold {
	d, _ := o.Find(c.A.RefID)
	key := plan.HoldKey{Slot: plan.SlotRef{Ref: c.A.RefID}, Cause: work.AmbiguousTwin}
	held, known := e.state.Held(key)
	if !known {
		held.Since = e.snap.AsOf
	}
	return work.Hold{
		Item: d.Item.ID, Target: work.Target{RefID: c.A.RefID, Path: "twin"}, Key: c.A.Key, Cause: work.AmbiguousTwin, Since: held.Since,
		Have: work.NewText(c.A.String()), Want: work.NewText(c.B.String()),
		Detail: "joining by " + c.How.String() + " would give one item two records of one connector; remove one of the links",
	}
}
