package undo

import (
	"slices"

	"tandem/internal/work"
)

// keepBeside lets each edit that takes a label off name those of the field that
// stay there, since somebody set them beside Tandem's. Who has the one taken off
// chooses the others: without a word of that they would pass for somebody's change
// after the undo, and rules that overrule people would write Tandem's over them.
// Where another label comes back, nobody knows which of them is meant.
func (b *builder) keepBeside() {
	if b.errand.Kind != work.Undo {
		return
	}
	for i := range b.plan.Edits {
		if e := &b.plan.Edits[i]; e.Verb == work.RemoveLabel {
			e.Keeps = b.beside(e)
		}
	}
}

// beside are the labels of the edit's field that stay there; it is unknown where
// there are none.
func (b *builder) beside(e *work.Edit) work.Value {
	var stay []string
	for label := range b.shown(e.Target, e.Field).Elements {
		if label != e.Target.Element {
			stay = append(stay, label)
		}
	}
	for i := range b.plan.Edits {
		o := &b.plan.Edits[i]
		switch {
		case o.Target.RefID != e.Target.RefID || o.Target.Path != e.Target.Path || o.Field != e.Field:
		case o.Verb == work.AddLabel:
			return work.Value{}
		case o.Verb == work.RemoveLabel:
			stay = slices.DeleteFunc(stay, func(label string) bool { return label == o.Target.Element })
		}
	}
	if len(stay) == 0 {
		return work.Value{}
	}
	return work.NewList(stay...)
}

// cameBeside is a label of the write's field that came there since, and whether
// Tandem put it there: one that comes back would stand beside it, and nobody
// would know which of them is meant. Empty where the write's label stood beside
// it before, or the errand takes it off or puts it back too, or the journal no
// longer tells.
func (b *builder) cameBeside(w *Write) (label string, byTandem bool) {
	if back, isFlag := w.Before.Flag(); !w.Target.InList() || !isFlag || !back || w.Run == 0 {
		return "", false
	}
	for other := range b.shown(w.Target, w.Field).Elements {
		at := w.Target
		at.Element = other
		run, put := b.put[at]
		switch {
		case w.Kept.Has(other), b.written[at]:
		case !put:
			return other, false
		case run > w.Run:
			label, byTandem = other, true
		}
	}
	return label, byTandem
}

// shown are the labels of a target's field that stand there, as the rules spell
// them.
func (b *builder) shown(t work.Target, field work.Field) work.Value {
	record := b.scene.Records[t.RefID]
	if b.scene.Rules == nil || record == nil {
		return work.Value{}
	}
	rule := b.scene.Rules.Rule(field)
	if rule == nil {
		return work.Value{}
	}
	slot := rule.Slot(t.Connector, record.Place)
	if slot == nil || slot.Path != t.Path || slot.Axis() == nil || !slot.Axis().Owns(t.Element) {
		return work.Value{}
	}
	return slot.Read(record).Native
}
