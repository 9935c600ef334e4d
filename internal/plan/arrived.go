package plan

import "tandem/internal/work"

// Arrived reports whether a record shows what the edit writes. No record shows
// where it stands in a backlog, nor the links and the comment that Tandem
// left: these edits are taken for not arrived and planned anew, which does no
// harm if they were made.
func Arrived(e work.Edit, r *work.Record) bool {
	switch {
	case e.Verb == work.MoveInBacklog, e.Target.Path == work.NativeRemoteLink, e.Target.Path == work.NativeComment:
		return false
	}
	shown := r.Fields[e.Target.Path]
	if e.Target.Element == "" {
		return same(shown, e.Value)
	}
	on, _ := e.Value.Flag()
	return shown.Has(e.Target.Element) == on
}

// Emptied reports whether a label stands there neither, nor any of those that it
// was to replace. Either it took their place and was taken off, or they were taken
// off before: somebody wants no value there.
func Emptied(e work.Edit, r *work.Record) bool {
	if e.Verb != work.AddLabel || !e.While.Present() || r.Fields[e.Target.Path].Has(e.Target.Element) {
		return false
	}
	for label := range e.While.Elements {
		if r.Fields[e.Target.Path].Has(label) {
			return false
		}
	}
	return true
}

// Single reports whether an edit replaces one value by another: of these some
// services tell who changed them in which order.
func Single(e work.Edit) bool {
	return (e.Verb == work.SetField || e.Verb == work.ClearField) && e.Target.Element == ""
}
