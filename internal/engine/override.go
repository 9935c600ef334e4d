package engine

import (
	"cmp"
	"slices"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// hear gives the items what people said of them. A word counts from the next
// decision on, whenever on that day it was said, and no more on the first day
// for which it is over: the clock on the wall is asked by nobody (promise S16).
// Words on records that are not there wait for them.
func (e *evaluation) hear() {
	e.remember()
	for _, o := range slices.SortedFunc(slices.Values(e.snap.Overrides), byNumber) {
		at, known := e.recordAt(o.Ref.RefID)
		if !known || o.Over(e.snap.AsOf) {
			continue
		}
		d := &e.items[e.homes[at]]
		if d.Words == nil {
			d.Words = &Words{}
			e.spoken = append(e.spoken, d)
		}
		if what, remedy := e.rules.senseless(&o, e.snap.AsOf); what != "" {
			d.doubt(work.Warning, &o, nil, what, remedy)
			continue
		}
		d.take(&o)
	}
}

func (e *evaluation) recordAt(ref work.RefID) (int, bool) {
	return slices.BinarySearchFunc(e.records, ref, func(r *work.Record, ref work.RefID) int { return r.Compare(ref) })
}

func byNumber(a, b work.Override) int { return cmp.Compare(a.Number, b.Number) }

// take keeps a word; of two of the same kind the later one counts.
func (d *Decided) take(o *work.Override) {
	said := map[work.OverrideKind]**work.Override{work.Pin: &d.Words.Place, work.MoveHorizon: &d.Words.Horizon, work.SetPriority: &d.Words.Priority}
	slot := said[o.Kind]
	if slot == nil {
		d.Words.Objections = append(d.Words.Objections, o)
		return
	}
	if before := *slot; before != nil && before.Value != o.Value {
		d.doubt(work.Note, o, nil, "this counts, and no longer the earlier word, "+before.Short()+" at "+before.Ref.String(), "end the one that is wrong: tandem override "+before.Ref.String()+" --end")
	}
	*slot = o
}

// doubt tells of a word that does not do what it says, or contradicts another.
func (d *Decided) doubt(level work.Level, o *work.Override, other *Decided, what, remedy string) {
	d.Words.Doubts = append(d.Words.Doubts, Doubt{Number: o.Number, Other: other, Finding: work.Finding{
		Level: level, Subject: d.Item.Key() + " " + o.Kind.String(), What: o.Short() + ": " + what, Remedy: remedy,
	}})
}

// doubts returns what is to be told of words, once all is decided.
func (e *evaluation) doubts() []work.Finding {
	var all []Doubt
	for _, d := range e.spoken {
		if d.Place == 0 {
			continue // a finished item has no place to be doubted
		}
		e.overruled(d, work.Priority, d.Words.Priority)
		e.overruled(d, work.Horizon, d.Words.Horizon)
		all = append(all, d.Words.Doubts...)
	}
	slices.SortStableFunc(all, func(a, b Doubt) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), strings.Compare(a.What, b.What))
	})
	var findings []work.Finding
	for i := range all {
		findings = append(findings, all[i].Finding)
	}
	return findings
}

// overruled tells of a word against which a value stands that a person or the
// owner set in a service (promise S1).
func (e *evaluation) overruled(d *Decided, field work.Field, o *work.Override) {
	if o == nil {
		return
	}
	stands := d.Item.Fields.Get(field)
	if !stands.Present() || stands.Text() == o.Value {
		return
	}
	remedy := "let the word count: tandem release " + d.Item.Key() + " " + field.String()
	if owner := e.rules.ownerOf(d, field); owner != "" {
		remedy = field.String() + " is " + owner + "'s: set it there"
	}
	d.doubt(work.Warning, o, nil, "does not count: "+stands.Text()+" stands there, which somebody set", remedy+"; or end it: "+command(o)+" --end")
}

// said is what a person's word wants of a field; false where it wants nothing.
// It is as strict as the item: its reason may tell more than the value.
func (r *Rules) said(d *Decided, field work.Field) (plan.Wish, bool) {
	var o *work.Override
	var value work.Value
	switch field {
	case work.Priority:
		o, value = d.Words.Priority, work.NewText(d.Tier)
	case work.Horizon:
		o, value = d.Words.Horizon, work.NewText(d.Horizon)
		if d.HorizonFixed {
			return plan.Wish{}, false
		}
	case work.Place:
		o, value = d.Words.Place, work.NewNumber(float64(d.TeamPlace))
	default:
	}
	if o == nil || d.Place == 0 {
		return plan.Wish{}, false
	}
	w := r.derived(d, value, o.String())
	w.Audience, w.Word = w.Audience.And(d.Item.Audience), o.Number
	return w, true
}

// wish is what Tandem derived for a field, or what a person said instead;
// objections stand against either.
func (r *Rules) wish(d *Decided, field work.Field) plan.Wish {
	if d.Words == nil && !d.refused {
		return r.own(d, field)
	}
	w, said := plan.Wish{}, false
	if d.Words != nil {
		w, said = r.said(d, field)
	}
	if !said {
		w = r.own(d, field)
	}
	if d.Words != nil {
		w.Objections = d.Words.Objections
	}
	if d.refused {
		w.Inputs = r.inputs(d, field)
	}
	return w
}
