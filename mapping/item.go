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

// Draft builds an item from the records of one group, of which there is at
// least one. It keeps the slice where that is sorted by RefID.
func (r *Reader) Draft(records []*work.Record) Draft {
	if compare := func(a, b *work.Record) int { return a.Compare(b.RefID) }; !slices.IsSortedFunc(records, compare) {
		records = slices.Clone(records)
		slices.SortFunc(records, compare)
	}
	byAge := records
	if !slices.IsSortedFunc(records, older) {
		byAge = slices.Clone(records)
		slices.SortFunc(byAge, older)
	}
	birth := byAge[0]
	d := Draft{Records: records, Item: work.Item{Birth: birth.RefID, Parts: r.parts(len(records)), Audience: strictest(records)}}
	for i, rec := range records {
		d.Item.Parts[i] = work.Part{Record: rec}
	}
	d.Item.Fields.Grow(len(r.program.plain[birth.Connector]) + len(r.program.mapped) + 1)
	for _, rec := range byAge {
		r.read(&d.Item.Fields, rec)
	}
	d.Item.Fields.Set(work.Created, work.NewTime(birth.Created))
	return d
}

// older puts records in the order in which they were created; those that do not
// say when, such as the rows of most files, come last.
func older(a, b *work.Record) int {
	switch {
	case a.Created.IsZero() != b.Created.IsZero():
		if a.Created.IsZero() {
			return 1
		}
		return -1
	default:
		return cmp.Or(a.Created.Compare(b.Created), a.Compare(b.RefID))
	}
}

// strictest returns the strictest audience; one unknown makes all unknown.
func strictest(records []*work.Record) work.Audience {
	audience := work.Public
	for _, rec := range records {
		audience = audience.And(rec.Audience)
	}
	return audience
}

// read adds what the record knows and the item does not know yet; labels and
// links add up, updated is the newest change that was not Tandem's own.
func (r *Reader) read(fields *work.Fields, rec *work.Record) {
	for _, slot := range r.program.plain[rec.Connector] {
		value := slot.Read(rec).Shared
		have := fields.Get(slot.Field)
		switch {
		case !value.Known():
		case slot.Field == work.Labels || slot.Field == work.Links:
			fields.Set(slot.Field, union(have, value))
		case slot.Field == work.Updated:
			if !rec.LastChange.IsZero() {
				value = work.NewTime(rec.LastChange) // Tandem's own writes are no news
			}
			if have.String() < value.String() || !have.Present() {
				fields.Set(slot.Field, value)
			}
		case !have.Present():
			fields.Set(slot.Field, value)
		}
	}
}

// union returns the list of what either has.
func union(a, b work.Value) work.Value {
	switch {
	case b.Kind() == work.List && (a == b || !a.Present()):
		return b
	case a.Kind() == work.List && !b.Present():
		return a
	default:
		return work.NewList(append(a.List(), b.List()...)...)
	}
}
