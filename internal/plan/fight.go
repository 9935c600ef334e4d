package plan

import (
	"time"

	"tandem/internal/work"
)

// Attempt is one write of Tandem that arrived: what it wrote over what, and who
// had put that there, where the source tells.
type Attempt struct {
	Target work.Target `json:"target"`
	Value  work.Value  `json:"value"`
	Expect work.Value  `json:"expect"`
	By     string      `json:"by,omitempty"`
	At     time.Time   `json:"at"`
}

// enough is how often somebody changes a value back before Tandem stops.
const enough = 2

// Fighter tells of the writes at one target whether somebody keeps changing
// them back: twice the same author put there again what stood before, or twice
// somebody whom no source names. has is what stands there now, by who put it
// there.
func Fighter(attempts []Attempt, has work.Value, by string) (author string, fights bool) {
	reverts := map[string]int{}
	var authors []string
	for i, a := range attempts {
		after, who := has, by
		if i+1 < len(attempts) {
			after, who = attempts[i+1].Expect, attempts[i+1].By
		}
		if !same(after, a.Expect) || same(after, a.Value) {
			continue
		}
		if reverts[who]++; reverts[who] == 1 && who != "" {
			authors = append(authors, who)
		}
	}
	for _, who := range authors {
		if reverts[who]+reverts[""] >= enough {
			return who, true
		}
	}
	return "", reverts[""] >= enough
}

// fight reports whether Tandem is to stop writing at the spot, and whose change
// it would write over. A fight that was held goes on until somebody gives in or
// a person releases it.
func (d *decision) fight(spot *Spot) (by string, fights bool) {
	if spot.standing() != changed || d.state.released(spot) {
		return "", false
	}
	if _, held := d.state.Held(HoldKey{spot.slotRef(), work.Fighting}); held {
		return spot.By, true
	}
	target := work.Target{RefID: spot.Part.RefID, Path: spot.Slot.Path}
	axis := spot.Slot.Axis()
	if axis == nil {
		return Fighter(d.state.Attempts[target], spot.Reading.Native, spot.By)
	}
	for _, label := range axis.Owned() {
		target.Element = label
		if by, fights := Fighter(d.state.Attempts[target], work.NewFlag(spot.Reading.Native.Has(label)), spot.By); fights {
			return by, true
		}
	}
	return "", false
}
