package plan

import (
	"tandem/internal/work"

	"tandem/mapping"
)

// Settled is what is known of one mapped field of one item before anything is
// derived: who owns it, what the owner says, what people set.
type Settled struct {
	Rule  *mapping.FieldRule
	Spots []Spot
	// Owner is who answers for the field here: Tandem or a connector. It is
	// the birth system where the rule's owner has no record of the item.
	Owner string
	// Derived: Tandem's own value is what should be, unless a person differs.
	Derived bool
	// Value is the owner's value where the owner is a connector: Unknown where
	// it could not be read, Empty where there is none.
	Value work.Value
	// Ambiguous: several records in the owner's system disagree.
	Ambiguous bool
	// Person is the value that people set, the same in all their places;
	// Unknown where nobody did.
	Person work.Value
	// Disagree: people set different values in different places.
	Disagree bool
	// PersonAudience is that of the places where people set it, ValueAudience
	// that of the owner's.
	PersonAudience, ValueAudience work.Audience
}

// Settle reads all places of one field of an item and finds out whose answer
// counts. Case does the same for many fields and items.
func Settle(program *mapping.Program, rule *mapping.FieldRule, item *work.Item, records []*work.Record, state *State) Settled {
	c := NewCase(program.NewReader(), state)
	c.Open(item, records, nil)
	return *c.Settle(rule)
}

// ownerOf returns who answers for the field here.
func ownerOf(rule *mapping.FieldRule, item *work.Item) string {
	if rule.Owner == mapping.Tandem {
		return mapping.Tandem
	}
	for i := range item.Parts {
		if item.Parts[i].Connector == rule.Owner {
			return rule.Owner
		}
	}
	return item.Birth.Connector
}

// askOwner finds the owner's value. Where it is blank, or was filled by us,
// and the rules let Tandem fill blanks, the field is derived.
func (s *Settled) askOwner() {
	fillable, asked, agreed := s.Rule.Fill, false, true
	var value work.Value
	for i := range s.Spots {
		spot := &s.Spots[i]
		if spot.Part.Connector != s.Owner {
			continue
		}
		standing := spot.standing()
		if standing != blank && standing != ours && standing != waiting && spot.Undone == nil {
			fillable = false
		}
		agreed = agreed && (!asked || value.Says(spot.Reading.Shared))
		if !asked {
			s.ValueAudience = spot.Audience
		}
		s.ValueAudience = s.ValueAudience.And(spot.Audience)
		value, asked = spot.Reading.Shared, true
	}
	switch {
	case !asked:
	case fillable:
		s.Derived = true
	case !agreed:
		s.Ambiguous = true
	default:
		s.Value = value
	}
}

// askPeople collects the values that people set and that are respected. Values
// that an undo put back count where nobody set one: what stood in one place
// before says nothing against another place.
func (s *Settled) askPeople(state *State) {
	if s.ask(state, false); !s.Person.Known() && !s.Disagree {
		s.ask(state, true)
		s.Disagree = false
	}
}

func (s *Settled) ask(state *State, undone bool) {
	first := true
	for i := range s.Spots {
		spot := &s.Spots[i]
		if !spot.Slot.Mapped || undone != (spot.Undone != nil) || !s.respected(spot, state) {
			continue
		}
		value := spot.Reading.Shared
		if !first && !value.Says(s.Person) {
			s.Disagree = true
		}
		if first {
			s.PersonAudience = spot.Audience
		}
		s.Person, first, s.PersonAudience = value, false, s.PersonAudience.And(spot.Audience)
	}
	if s.Disagree {
		s.Person = work.Value{}
	}
}

// respected reports whether a person's value stands at the spot and the rules
// let it stand.
func (s *Settled) respected(spot *Spot, state *State) bool {
	if state.released(spot) {
		return false
	}
	switch spot.standing() {
	case changed:
		if spot.Undone != nil {
			return !s.undoneOver(spot.Undone, state.AsOf)
		}
		return !s.Rule.Overrule && !s.expired(spot, state)
	case predates:
		return !state.Adopt.ReplacePersons
	case untouched:
		return !state.Adopt.ReplaceDefaults
	default:
		return false
	}
}

// outlasted reports whether a person's change was respected until its time was over.
func (s *Settled) outlasted(spot *Spot, state *State) bool {
	return spot.standing() == changed && spot.Undone == nil && !s.Rule.Overrule && !state.released(spot) && s.expired(spot, state)
}

// expired reports whether respect_for has run out.
func (s *Settled) expired(spot *Spot, state *State) bool {
	since, held := state.since(spot, work.ChangedByPerson)
	if !held || s.Rule.RespectFor == 0 {
		return false
	}
	return state.AsOf.Sub(since).Hours()/24 >= s.Rule.RespectFor.Days()
}

// Quiet reports that Decide would find nothing to do, whatever the wish: the
// owner's value is known and stands nowhere else, or it is not known and there
// is nothing to report. What Effective returns is then the item's value.
func (s *Settled) Quiet() bool {
	if s.Derived || s.Ambiguous {
		return false
	}
	for i := range s.Spots {
		spot := &s.Spots[i]
		owners := spot.Part.Connector == s.Owner
		if spot.Displaced != nil {
			return false
		}
		if s.Value.Known() && spot.Slot.Mapped && !owners || !s.Value.Known() && owners && (spot.Reading.Unmapped || spot.Reading.Ambiguous) {
			return false
		}
	}
	return true
}

// Effective is the value that decisions may read: what a person or the owner
// set; Unknown where only Tandem has an opinion, so that no rule chases a
// value that Tandem itself wrote.
func (s *Settled) Effective() work.Value {
	if s.Derived {
		return s.Person
	}
	return s.Value
}

// Audience is that of the places where the effective value stands.
func (s *Settled) Audience() work.Audience {
	if s.Derived {
		return s.PersonAudience
	}
	return s.ValueAudience
}
