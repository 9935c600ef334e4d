package expression

import (
	"slices"

	"tandem/internal/work"
)

// Reads tells what a program may look at, whatever the subject: the leak guard
// makes an output as strict as the strictest of what it reads.
type Reads struct {
	// Fields is sorted and without repeats.
	Fields []work.Field
	// Evidence and Goal report whether feedback or the goal is looked at.
	Evidence, Goal bool
	// Parts reports whether keys, places, team or connectors are looked at.
	Parts bool
	// AsOf reports whether the outcome may change with the day alone.
	AsOf bool
}

// Merge returns what either reads.
func (r Reads) Merge(o Reads) Reads {
	fields := slices.Concat(r.Fields, o.Fields)
	slices.Sort(fields)
	return Reads{
		Fields:   slices.Compact(fields),
		Evidence: r.Evidence || o.Evidence,
		Goal:     r.Goal || o.Goal,
		Parts:    r.Parts || o.Parts,
		AsOf:     r.AsOf || o.AsOf,
	}
}

// Nothing reports whether nothing at all is read: the outcome is a constant.
func (r Reads) Nothing() bool {
	return len(r.Fields) == 0 && !r.Evidence && !r.Goal && !r.Parts && !r.AsOf
}
