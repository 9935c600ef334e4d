package plan

import (
	"slices"
	"time"

	"tandem/internal/work"

	"tandem/mapping"
)

// Undone is a write of Tandem that a person took back: what stands there since
// counts as that person's value, for as long as it stands there.
type Undone struct {
	Target work.Target `json:"target"`
	Field  work.Field  `json:"field"`
	// Value is what was put back. For a move it is the Anchor. For a label that
	// somebody had set beside the one that the undo took off, and that it left
	// there, it is a list of that label: see Beside.
	Value work.Value `json:"value"`
	// By is who typed it, by the name at the keyboard.
	By string    `json:"by"`
	At time.Time `json:"at"`
	// Run is the run in which it was put back.
	Run int64 `json:"run"`
}

// Slot names the field at the record.
func (u *Undone) Slot() SlotRef { return SlotRef{Ref: u.Target.RefID, Field: u.Field} }

// Beside reports whether it is a label that somebody had set, and that stays
// alone since the undo took off Tandem's beside it.
func (u *Undone) Beside() bool { return u.Target.InList() && u.Value.Kind() == work.List }

// label is whether the label of an axis stood there after the undo.
func (u *Undone) label() work.Value {
	if u.Beside() {
		return work.NewFlag(true)
	}
	return u.Value
}

// Since is the day from which it is respected.
func (u *Undone) Since() time.Time { return u.At.UTC().Truncate(24 * time.Hour) }

// UndoneAt sorts them by what they are asked for. It is nil where there are
// none.
func UndoneAt(all []Undone) map[SlotRef][]Undone {
	if len(all) == 0 {
		return nil
	}
	at := map[SlotRef][]Undone{}
	for _, u := range all {
		at[u.Slot()] = append(at[u.Slot()], u)
	}
	for _, some := range at {
		slices.SortStableFunc(some, func(a, b Undone) int { return a.Target.Compare(b.Target) })
	}
	return at
}

// recalled is what a blind slot shows: what was last written there, or put
// back since.
func (s *State) recalled(spot *Spot) mapping.Reading {
	for _, u := range s.Undone[spot.slotRef()] {
		if u.Target.Path == spot.Slot.Path && u.Target.Element == "" {
			return spot.Slot.Recall(u.Value)
		}
	}
	return spot.Slot.Recall(spot.Last.Value)
}

// undoneAt returns what a person put back at the spot; nil where nobody did or
// it no longer stands there. Of several labels the newest counts; a label that
// stands there and was not put back is somebody's choice since. One that the undo
// left there is the choice of who set it, too; only where the rules overrule that,
// the order to undo is what keeps it. So does who came back to what was put back.
func (s *State) undoneAt(spot *Spot, overrule bool) *Undone {
	var last *Undone
	all := s.Undone[spot.slotRef()]
	if !overrule && slices.ContainsFunc(all, isBeside) {
		all = slices.DeleteFunc(slices.Clone(all), isBeside)
	}
	if axis := spot.Slot.Axis(); axis != nil && len(all) > 0 {
		for _, label := range axis.Owned() {
			if spot.Reading.Native.Has(label) && !putBack(all, spot.Slot.Path, label) {
				return nil
			}
		}
	}
	for i := range all {
		u := &all[i]
		shows, back := spot.Reading.Native, u.Value
		if axis := spot.Slot.Axis(); axis != nil {
			if !axis.Owns(u.Target.Element) {
				continue
			}
			shows, back = work.NewFlag(shows.Has(u.Target.Element)), u.label()
		}
		if u.Target.Path != spot.Slot.Path {
			continue
		}
		if !same(shows, back) {
			return nil
		}
		if last == nil || u.At.After(last.At) {
			last = u
		}
	}
	if last != nil && !overrule && s.cameBack(spot, last) {
		return nil
	}
	return last
}

// Settling is how long after a write a change counts as the write itself, where
// another account made it: Tandem's account may be another one today, and clocks
// differ.
const Settling = time.Minute

// cameBack reports whether somebody set something else after an undo, and then what
// it had put back, by what the source tells: that is a choice of its own.
func (s *State) cameBack(spot *Spot, u *Undone) bool {
	return spot.Slot.Axis() == nil && spot.Touched.After(u.At.Add(Settling))
}

// Outlived reports whether a record shows at the field something else than an undo
// left there. People set that since, be it what Tandem wants: what was put back
// counts no more, though they come back to it. What was not read back yet, or cannot
// be read, tells nothing.
func (s *Settled) Outlived(ref work.RefID, state *State) bool {
	return slices.ContainsFunc(s.Spots, func(spot Spot) bool { return spot.Part.RefID == ref && spot.outlived(state) })
}

// outlived is Outlived of one spot. What stands there is nothing of Tandem's then,
// though it be what Tandem had written before the undo.
func (s *Spot) outlived(state *State) bool {
	shown := s.Reading.Native
	if s.Slot.Blind || s.Displaced != nil || s.Last.Pending || !shown.Known() {
		return false
	}
	all := s.undone(state)
	return len(all) > 0 && !leaves(all, shown)
}

// undone is what was undone there, as far as it is still the place of the field.
func (s *Spot) undone(state *State) []Undone {
	return slices.DeleteFunc(slices.Clone(state.Undone[s.slotRef()]), func(u Undone) bool {
		axis := s.Slot.Axis()
		return u.Target.Path != s.Slot.Path || axis != nil && !axis.Owns(u.Target.Element)
	})
}

// leaves reports whether a field shows what an undo left there.
func leaves(all []Undone, shown work.Value) bool {
	labels := 0
	for i := range all {
		u := &all[i]
		if !u.Target.InList() {
			return same(shown, u.Value)
		}
		on := u.label() == work.NewFlag(true)
		if shown.Has(u.Target.Element) != on {
			return false
		}
		if on {
			labels++
		}
	}
	return labels == len(shown.List())
}

func isBeside(u Undone) bool { return u.Beside() }

// putBack reports whether a label is among what was put back, or left there.
func putBack(all []Undone, path, label string) bool {
	return slices.ContainsFunc(all, func(u Undone) bool {
		return u.Target.Path == path && u.Target.Element == label && u.label() == work.NewFlag(true)
	})
}

// undoneOver reports whether an undo is no longer respected. What a person
// typed is respected for a while even where the rules overrule people.
func (s *Settled) undoneOver(u *Undone, asOf time.Time) bool {
	respect := s.Rule.RespectFor
	if s.Rule.Overrule {
		respect = mapping.DefaultRespect
	}
	return respect > 0 && asOf.Sub(u.Since()).Hours()/24 >= respect.Days()
}

// oneWith reports whether nothing that people set or an undo put back is against
// a value of Tandem's. Else a spot that agrees with it stays a person's: once it
// is Tandem's, it no longer counts, and what differs elsewhere would be written
// over it.
func (s *Settled) oneWith(want work.Value, state *State) bool {
	if s.Disagree || s.Person.Known() && !same(s.Person, want) {
		return false
	}
	for i := range s.Spots {
		spot := &s.Spots[i]
		if spot.Undone != nil && spot.Slot.Mapped && !same(spot.Reading.Shared, want) && s.respected(spot, state) {
			return false
		}
	}
	return true
}
