package mapping

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// Draft is an item before ownership is settled: fields that no rule maps have
// their value, mapped ones are still unknown.
type Draft struct {
	Item    work.Item
	Records []*work.Record // parallel to Item.Parts
}

// Reader maps records; it caches what the rules say of each place and is used
// by one goroutine at a time.
type Reader struct {
	program *Program
	places  map[[2]string][]*Slot
}

// NewReader returns a reader for one evaluation.
func (p *Program) NewReader() *Reader {
	return &Reader{program: p, places: map[[2]string][]*Slot{}}
}

// slots returns the unmapped default slots of a connector's schema, in the
// order of the model.
func (r *Reader) slots(connector string) []*Slot {
	key := [2]string{connector, ""}
	if s, ok := r.places[key]; ok {
		return s
	}
	var slots []*Slot
	for _, f := range r.program.schemas[connector].Fields {
		if f.Shared != work.NoField && r.program.rules[f.Shared] == nil {
			slots = append(slots, DefaultSlot(connector, f))
		}
	}
	slices.SortStableFunc(slots, func(a, b *Slot) int { return cmp.Compare(a.Field, b.Field) })
	r.places[key] = slots
	return slots
}

// DefaultSlot is what a schema says of a field without any rule: read only.
func DefaultSlot(connector string, f work.NativeField) *Slot {
	s := &Slot{Field: f.Shared, Connector: connector, Path: f.Name, kind: f.Shared.Info().Kind}
	if len(f.Values) > 0 {
		s.values = &ValueMap{read: f.Values, write: map[string]string{}}
	}
	return s
}

// SchemaSlot returns the default slot of a field that a rule maps elsewhere
// only; nil where the schema declares none.
func (p *Program) SchemaSlot(connector string, field work.Field) *Slot {
	for _, f := range p.schemas[connector].Fields {
		if f.Shared == field {
			return DefaultSlot(connector, f)
		}
	}
	return nil
}

// Draft builds an item from the records of one group. The records must not be
// empty.
func (r *Reader) Draft(records []*work.Record) Draft {
	records = slices.Clone(records)
	slices.SortFunc(records, func(a, b *work.Record) int { return a.RefID.Compare(b.RefID) })
	birth := slices.MinFunc(records, func(a, b *work.Record) int {
		return cmp.Or(a.Created.Compare(b.Created), a.RefID.Compare(b.RefID))
	})
	d := Draft{Records: records, Item: work.Item{Birth: birth.RefID}}
	for _, rec := range records {
		d.Item.Parts = append(d.Item.Parts, work.Part{
			Ref: rec.Ref, Place: rec.Place, URL: rec.URL, Audience: rec.Audience, Created: rec.Created,
		})
	}
	d.Item.Audience = strictest(records)
	r.read(&d.Item.Fields, birth)
	for _, rec := range records {
		if rec != birth {
			r.read(&d.Item.Fields, rec)
		}
	}
	d.Item.Fields.Set(work.Created, work.NewTime(birth.Created))
	return d
}

// strictest returns the strictest audience; one unknown makes all unknown.
func strictest(records []*work.Record) work.Audience {
	audience := work.Public
	for _, rec := range records {
		if rec.Audience == work.UnknownAudience {
			return work.UnknownAudience
		}
		audience = max(audience, rec.Audience)
	}
	return audience
}

// read adds what the record knows and the item does not know yet; labels and
// links add up, updated is the newest.
func (r *Reader) read(fields *work.Fields, rec *work.Record) {
	for _, slot := range r.slots(rec.Connector) {
		value := slot.Read(rec).Shared
		have := fields.Get(slot.Field)
		switch {
		case !value.Known():
		case slot.Field == work.Labels || slot.Field == work.Links:
			fields.Set(slot.Field, work.NewList(append(have.List(), value.List()...)...))
		case slot.Field == work.Updated:
			if have.String() < value.String() || !have.Present() {
				fields.Set(slot.Field, value)
			}
		case !have.Present():
			fields.Set(slot.Field, value)
		}
	}
}
