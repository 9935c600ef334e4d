package backlog

import (
	"time"

	"tandem/internal/work"
)

// State is what is known of one backlog.
type State struct {
	Connector string
	// Order is how the backlog stands, as it was last observed, with the moves
	// of Tandem that arrived since.
	work.Order

	// Confirmed is the last order that was looked at for moves by people, with
	// the moves of Tandem that arrived since. Told are the moves by people that
	// were known then.
	Confirmed []string
	Told      []work.Moved
	Pins      []Pin
	// Doubtful are records of which nobody knows whether Tandem's own move
	// arrived: their places tell nothing about people.
	Doubtful []string
	// Waiting: the answer to a move is still out, so no move is planned.
	Waiting bool
}

// Pin keeps a record where a person put it.
type Pin struct {
	ID string
	// Since is the day of the person's move; By the source's own id of the
	// person, where it is known.
	Since time.Time
	By    string
	// Drift is by how many places the record was shifted by moves of Tandem
	// that were cut short; it is 0 once all of them arrived.
	Drift int
}

// Stance says what may become of a record.
type Stance uint8

const (
	// Fixed records never move and nobody's move of them counts: they are in a
	// sprint, finished, or unknown to Tandem.
	Fixed Stance = iota
	// Kept records are not moved for now; a person's move of them counts.
	Kept
	// Free records go where Tandem wants them.
	Free
)

// Entry is what the engine knows of one record of a backlog.
type Entry struct {
	Stance Stance
	// Place orders the records as Tandem would; 0 where it has no opinion,
	// which makes a Free record Kept.
	Place int
}

// stance is the entry's, given that there is an opinion.
func (e Entry) stance() Stance {
	if e.Stance == Free && e.Place == 0 {
		return Kept
	}
	return e.Stance
}

// Policy is what rules and people say.
type Policy struct {
	AsOf time.Time
	// RespectFor is how long a person's move is respected; 0 is for good.
	RespectFor work.Span
	// Overrule: it is not respected at all.
	Overrule bool
	// Released records: a person ended the respect for the pins of before.
	Released map[string]bool
}

// over reports whether respect for a pin has ended.
func (p *Policy) over(pin Pin) bool { return p.Overrule || p.Released[pin.ID] || p.past(pin) }

// past reports whether a move is longer ago than it is respected.
func (p *Policy) past(pin Pin) bool {
	return p.RespectFor > 0 && p.AsOf.Sub(pin.Since).Hours()/24 >= p.RespectFor.Days()
}

// Move puts a record at an anchor that stands right by then.
type Move struct {
	ID     string
	Anchor work.Anchor
	// Place is where the record stands in the end; the first is 1.
	Place int
}

// Stay is a record that keeps its place although Tandem might want it
// elsewhere.
type Stay struct {
	ID string
	// Have is its place, Want the one that it would have if it could move.
	Have, Want int
	// Pin says who put it there; nil for Kept records.
	Pin *Pin
}

// Verdict is what becomes of a backlog.
type Verdict struct {
	// Moves in the order in which they have to be made.
	Moves []Move
	// Pins are all that stand from now on, in the order of the backlog.
	Pins []Pin
	// Stays are the pinned and the Kept records, in the order of the backlog.
	Stays []Stay
	// Result is the backlog after all moves.
	Result []string
}
