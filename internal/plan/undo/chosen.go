package undo

import (
	"slices"

	"tandem/internal/work"
)

// chosenSince reports whether somebody took off a label of the field that stood
// beside the write's own, or that Tandem put there since: of the field that person
// chose something else. A label that comes back would stand there against it, and one
// that stands there is what was chosen.
func (b *builder) chosenSince(w Write, record *work.Record, schema work.Schema) bool {
	before, isFlag := w.Before.Flag()
	if !w.Target.InList() || !isFlag {
		return false
	}
	gone := func(label work.Target) bool {
		return label != w.Target && b.now(Write{Target: label}, record, schema, false) == work.NewFlag(false) && !b.tookOff(label)
	}
	for _, beside := range []work.Value{w.Kept, w.Over} {
		for label := range beside.Elements {
			at := w.Target
			at.Element = label
			if gone(at) {
				return true
			}
		}
	}
	if slices.ContainsFunc(b.scene.Put, func(p Put) bool { // the ledger forgets what is released
		return p.Target.RefID == w.Target.RefID && p.Target.Path == w.Target.Path && p.Field == w.Field && p.Run >= w.Run && gone(p.Target)
	}) {
		return true
	}
	return before && slices.ContainsFunc(b.writes, func(o Write) bool {
		if put, _ := o.Wrote.Flag(); !put || o.Target.RefID != w.Target.RefID || o.Target.Path != w.Target.Path || o.Field != w.Field {
			return false
		}
		entry, _ := b.scene.Ledger.Entry(o.Target)
		return alike(entry.Value, o.Wrote) && gone(o.Target)
	})
}

// tookOff reports whether Tandem took a label off, or an undo did. The ledger forgets
// what is released, and does not know what an undo put back.
func (b *builder) tookOff(label work.Target) bool {
	off := work.NewFlag(false)
	if u, undone := b.scene.Undone[label]; undone {
		return u.Value == off
	}
	e, known := b.scene.Ledger.Entry(label)
	return known && e.Value == off || slices.ContainsFunc(b.writes, func(w Write) bool { return w.Target == label && w.Wrote == off })
}
