package engine

import (
	"cmp"
	"time"
)

// Ages returns when the first record of an item was made, and when somebody
// other than Tandem last changed one of them.
func (o *Outcome) Ages(d *Decided) (created, changed time.Time) {
	for _, r := range o.recordsOf(d) {
		if created.IsZero() || r.Created.Before(created) {
			created = r.Created
		}
		if at := cmp.Or(r.LastChange, r.Version); at.After(changed) {
			changed = at
		}
	}
	return created, changed
}
