package plan

import (
	"tandem/internal/work"
)

// Wish is what Tandem derived for a field of an item.
type Wish struct {
	// Value is the shared value; Unknown leaves everything as it is.
	Value   work.Value
	Because string
	// Audience is the strictest of what went into the value.
	Audience work.Audience
	// Repeats: people decide this field and Tandem plans around it, so there
	// is no value of its own to compare with theirs.
	Repeats bool
	// DoneToo: the field is written even where the item is finished (the role
	// label of an item that waits for acceptance, promise S17).
	DoneToo bool
	// Word is the number of the override whose value it is; 0 for most.
	Word int64
	// Objections are those of people against what Tandem decides of the item.
	Objections []*work.Override
	// Inputs names what the value was made of, see Rejection; empty where nobody
	// asks.
	Inputs string
}

// Verdict is what becomes of one field of one item.
type Verdict struct {
	// Effective is the item's value after people and owners had their say.
	Effective work.Value
	Edits     []work.Edit
	Holds     []work.Hold
	// Adopted are ledger lines for values that are already right.
	Adopted  []Entry
	Findings []work.Finding
}

// Decide compares what should be with what is, at every place of the field.
func Decide(s Settled, item *work.Item, wish Wish, state *State) Verdict {
	var v Verdict
	d := decision{settled: &s, item: item, wish: &wish, state: state, verdict: &v}
	d.decide()
	return v
}

// decision is the working state of one Decide.
type decision struct {
	settled *Settled
	item    *work.Item
	wish    *Wish
	state   *State
	verdict *Verdict
}

func (d *decision) decide() {
	for i := range d.settled.Spots {
		if spot := &d.settled.Spots[i]; spot.Displaced != nil {
			d.giveBack(spot)
		}
	}
	switch {
	case d.settled.Derived:
		d.derived()
	case d.settled.Ambiguous:
		d.ambiguousOwner()
	default:
		d.propagate()
	}
}

// derived handles fields where Tandem's value counts unless a person differs.
func (d *decision) derived() {
	s := d.settled
	d.verdict.Effective = d.wish.Value
	because, audience := d.wish.Because, d.wish.Audience
	if s.Person.Known() {
		d.verdict.Effective = s.Person
		because, audience = "a person set it in another place", s.PersonAudience
	}
	for i := range s.Spots {
		spot := &s.Spots[i]
		if !spot.Slot.Mapped {
			continue
		}
		if s.respected(spot, d.state) {
			d.personal(spot)
			continue
		}
		if !s.Disagree {
			d.put(spot, d.verdict.Effective, because, audience)
		}
	}
}

// personal handles a spot where a person's value stands.
func (d *decision) personal(spot *Spot) {
	want := d.wish.Value
	switch {
	case d.settled.Disagree && spot.Undone == nil:
		d.hold(spot, work.PeopleDisagree, want, "people set different values in different places; settle it there, or tandem release")
	case d.wish.Repeats:
		d.hold(spot, causeOf(spot.standing()), work.Value{}, "a person set it, Tandem plans around it")
	case !want.Known():
	case same(spot.Reading.Shared, want):
		if d.settled.oneWith(want, d.state) {
			d.adopt(spot)
		}
	default:
		d.hold(spot, causeOf(spot.standing()), want, "")
	}
}

func causeOf(s standing) work.Cause {
	if s == changed {
		return work.ChangedByPerson
	}
	return work.PredatesTandem
}

// same compares shared values in whatever form; nothing and empty are the same
// absence.
func same(a, b work.Value) bool {
	return a.Says(b) || a.Known() && b.Known() && !a.Present() && !b.Present()
}

// ambiguousOwner holds the field once, at the first of the owner's records.
func (d *decision) ambiguousOwner() {
	for i := range d.settled.Spots {
		if spot := &d.settled.Spots[i]; spot.Part.Connector == d.settled.Owner {
			d.hold(spot, work.AmbiguousOwner, work.Value{}, "several records in "+d.settled.Owner+" disagree; make them agree")
			return
		}
	}
}

// propagate carries the owner's value to the twins.
func (d *decision) propagate() {
	s := d.settled
	d.verdict.Effective = s.Value
	if !s.Value.Known() {
		d.unmappedOwner()
		return
	}
	for i := range s.Spots {
		spot := &s.Spots[i]
		if !spot.Slot.Mapped || spot.Part.Connector == s.Owner {
			continue
		}
		d.follow(spot)
	}
}

// follow handles one twin of a field that another connector owns.
func (d *decision) follow(spot *Spot) {
	value := d.settled.Value
	standing := spot.standing()
	if !value.Present() && !spot.Last.Found {
		return // the owner never had a value: the twin is left alone
	}
	if d.settled.respected(spot, d.state) {
		if same(spot.Reading.Shared, value) {
			d.adopt(spot)
		} else {
			d.hold(spot, causeOf(standing), value, d.settled.Owner+" owns this field")
		}
		return
	}
	d.put(spot, value, d.settled.Owner+" owns it", d.settled.ValueAudience)
}

// unmappedOwner reports an owner's value that has no shared spelling, and holds
// the field where the owner's labels say two values at once.
func (d *decision) unmappedOwner() {
	for i := range d.settled.Spots {
		spot := &d.settled.Spots[i]
		switch {
		case spot.Part.Connector != d.settled.Owner:
		case spot.Reading.Unmapped:
			d.unmapped(spot)
		case spot.standing() == unclear:
			d.twoValues(spot, work.Value{})
		}
	}
}

func (d *decision) unmapped(spot *Spot) {
	d.verdict.Findings = append(d.verdict.Findings, work.Finding{
		Level: work.Warning, Subject: spot.Part.String() + " " + spot.Slot.Field.String(),
		What:   "value " + quoted(spot.Reading.Native) + " of " + spot.Slot.Path + " has no mapping",
		Remedy: "add it to the values of " + spot.Slot.Field.String() + ", or leave it: it is neither written nor cleared",
	})
}
