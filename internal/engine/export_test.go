package engine

import (
	"tandem/internal/plan"
	"tandem/internal/work"
)

// WishOf is what Tandem wants of a field.
func WishOf(r *Rules, d *Decided, field work.Field) plan.Wish { return r.wish(d, field) }
