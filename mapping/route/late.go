package route

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Key names the route by its accountable role and its reason, so that it is
// found again when routes are added or moved around it. A late item has the key
// that it had before: it still waits for the same answer.
func (r Rule) Key() work.Pointer { return r.key }

// Overdue reports whether an item that has been with the route since a day is
// late on another: it has stayed for more whole days than was agreed.
func (r Rule) Overdue(since, asOf time.Time) bool {
	return r.Within > 0 && asOf.Sub(since) > time.Duration(r.Within)
}

// DueOn returns the last day on which an item is not late that has been with
// the route since a day; the zero time where nothing was agreed.
func (r Rule) DueOn(since time.Time) time.Time {
	if r.Within == 0 {
		return time.Time{}
	}
	return since.Add(time.Duration(r.Within))
}

// Escalated returns what becomes of a late item: the role to which the route
// escalates is informed, or takes over. There is still exactly one accountable.
func (d Decision) Escalated() Decision {
	if d.Within == 0 || d.Late {
		return d
	}
	d.Late = true
	switch {
	case d.EscalatesTo == "" || d.EscalatesTo == d.Accountable:
	case d.TakesOver:
		informed := []string{d.Accountable}
		for _, role := range d.Informed {
			if role != d.EscalatesTo {
				informed = append(informed, role)
			}
		}
		d.Accountable, d.Informed = d.EscalatesTo, informed
		if d.ownable = roleLabel(d.Accountable); d.Label != "" {
			d.Label = d.ownable
		}
	case !slices.Contains(d.Informed, d.EscalatesTo):
		d.Informed = append(slices.Clone(d.Informed), d.EscalatesTo)
	}
	return d
}

// roleLabel is the label of an accountable role where the rules name none.
func roleLabel(role string) string { return "role/" + role }
