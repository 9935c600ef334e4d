package engine

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/expression"
	"tandem/mapping/rank"
	"tandem/mapping/route"
)

// Outcome is what one evaluation decided.
type Outcome struct {
	// Number is the run's number, once it was stored.
	Number int64
	AsOf   time.Time
	// Items are all items: open ones in the order of their place, then
	// finished ones by id.
	Items []*Decided
	Plan  plan.Plan
	// Twins counts items with more than one record.
	Twins int
	// Unknowns counts, for each rule, how often it met an unknown value.
	Unknowns map[string]int
	Ledger   *plan.Ledger
	byRef    map[work.RefID]*Decided
}

// Decided is one item with everything that was decided about it.
type Decided struct {
	Item    work.Item
	Records []*work.Record
	Settled []plan.Settled

	Evidence work.Evidence
	// Voices is the strictest audience of the feedback.
	Voices work.Audience
	Goal   expression.Goal

	Scored rank.Scored
	// Place is the place in the overall order, TeamPlace among the team's;
	// 0 for finished items.
	Place, TeamPlace int
	// Tied reports that the score's interval overlaps a neighbour's.
	Tied bool
	// Tier is the shared priority; empty where an input is missing.
	Tier           string
	Horizon        string
	HorizonBecause string
	// HorizonFixed: a person or an owner set it.
	HorizonFixed bool
	Route        route.Decision
	// NotReady lists why it cannot be started.
	NotReady []string
	Verdicts []plan.Verdict

	previous, memory Previous
}

// Find returns the item that holds the record.
func (o *Outcome) Find(ref work.RefID) (*Decided, bool) {
	d, ok := o.byRef[ref]
	return d, ok
}

// FindKey returns the item of a record by "connector:key", or by a key alone
// where it is unambiguous.
func (o *Outcome) FindKey(text string) (*Decided, bool) {
	var found *Decided
	for _, d := range o.Items {
		for _, p := range d.Item.Parts {
			if p.Ref.String() == text {
				return d, true
			}
			if p.Key == text {
				if found != nil && found != d {
					return nil, false
				}
				found = d
			}
		}
	}
	return found, found != nil
}

// Held counts holds by cause.
func (o *Outcome) Held() map[work.Cause]int {
	held := map[work.Cause]int{}
	for _, h := range o.Plan.Holds {
		held[h.Cause]++
	}
	return held
}

// Run returns what is kept of the outcome.
func (o *Outcome) Run(dataSeq int64, rules *Rules, configHash string) Run {
	run := Run{
		DataSeq: dataSeq, AsOf: o.AsOf, RulesHash: rules.hash, ConfigHash: configHash, RulesText: rules.text,
		Plan: o.Plan, Items: len(o.Items), Twins: o.Twins,
		Identities: make(map[work.RefID]work.ItemID, len(o.byRef)),
		Placements: make(map[work.ItemID]Previous, len(o.Items)),
	}
	for _, d := range o.Items {
		for _, p := range d.Item.Parts {
			run.Identities[p.RefID] = d.Item.ID
		}
		if d.Place > 0 {
			run.Placements[d.Item.ID] = d.memory
		}
	}
	return run
}
