package work

import "time"

// Replaced is what stood at the target of an edit right before it was written,
// as the service's own history tells.
type Replaced struct {
	EditID string
	// Value is in the spelling of the edit's own values.
	Value Value
	// By is who had put it there, by the source's own id, and At when; both are
	// zero where the history does not tell.
	By string
	At time.Time
	// Written is when Tandem's write came, by the clock of the service.
	Written time.Time
}

// Later is a change by somebody else at the target of an edit, the newest that
// the service's own history tells of.
type Later struct {
	EditID string
	// By is who made it, by the source's own id, and At when, by the clock of the
	// service.
	By string
	At time.Time
	// Wrote is when the own account last put there, before that change, what the
	// edit writes, by the clock of the service; zero where the history tells of no
	// such time.
	Wrote time.Time
}
