package undo

import (
	"slices"

	"tandem/internal/work"
)

// chosenSince reports whether somebody took off the label that Tandem put in
// place of this one: of the field that person chose something else since, and a
// label that comes back would stand beside it.
func (b *builder) chosenSince(w Write, record *work.Record, schema work.Schema) bool {
	if back, isFlag := w.Before.Flag(); !w.Target.InList() || !isFlag || !back {
		return false
	}
	off := func(label work.Target) bool {
		u, undone := b.scene.Undone[label]
		return (!undone || u.Beside()) && b.now(Write{Target: label}, record, schema, false) == work.NewFlag(false)
	}
	if slices.ContainsFunc(b.scene.Put, func(p Put) bool { // the ledger forgets what is released
		return p.Target.RefID == w.Target.RefID && p.Target.Path == w.Target.Path && p.Target != w.Target && p.Field == w.Field && p.Run >= w.Run && off(p.Target)
	}) {
		return true
	}
	return slices.ContainsFunc(b.writes, func(o Write) bool {
		if put, _ := o.Wrote.Flag(); !put || o.Target.RefID != w.Target.RefID || o.Target.Path != w.Target.Path || o.Field != w.Field {
			return false
		}
		entry, _ := b.scene.Ledger.Entry(o.Target)
		return alike(entry.Value, o.Wrote) && off(o.Target)
	})
}

// chosenOf reports whether somebody took off the label that this one was to replace,
// and Tandem did not: of both that person chose this one.
func (b *builder) chosenOf(w Write, record *work.Record, schema work.Schema) bool {
	for label := range w.Over.Elements {
		at := w.Target
		at.Element = label
		if b.now(Write{Target: at}, record, schema, false) == work.NewFlag(false) && !b.tookOff(at) {
			return true
		}
	}
	return false
}

// tookOff reports whether Tandem took a label off, or an undo did. The ledger forgets
// what is released.
func (b *builder) tookOff(label work.Target) bool {
	off := work.NewFlag(false)
	u, undone := b.scene.Undone[label]
	e, known := b.scene.Ledger.Entry(label)
	return undone && u.Value == off || known && e.Value == off ||
		slices.ContainsFunc(b.writes, func(w Write) bool { return w.Target == label && w.Wrote == off })
}
