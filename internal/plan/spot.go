package plan

import (
	"time"

	"tandem/internal/work"

	"tandem/mapping"
)

// Spot is one field at one record of an item.
type Spot struct {
	Part    *work.Part
	Slot    *mapping.Slot
	Reading mapping.Reading
	Last    Last
	// Audience is who may read the field there.
	Audience work.Audience
	// HandsOff: a person put the label tandem/hands-off on the record.
	HandsOff bool
	// By is who changed the field last, and Touched when, where the source tells.
	By      string
	Touched time.Time
	// Undone: what stands there was put back by a person's order; nil for most.
	Undone *Undone
	// Displaced: Tandem wrote over a person's change there. Reading is then what
	// the person set, and Shown what stands there. It is nil for nearly all.
	Displaced *Displaced
	Shown     work.Value
}

// HandsOffLabel is read, never written: it stops Tandem on that record.
const HandsOffLabel = "tandem/hands-off"

// standing says whose value stands at a spot.
type standing uint8

const (
	blank     standing = iota // nothing there, and we wrote nothing
	ours                      // what we last wrote or adopted
	changed                   // differs from what we last wrote: a person, or another bot
	predates                  // stood there before Tandem
	untouched                 // a service's default that nobody chose
	unread                    // not read, or no mapping
	unclear                   // labels of one axis contradict each other
	waiting                   // our last write was not read back
)

// standing compares the record with the ledger.
func (s *Spot) standing() standing {
	switch r := s.Reading; {
	case s.Last.Pending:
		return waiting
	case r.Owned && s.Last.Found && r.Native.Says(s.Last.Value):
		return ours // both labels are Tandem's: a swap ended halfway
	case r.Ambiguous:
		return unclear
	case r.Unmapped || !r.Native.Known():
		return unread
	case s.Last.Found && r.Native.Says(s.Last.Value):
		return ours
	case s.Last.Found:
		return changed
	case r.Shared.Present() && r.Default:
		return untouched
	case r.Shared.Present():
		return predates
	default:
		return blank
	}
}

// have is what stands there as a hold shows it: in the source's own spelling
// where it has one.
func (s *Spot) have() work.Value {
	if s.Reading.Native.Present() {
		return s.Reading.Native
	}
	return s.Reading.Shared
}

// slotRef names the spot for holds and releases.
func (s *Spot) slotRef() SlotRef { return SlotRef{Ref: s.Part.RefID, Field: s.Slot.Field} }
