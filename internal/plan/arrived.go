package plan

import "tandem/internal/work"

// Arrived reports whether a record shows what the edit writes. No record shows
// where it stands in a backlog: a move is taken for not arrived and planned
// anew from the next order, which does no harm if it was made. Nor does one
// show its remote links, which are harmless to write or remove twice.
func Arrived(e work.Edit, r *work.Record) bool {
	if e.Verb == work.MoveInBacklog || e.Target.Path == work.NativeRemoteLink {
		return false
	}
	shown := r.Fields[e.Target.Path]
	if e.Target.Element == "" {
		return same(shown, e.Value)
	}
	on, _ := e.Value.Flag()
	return shown.Has(e.Target.Element) == on
}
