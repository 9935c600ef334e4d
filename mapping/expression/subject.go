package expression

import (
	"strings"
	"time"

	"tandem/internal/work"
)

// Subject is everything that an expression may look at. Programs only read it.
type Subject struct {
	Item     *work.Item
	Evidence work.Evidence
	// Goal is the goal that the item's goal field names; the zero Goal where it
	// names none.
	Goal Goal
	// AsOf is the snapshot's day, a whole day. The zero time is unknown.
	AsOf time.Time
	// Score and Place are what ranking found in this cycle. Where they are
	// Unknown, item.score and item.place read the fields of the item.
	Score, Place work.Value
	// PrioritySince is since when the derived priority is what it is. The zero
	// time is unknown.
	PrioritySince time.Time
	// HorizonSince is since when the horizon is what it is. The zero time is
	// unknown.
	HorizonSince time.Time
	// Overrides are the kinds of what people said against decisions, each once.
	Overrides []string
}

// Goal is what expressions see of a goal.
type Goal struct {
	Name   string
	Weight float64
	// Measure, Target and Period are for people; nothing is computed from them.
	Measure, Target, Period string
	// Ends is the first day after the period; zero where nobody can tell.
	Ends time.Time `json:",omitzero"`
}

// Over reports whether the period has ended by a day. The goal weighs what it
// weighed: an order that changes by itself on the first of a quarter is worse
// than one that waits for somebody to look at the goals. So it is told.
func (g Goal) Over(asOf time.Time) bool { return !g.Ends.IsZero() && !asOf.Before(g.Ends) }

// field returns the value of a field of the item.
func (s *Subject) field(f work.Field) work.Value {
	switch {
	case f == work.Score && s.Score.Known():
		return s.Score
	case f == work.Place && s.Place.Known():
		return s.Place
	case s.Item == nil:
		return work.Value{}
	default:
		return s.Item.Fields.Get(f)
	}
}

// daysSince returns the whole days from t to the subject's day, at least 0.
func (s *Subject) daysSince(t time.Time) work.Value {
	if t.IsZero() || s.AsOf.IsZero() {
		return work.Value{}
	}
	const day = 24 * time.Hour
	return work.NewNumber(float64(max(0, s.AsOf.Sub(t)/day)))
}

func (s *Subject) daysSinceField(f work.Field) work.Value {
	t, _ := s.field(f).Time()
	return s.daysSince(t)
}

// String describes the goal for people.
func (g Goal) String() string {
	about := strings.TrimSpace(g.Measure + " " + g.Target)
	if g.Period != "" {
		about = strings.TrimPrefix(about+", "+g.Period, ", ")
	}
	if about == "" {
		return g.Name
	}
	return g.Name + " (" + about + ")"
}
