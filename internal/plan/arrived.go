package plan

import "tandem/internal/work"

// Arrived reports whether a record shows what the edit writes.
func Arrived(e work.Edit, r *work.Record) bool {
	shown := r.Fields[e.Target.Path]
	if e.Target.Element == "" {
		return same(shown, e.Value)
	}
	on, _ := e.Value.Flag()
	return shown.Has(e.Target.Element) == on
}
