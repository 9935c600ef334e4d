package mapping

import (
	"cmp"
	"slices"

	"tandem/internal/work"
)

// Reader maps records; it caches what the rules say of each place and is used
// by one goroutine at a time.
type Reader struct {
	program *Program
	places  map[[2]string]*Place

	free  []work.Part
	batch int // how many were made at a time
}

// NewReader returns a reader for one evaluation.
func (p *Program) NewReader() *Reader {
	return &Reader{program: p, places: map[[2]string]*Place{}}
}

// Place is what the rules say of one place of a connector.
type Place struct {
	slots    []*Slot // by FieldRule.at; nil where the field does not stand
	declared []*Slot
}

// At returns the place of a connector.
func (r *Reader) At(connector, place string) *Place {
	key := [2]string{connector, place}
	if p := r.places[key]; p != nil {
		return p
	}
	p := &Place{slots: make([]*Slot, len(r.program.mapped)), declared: r.program.declared[connector]}
	for i, rule := range r.program.mapped {
		p.slots[i] = rule.Slot(connector, place)
	}
	r.places[key] = p
	return p
}

// Slot returns where the rule's field stands; nil where it does not.
func (p *Place) Slot(rule *FieldRule) *Slot { return p.slots[rule.at] }

// Declared returns the default slot of a field that the rule maps elsewhere
// only; nil where the schema declares none.
func (p *Place) Declared(rule *FieldRule) *Slot {
	for _, s := range p.declared {
		if s.Field == rule.Field {
			return s
		}
	}
	return nil
}

// parts returns room for n parts, many items' at a time.
func (r *Reader) parts(n int) []work.Part {
	const least, most = 16, 1024
	if len(r.free) < n {
		r.batch = min(max(2*r.batch, n, least), max(n, most))
		r.free = make([]work.Part, r.batch)
	}
	parts := r.free[:n:n]
	r.free = r.free[n:]
	return parts
}

// declare notes what the schemas say of fields without any rule.
func (p *Program) declare() {
	p.declared, p.plain = map[string][]*Slot{}, map[string][]*Slot{}
	for connector, schema := range p.schemas {
		var slots []*Slot
		for _, f := range schema.Fields {
			if f.Shared != work.NoField {
				slots = append(slots, declaredSlot(connector, f))
			}
		}
		slices.SortStableFunc(slots, func(a, b *Slot) int { return cmp.Compare(a.Field, b.Field) })
		p.declared[connector] = slots
		p.plain[connector] = slices.DeleteFunc(slices.Clone(slots), func(s *Slot) bool { return p.rules[s.Field] != nil })
	}
}

// declaredSlot is what a schema says of a field without any rule: read only.
func declaredSlot(connector string, f work.NativeField) *Slot {
	s := &Slot{Field: f.Shared, Connector: connector, Path: f.Name, kind: f.Shared.Info().Kind}
	if len(f.Values) > 0 {
		s.values = &ValueMap{read: f.Values, write: map[string]string{}}
	}
	return s
}
