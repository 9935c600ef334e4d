package engine

import (
	"cmp"
	"slices"

	"tandem/internal/plan"
)

// outlived are the fields where people set something else since an undo. Places in
// a backlog are pinned instead. Few are asked for: those that somebody undid.
func (e *evaluation) outlived() []plan.SlotRef {
	var over []plan.SlotRef
	var h *hand
	for slot := range e.state.Undone {
		at, known := e.find(slot.Ref)
		rule := e.rules.program.Rule(slot.Field)
		if !known || rule == nil {
			continue
		}
		if h == nil {
			h = e.newHand()
		}
		d := &e.items[e.homes[at]]
		h.take(d)
		h.field.Open(&d.Item, h.records, h.lines)
		if h.field.Settle(rule).Outlived(slot.Ref, e.state) {
			over = append(over, slot)
		}
	}
	slices.SortFunc(over, func(a, b plan.SlotRef) int {
		return cmp.Or(a.Ref.Compare(b.Ref), cmp.Compare(a.Field, b.Field))
	})
	return over
}
