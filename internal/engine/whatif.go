package engine

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/rank"
)

// WhatIf is what other rules would make of the same snapshot.
type WhatIf struct {
	Stability

	// Follow are edits that only the other rules plan, Drop those that only
	// today's do.
	Follow []plan.Planned `json:"follow"`
	Drop   []plan.Planned `json:"drop"`
	// HoldsCame and HoldsWent count holds that only the one has, by cause.
	HoldsCame map[work.Cause]int `json:"holds_came,omitempty"`
	HoldsWent map[work.Cause]int `json:"holds_went,omitempty"`
	// Later counts priorities and horizons that would change beside those above
	// once they have stayed as long as dwell: asks.
	Later int `json:"later"`
	// Relinks: the other rules would link feedback otherwise. The snapshots say by
	// which links its evidence is.
	Relinks bool `json:"relinks,omitempty"`
}

// WhatIf compares what two rule sets make of one snapshot. The outcomes are
// those of Evaluate, gated alike; then is the one of the rules of today.
func (o *Outcome) WhatIf(rules *Rules, then *Outcome, thenRules *Rules, snap *Snapshot) WhatIf {
	w := WhatIf{Relinks: rules.linkHash != thenRules.linkHash}
	if s := o.Compare(then.placements(), Last{AsOf: o.AsOf, RulesHash: thenRules.hash}); s != nil {
		w.Stability = *s
	}
	items := map[work.ItemID]*Decided{}
	for _, d := range o.Items {
		items[d.Item.ID] = d
	}
	w.Causes = nil
	for i := range w.Moves {
		m := &w.Moves[i]
		if d, was := items[m.Item], then.same(items[m.Item]); d != nil && was != nil {
			m.Because = between(thenRules, rules, was, d, o.AsOf)
			if m.From == m.To && was.sameScores(d) {
				m.Because = "the same scores"
			}
		}
	}
	w.Follow, w.Drop = onlyIn(o.Plan.Edits, then.Plan.Edits), onlyIn(then.Plan.Edits, o.Plan.Edits)
	w.HoldsCame, w.HoldsWent = holdsOnlyIn(o.Plan.Holds, then.Plan.Holds), holdsOnlyIn(then.Plan.Holds, o.Plan.Holds)
	w.Later = later(rules, snap, o)
	return w
}

// placements are those of the outcome, whether they are kept or wait.
func (o *Outcome) placements() map[work.ItemID]Previous {
	all := make(map[work.ItemID]Previous, len(o.Items))
	for _, d := range o.Items {
		if d.Place > 0 {
			p := Previous{Place: d.Place, Tier: d.rankedTier(), Horizon: d.Horizon, Score: d.Scored.Next.Value}
			if d.Route != nil {
				p.Route = d.Route.Key()
			}
			all[d.Item.ID] = p
		}
	}
	return all
}

// later counts what a second look would change once nothing has to stay.
func later(rules *Rules, snap *Snapshot, o *Outcome) int {
	free := *snap
	free.Previous = make(map[work.ItemID]Previous, len(snap.Previous))
	for id, p := range snap.Previous {
		p.TierSince, p.HorizonSince = time.Time{}, time.Time{}
		free.Previous[id] = p
	}
	then := Evaluate(rules, free)
	places := o.placements()
	n := 0
	for _, d := range then.Items {
		if p, known := places[d.Item.ID]; known && d.Place > 0 {
			n += boolean(p.Tier != d.rankedTier()) + boolean(p.Horizon != d.Horizon)
		}
	}
	return n
}

// between says in one line what of the score differs between two rule sets.
func between(before, after *Rules, was, now *Decided, asOf time.Time) string {
	if was.sameScores(now) {
		return "the same scores: others moved, or horizons and order are asked otherwise"
	}
	a, b := before.termsOf(was, asOf), after.termsOf(now, asOf)
	type change struct {
		text string
		by   float64
	}
	var changes []change
	for _, t := range b {
		i := slices.IndexFunc(a, func(x rank.Term) bool { return x.Lens == t.Lens && x.Name == t.Name })
		if i < 0 {
			if !toldIn(a, t.Text) {
				changes = append(changes, change{t.Lens + " now asks for " + t.Text, math.Abs(t.Contribution)})
			}
			continue
		}
		if t.Prior && a[i].Prior && t.Text != a[i].Text { // what is assumed counts for all of its points
			changes = append(changes, change{t.Lens + " " + t.Text, 100})
			continue
		}
		if by := t.Contribution - a[i].Contribution; math.Abs(by) >= 0.1 {
			text := fmt.Sprintf("%s %s %+.1f points", t.Lens, t.Name, by)
			if a[i].Value != t.Value {
				text += fmt.Sprintf(" (%s → %s)", brief(a[i].Value), brief(t.Value))
			}
			changes = append(changes, change{text, math.Abs(by)})
		}
	}
	for _, t := range a {
		if !toldIn(b, t.Text) && !slices.ContainsFunc(b, func(x rank.Term) bool { return x.Lens == t.Lens && x.Name == t.Name }) {
			changes = append(changes, change{t.Lens + " no more asks for " + t.Text, math.Abs(t.Contribution)})
		}
	}
	slices.SortStableFunc(changes, func(x, y change) int { return cmp.Compare(y.by, x.by) })
	const most = 2
	var words []string
	for _, c := range changes[:min(most, len(changes))] {
		words = append(words, c.text)
	}
	if len(words) == 0 {
		return "the same terms, in another lens or on another scale"
	}
	return strings.Join(words, "; ")
}

// toldIn reports whether a term says the same, be it of another lens.
func toldIn(terms []rank.Term, text string) bool {
	return slices.ContainsFunc(terms, func(t rank.Term) bool { return t.Text == text })
}

// sameScores reports whether two items have the same points in both lenses.
func (d *Decided) sameScores(other *Decided) bool {
	return d.Scored.Next.Value == other.Scored.Next.Value && d.Scored.Why.Value == other.Scored.Why.Value
}

// termsOf explains both scores of an item.
func (r *Rules) termsOf(d *Decided, asOf time.Time) []rank.Term {
	s := r.subject(d, asOf)
	s.Score, s.Place = work.Value{}, work.Value{} // scores are found before them
	return r.ranker.Terms(&s)
}

// onlyIn returns the edits of one plan that the other has not, to the letter.
func onlyIn(all, other []plan.Planned) []plan.Planned {
	type wish struct {
		target work.Target
		verb   work.Verb
		value  work.Value
	}
	known := make(map[wish]bool, len(other))
	for i := range other {
		known[wish{other[i].Target, other[i].Verb, other[i].Value}] = true
	}
	only := []plan.Planned{}
	for i := range all {
		if !known[wish{all[i].Target, all[i].Verb, all[i].Value}] {
			only = append(only, all[i])
		}
	}
	return only
}

func holdsOnlyIn(all, other []work.Hold) map[work.Cause]int {
	type hold struct {
		target work.Target
		field  work.Field
		cause  work.Cause
	}
	known := make(map[hold]bool, len(other))
	for i := range other {
		known[hold{other[i].Target, other[i].Field, other[i].Cause}] = true
	}
	count := map[work.Cause]int{}
	for i := range all {
		if !known[hold{all[i].Target, all[i].Field, all[i].Cause}] {
			count[all[i].Cause]++
		}
	}
	return count
}
