package engine

import (
	"cmp"
	"slices"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Input is one value that the ranking of an item reads, and where it comes from.
type Input struct {
	Field string     `json:"field"`
	Value work.Value `json:"value"`
	// Ref and Path are the record and the field there; empty where nobody said.
	Ref    string     `json:"ref,omitempty"`
	Path   string     `json:"path,omitempty"`
	Native work.Value `json:"native"`
	// At is when it was set, By who did that in the words of the source; where
	// the source does not tell, At is the last change of the record and By empty.
	At time.Time `json:"at,omitzero"`
	By string    `json:"by,omitempty"`
	// Exact: At is of the field.
	Exact bool `json:"exact,omitempty"`
}

// inputs lists the fields that ranking reads of the item, with their sources.
func (o *Outcome) inputs(rules *Rules, d *Decided, owners []FieldOwner) []Input {
	var all []Input
	for _, field := range rules.reads.rank.Fields {
		switch field {
		case work.Priority, work.Score, work.Place, work.Rank: // found by ranking itself
			continue
		case work.Horizon:
			if !d.HorizonFixed {
				continue
			}
		case work.Goal:
			if len(rules.goals) == 0 {
				continue
			}
		default:
		}
		value := d.Item.Fields.Get(field)
		from := o.sources(field, value, owners)
		if len(from) == 0 {
			from = []Input{{Field: field.String(), Value: value}}
		}
		all = append(all, from...)
	}
	return all
}

// sources finds where the effective value stands.
func (o *Outcome) sources(field work.Field, value work.Value, owners []FieldOwner) []Input {
	i := slices.IndexFunc(owners, func(f FieldOwner) bool { return f.Field == field })
	if i < 0 {
		return nil
	}
	var all []Input
	for k := range owners[i].Spots {
		s := &owners[i].Spots[k]
		if value.Known() && s.Reading.Shared != value || !s.Reading.Native.Present() {
			continue
		}
		all = append(all, o.input(field, value, s))
	}
	return all
}

func (o *Outcome) input(field work.Field, value work.Value, s *plan.Spot) Input {
	in := Input{Field: field.String(), Value: value, Ref: s.Part.String(), Path: s.Slot.Path, Native: s.Reading.Native}
	at, ok := o.find(s.Part.RefID)
	if !ok {
		return in
	}
	r := o.records[at]
	if touch, known := r.Touched[s.Slot.Path]; known && !touch.At.IsZero() {
		in.At, in.By, in.Exact = touch.At, cmp.Or(touch.By, s.By), true
		return in
	}
	in.At, in.By = r.Version, s.By
	return in
}
