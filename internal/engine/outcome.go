package engine

import (
	"cmp"
	"maps"
	"slices"
	"strings"
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

	state   *plan.State
	records []*work.Record // sorted by RefID
	homes   []int32        // the item of each
	items   []Decided
	// backlogs are those that rules order.
	backlogs []Backlog
	// outlived are the fields where people set something else since an undo.
	outlived []plan.SlotRef
	// turn is what becomes of rules that changed.
	turn plan.Turn
	// kept are the placements that stay in place of the outcome's.
	kept map[work.ItemID]Previous

	// Stability is how far the outcome is from the last run; nil where there was
	// none, or nobody compared.
	Stability *Stability
}

// Decided is one item with what was decided about it. It holds what is worth
// keeping for every item; Outcome.Explain finds the rest anew. What ranking
// finds of it stands here, beside what is judged.
type Decided struct {
	*Judged

	// Place is the place in the overall order, TeamPlace among the team's;
	// 0 for finished items.
	Place, TeamPlace int
	// Tier is the shared priority; empty where an input is missing.
	Tier           string
	Horizon        string
	HorizonBecause string
	// HorizonRisk says which date, or which order of work, it cannot keep.
	HorizonRisk string
	// Words are what people said against it; nil for nearly all items.
	Words *Words
	// Standing tells what beside the score gave the place.
	Standing Standing
	// Tied reports that the score's interval overlaps a neighbour's.
	Tied bool
	// HorizonFixed: a person or an owner set it.
	HorizonFixed bool
	// refused: a person rejected a proposal about it.
	refused bool

	// at is its place among all, as they were found.
	at int32
	// ranked is the place without what people pinned; 0 where it is the same.
	ranked int32
	// tenure is shared by all items that have the same; nil for finished ones.
	tenure *tenure
	// stay is its horizon and since when it has it, shared in the same way.
	stay *tenure
}

// Judged is what was decided about an item that stays as it is for as long as
// nothing changes that it was made of: outcomes that follow each other share
// it. Nobody may change it.
type Judged struct {
	Item     work.Item
	Evidence work.Evidence

	Scored rank.Scored
	// Route is shared by all items that are routed alike.
	Route *route.Decision
	// NotReady lists why it cannot be started.
	NotReady []string
	// Voices is the strictest audience of the feedback.
	Voices work.Audience
	// RoutedByRank: routes looked at what ranking found for it.
	RoutedByRank bool

	// routed is the day since when it is with its route.
	routed int32
	// undecided are the rules from which something may come, as bits: there are
	// fewer fields than that.
	undecided uint64
	// shown are the fields that have a value only since they were decided, as
	// bits.
	shown uint64
}

// Standing tells what beside the score gave an item its place in the team.
type Standing struct {
	// Tie and TieLast are the first and last place of those that the item
	// cannot be told from; both its own where it stands alone.
	Tie, TieLast int
	// NeededBy is the item for which it moved ahead of its score.
	NeededBy work.ItemID
	// Break decided between it and the one above in the tie.
	Break rank.Break
	// Circle is the same number for items that need each other in a circle; 0 for
	// nearly all.
	Circle int32
}

// tenure is the last tier that was known, or the horizon, and when it became so.
type tenure struct {
	tier  string
	since time.Time
}

// subject is what expressions see of the item.
func (r *Rules) subject(d *Decided, asOf time.Time) expression.Subject {
	s := expression.Subject{Item: &d.Item, Evidence: d.Evidence, Goal: r.goalOf(&d.Item), AsOf: asOf}
	if d.Place > 0 {
		s.Score, s.Place = work.NewNumber(d.Scored.Next.Value), work.NewNumber(float64(d.TeamPlace))
	}
	return s
}

// Find returns the item that holds the record.
func (o *Outcome) Find(ref work.RefID) (*Decided, bool) {
	i, ok := o.find(ref)
	if !ok {
		return nil, false
	}
	return &o.items[o.homes[i]], true
}

func (o *Outcome) find(ref work.RefID) (int, bool) {
	return slices.BinarySearchFunc(o.records, ref, func(r *work.Record, ref work.RefID) int { return r.Compare(ref) })
}

// FindKey returns the item of a record by "connector:key", or by a key alone
// where it is unambiguous.
func (o *Outcome) FindKey(text string) (*Decided, bool) {
	var found *Decided
	for _, d := range o.Items {
		for i := range d.Item.Parts {
			p := &d.Item.Parts[i]
			if at, named := strings.CutPrefix(text, p.Connector); named && strings.HasPrefix(at, ":") && at[1:] == cmp.Or(p.Key, p.ID) {
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

// placement is what the next evaluation knows of where the item stood; false
// where that is nothing.
func (d *Decided) placement() (Previous, bool) {
	switch {
	case d.Place > 0:
		return Previous{
			Place: d.Place, Ranked: int(d.ranked), Tier: d.tenure.tier, TierSince: d.tenure.since, Horizon: d.Horizon, HorizonSince: d.HorizonSince(), Score: d.Scored.Next.Value,
			Route: d.Route.Key(), RouteSince: d.RouteSince(),
		}, true
	case d.Route.Waiting: // finished, and somebody must act
		return Previous{Route: d.Route.Key(), RouteSince: d.RouteSince()}, true
	default:
		return Previous{}, false
	}
}

// Run returns what is kept of the outcome.
func (o *Outcome) Run(dataSeq int64, rules *Rules, configHash string) Run {
	run := Run{
		DataSeq: dataSeq, AsOf: o.AsOf, RulesHash: rules.hash, ConfigHash: configHash, RulesText: rules.text,
		Plan: o.Plan, Items: len(o.Items), Twins: o.Twins, Backlogs: o.backlogs, Stability: o.Stability, Late: o.late(), Turn: o.turn, Outlived: o.outlived,
		Identities: make(map[work.RefID]work.ItemID, len(o.records)),
		Placements: make(map[work.ItemID]Previous, len(o.Items)),
	}
	waits := len(o.Plan.FirstRead) > 0 || o.Plan.RulesHeld
	if waits {
		run.Stability = nil // it is how far the order would go
		maps.Copy(run.Placements, o.kept)
	}
	if !waits {
		run.Seats = make([]Seat, 0, len(o.Items))
	}
	for _, d := range o.Items {
		for _, p := range d.Item.Parts {
			run.Identities[p.RefID] = d.Item.ID
		}
		if waits {
			continue
		}
		if d.Place > 0 {
			run.Seats = append(run.Seats, Seat{d.Item.ID, d.Item.Team, d.TeamPlace, d.Scored.Next.Low, d.Scored.Next.High})
		}
		if p, known := d.placement(); known {
			run.Placements[d.Item.ID] = p
		}
	}
	return run
}
