package plan

import "tandem/internal/work"

// Arrived reports whether a record shows what the edit writes. No record shows
// where it stands in a backlog, nor the links and the comment that Tandem
// left: these edits are taken for not arrived and planned anew, which does no
// harm if they were made.
func Arrived(e work.Edit, r *work.Record) bool {
	if Unshown(e) {
		return false
	}
	shown := r.Fields[e.Target.Path]
	if e.Target.Element == "" {
		return same(shown, e.Value)
	}
	on, _ := e.Value.Flag()
	return shown.Has(e.Target.Element) == on
}

// Unshown reports whether no record shows if an edit arrived: of a move in a
// backlog, a link and a comment.
func Unshown(e work.Edit) bool {
	return e.Verb == work.MoveInBacklog || e.Target.Path == work.NativeRemoteLink || e.Target.Path == work.NativeComment
}

// Overtaken reports whether a record that does not show what an edit writes shows
// neither what stood there before: whether the edit arrived or not, somebody chose
// since then. A label may have been taken off again, or those that it was to replace
// before it came; or another one stands in its place.
func Overtaken(e work.Edit, r *work.Record) bool {
	shown := r.Fields[e.Target.Path]
	switch {
	case Unshown(e) || Arrived(e, r):
		return false
	case Single(e):
		return !same(shown, e.Expect)
	case e.Verb == work.AddLabel:
		return hasAny(shown, e.Unless) || e.While.Present() && !hasAny(shown, e.While)
	default:
		return false
	}
}

func hasAny(shown, labels work.Value) bool {
	for label := range labels.Elements {
		if shown.Has(label) {
			return true
		}
	}
	return false
}

// Single reports whether an edit replaces one value by another: of these some
// services tell who changed them in which order.
func Single(e work.Edit) bool {
	return (e.Verb == work.SetField || e.Verb == work.ClearField) && e.Target.Element == ""
}
