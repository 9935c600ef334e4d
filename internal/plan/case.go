package plan

import (
	"tandem/internal/work"

	"tandem/mapping"
)

// Case is an item whose fields are settled and decided, with what they have in
// common. It is opened for one item after the other and keeps its memory, so
// that an evaluation pays for what it finds and not for looking. One goroutine
// uses it.
type Case struct {
	reader *mapping.Reader
	state  *State

	item    *work.Item
	sights  []sight // of its parts
	settled Settled
}

// sight is one part of the item as all fields see it.
type sight struct {
	part     *work.Part
	record   *work.Record
	place    *mapping.Place
	lines    Lines
	handsOff bool
}

// NewCase returns a Case without an item.
func NewCase(reader *mapping.Reader, state *State) *Case { return &Case{reader: reader, state: state} }

// Open begins with an item. Records and lines are parallel to its parts; lines
// may be nil, the ledger is then asked.
func (c *Case) Open(item *work.Item, records []*work.Record, lines []Lines) {
	c.item, c.sights = item, c.sights[:0]
	for i := range item.Parts {
		part, record := &item.Parts[i], records[i]
		s := sight{
			part: part, record: record, place: c.reader.At(part.Connector, part.Place),
			handsOff: record.Fields[work.NativeLabels].Has(HandsOffLabel),
		}
		if lines != nil {
			s.lines = lines[i]
		} else {
			s.lines = c.state.Ledger.Of(record.RefID)
		}
		c.sights = append(c.sights, s)
	}
}

// Settle reads all places of one field of the item and finds out whose answer
// counts. The answer holds until the next Settle.
func (c *Case) Settle(rule *mapping.FieldRule) *Settled {
	s := &c.settled
	*s = Settled{Rule: rule, Owner: ownerOf(rule, c.item), Spots: s.Spots[:0]}
	for i := range c.sights {
		at := &c.sights[i]
		slot := at.place.Slot(rule)
		if slot == nil && at.part.Connector == s.Owner {
			slot = at.place.Declared(rule)
		}
		if slot == nil {
			continue
		}
		spot := Spot{Part: at.part, Slot: slot, Audience: at.part.Audience, HandsOff: at.handsOff}
		if touch, known := at.record.Touched[slot.Path]; known {
			spot.By, spot.Touched = touch.By, touch.At
		}
		if strict, is := at.record.Strict[slot.Path]; is {
			spot.Audience = spot.Audience.And(strict)
		}
		if slot.Mapped {
			spot.Last = at.lines.at(slot)
		}
		if slot.Blind {
			spot.Reading = c.state.recalled(&spot)
		} else {
			spot.Reading = slot.Read(at.record)
		}
		if len(c.state.Displaced) > 0 && slot.Mapped && !slot.Blind && slot.Axis() == nil {
			c.state.giveWay(&spot)
		}
		if len(c.state.Undone) > 0 {
			if spot.Undone = c.state.undoneAt(&spot, rule.Overrule); spot.outlived(c.state) {
				spot.Last.Value = work.Value{}
			}
		}
		s.Spots = append(s.Spots, spot)
	}
	if s.Derived = s.Owner == mapping.Tandem; !s.Derived {
		s.askOwner()
	}
	if s.Derived {
		s.askPeople(c.state)
	}
	return s
}

// Decide compares what should be with what is, at every place of the field
// that was settled last. It sets the verdict's effective value and adds to its
// lists.
func (c *Case) Decide(wish Wish, v *Verdict) {
	v.Effective = work.Value{}
	d := decision{settled: &c.settled, item: c.item, wish: &wish, state: c.state, verdict: v}
	d.decide()
}
