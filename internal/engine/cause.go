package engine

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// Cause is why an item stands elsewhere than after the last run.
type Cause string

// The causes. What is not on the list has no say in an order.
const (
	// IsNew: the item was not there, or was finished.
	IsNew Cause = "new"
	// SaidMore: feedback came, changed or went.
	SaidMore Cause = "feedback"
	// Estimated: its effort is another one.
	Estimated Cause = "estimate"
	// Edited: another field that ranking reads is another one.
	Edited Cause = "field"
	// Overridden: a person said otherwise, or that ended.
	Overridden Cause = "override"
	// NewRules: the rules are others.
	NewRules Cause = "rules"
	// Aged: a day passed, and older feedback weighs less.
	Aged Cause = "clock"
	// Dwelt: its score was over a threshold for longer, and may count now.
	Dwelt Cause = "dwell"
	// Others: nothing about the item changed; others came before it, or made
	// room.
	Others Cause = "others"
	// Unexplained: what the last run looked at is not kept.
	Unexplained Cause = "unknown"
)

// Attribute tells why the items of the report moved. then is what the same
// rules make of the data of the last run, for as many items as are known; it
// may be nil.
func (s *Stability) Attribute(rules *Rules, o, then *Outcome, snap *Snapshot, last Last) {
	s.Causes = map[Cause]int{}
	said, held := overridesAt(snap.Overrides), heldHorizons(snap.Holds)
	items := make(map[work.ItemID]*Decided, len(o.Items))
	for _, d := range o.Items {
		items[d.Item.ID] = d
	}
	for i := range s.Moves {
		m := &s.Moves[i]
		d, ok := items[m.Item]
		if !ok {
			continue
		}
		m.explain(rules, d, then, said, held, o, last)
		for _, c := range m.Causes {
			s.Causes[c]++
		}
	}
}

// Attribute tells why one item moved.
func (m *Move) Attribute(rules *Rules, o, then *Outcome, snap *Snapshot, last Last, d *Decided) {
	m.explain(rules, d, then, overridesAt(snap.Overrides), heldHorizons(snap.Holds), o, last)
}

func overridesAt(all []work.Override) map[work.RefID][]work.Override {
	at := map[work.RefID][]work.Override{}
	for i := range all {
		at[all[i].Ref.RefID] = append(at[all[i].Ref.RefID], all[i])
	}
	return at
}

// reasons collects causes with their words.
type reasons struct {
	causes []Cause
	words  []string
}

func (r *reasons) add(c Cause, words string) {
	if !slices.Contains(r.causes, c) {
		r.causes = append(r.causes, c)
	}
	r.words = append(r.words, words)
}

func (m *Move) explain(rules *Rules, d *Decided, then *Outcome, said map[work.RefID][]work.Override, held map[work.RefID]bool, o *Outcome, last Last) {
	var r reasons
	was := then.same(d)
	switch {
	case m.From == 0 && was == nil:
		r.add(IsNew, "it is new here, or open again")
	case was != nil:
		rules.differences(was, d, &r)
		rules.horizonsDiffer(was, d, held, &r)
	}
	for _, p := range d.Item.Parts {
		for _, w := range said[p.RefID] {
			if w.At.After(last.At) {
				r.add(Overridden, "a person said otherwise ("+w.Kind.String()+")")
			}
		}
	}
	if last.RulesHash != rules.Hash() {
		r.add(NewRules, "the rules changed")
	}
	if len(r.causes) == 0 {
		m.eliminate(d, was, o, last, &r)
	}
	m.Causes, m.Because = r.causes, strings.Join(r.words, "; ")
	if len(r.causes) > 1 {
		m.Because = "several causes: " + m.Because
	}
}

// same returns the item as it was then.
func (o *Outcome) same(d *Decided) *Decided {
	if o == nil {
		return nil
	}
	for _, p := range d.Item.Parts {
		if was, ok := o.Find(p.RefID); ok {
			return was
		}
	}
	return nil
}

// eliminate finds the cause where nothing that was compared differs.
func (m *Move) eliminate(d, was *Decided, o *Outcome, last Last, r *reasons) {
	sameScore := m.Score.From == m.Score.To
	if was != nil { // the kept score is that of one lens alone
		sameScore = sameScore && was.Scored.Why.Value == d.Scored.Why.Value
	}
	aged := !last.AsOf.Equal(o.AsOf)
	switch {
	case !sameScore && aged && last.Run <= 1:
		r.add(Unexplained, "a day passed, or feedback came: what was said between the first two runs is not kept")
	case !sameScore && aged && was != nil:
		r.add(Aged, "a day passed, and older feedback weighs less")
	case !sameScore && !aged:
		r.add(SaidMore, "what is said of it: its score changed on the same day, by the same rules and fields")
	case !sameScore:
		r.add(Unexplained, "something that is not kept: its score is another one")
	case m.Priority != nil:
		r.add(Dwelt, "its score was over the threshold before; it stayed as long as dwell: asks")
	case m.Horizon != nil && m.From < m.To:
		r.add(Others, "others came before it and took the capacity")
	case m.Horizon != nil:
		r.add(Others, "the room of the horizon changed: others came, went or take more or less of it")
	case m.From < m.To:
		r.add(Others, "others came before it")
	default:
		r.add(Others, "others went or fell behind it")
	}
}

// differences tells what of the item ranking reads and is another than then.
func (r *Rules) differences(was, now *Decided, into *reasons) {
	for _, field := range r.reads.rank.Fields {
		switch field {
		case work.Priority, work.Horizon, work.Score, work.Place, work.Rank: // found by ranking itself
			continue
		default:
		}
		a, b := was.Item.Fields.Get(field), now.Item.Fields.Get(field)
		if a == b {
			continue
		}
		switch field {
		case work.Effort:
			into.add(Estimated, differs(field.String(), a, b))
		case work.Dependencies: // it names items that readers of this one may not see
			into.add(Edited, "what has to come before it is other work now")
		default:
			into.add(Edited, differs(field.String(), a, b))
		}
	}
	if was.Item.Team != now.Item.Team {
		into.add(Edited, "it went to another team")
	}
	if r.reads.rank.Evidence {
		voices(&was.Evidence, &now.Evidence, into)
	}
}

// horizonsDiffer tells which horizon people set, or took back. Decided from records
// alone, what Tandem wrote looks like theirs; so what was theirs then is asked
// of what was held, and of who owns the field.
func (r *Rules) horizonsDiffer(was, now *Decided, held map[work.RefID]bool, into *reasons) {
	theirs := was.HorizonFixed && (r.ownerOf(now, work.Horizon) != "" ||
		slices.ContainsFunc(now.Item.Parts, func(p work.Part) bool { return held[p.RefID] }))
	if theirs == now.HorizonFixed && (!theirs || was.Horizon == now.Horizon) {
		return
	}
	into.add(Edited, "the horizon that people set: "+orNothing(was.Horizon, theirs)+" → "+orNothing(now.Horizon, now.HorizonFixed))
}

// heldHorizons are the records at which a person's horizon was held.
func heldHorizons(holds []work.Hold) map[work.RefID]bool {
	held := map[work.RefID]bool{}
	for i := range holds {
		if holds[i].Field == work.Horizon {
			held[holds[i].Target.RefID] = true
		}
	}
	return held
}

func orNothing(horizon string, set bool) string {
	if !set {
		return "none"
	}
	return horizon
}

// voices tells how many spoke up, or fell silent.
func voices(was, now *work.Evidence, into *reasons) {
	more := func(n int, one, many string) bool {
		switch {
		case n == 0:
			return false
		case n == 1:
			into.add(SaidMore, "1 more "+one)
		case n == -1:
			into.add(SaidMore, "1 "+one+" less")
		case n > 0:
			into.add(SaidMore, strconv.Itoa(n)+" more "+many)
		default:
			into.add(SaidMore, strconv.Itoa(-n)+" "+many+" less")
		}
		return true
	}
	switch {
	case more(now.Accounts-was.Accounts, "account asked", "accounts asked"):
	case more(now.People-was.People, "person asked", "people asked"):
	case more(now.Votes-was.Votes, "signal of those who asked before", "signals of those who asked before"):
	default:
		more(now.Insights-was.Insights, "insight", "insights")
	}
	if was.Accounts == now.Accounts && was.Value != now.Value {
		into.add(SaidMore, "what the accounts are worth changed")
	}
}

// differs says how a value changed.
func differs(name string, was, now work.Value) string {
	switch {
	case !was.Present():
		return name + " is " + brief(now) + " (nobody had said)"
	case !now.Present():
		return name + " is unknown now (it was " + brief(was) + ")"
	default:
		return name + " " + brief(was) + " → " + brief(now)
	}
}

// brief cuts a value to what fits in a line.
func brief(v work.Value) string {
	const most, decimals = 40, 1e4
	if f, ok := v.Number(); ok {
		return strconv.FormatFloat(math.Round(f*decimals)/decimals, 'f', -1, 64)
	}
	if r := []rune(v.String()); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return v.String()
}
