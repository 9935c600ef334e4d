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
	if b.errand.Kind != work.Undo || b.scene.Rules == nil {
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
	for label := range b.shown(e).Elements {
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

// shown are the labels of the edit's field that stand there, as the rules spell
// them.
func (b *builder) shown(e *work.Edit) work.Value {
	rule := b.scene.Rules.Rule(e.Field)
	if rule == nil {
		return work.Value{}
	}
	slot := rule.Slot(e.Target.Connector, e.Place)
	if slot == nil || slot.Path != e.Target.Path || slot.Axis() == nil || !slot.Axis().Owns(e.Target.Element) {
		return work.Value{}
	}
	return slot.Read(b.scene.Records[e.Target.RefID]).Native
}
