package mapping

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// Spot is where a field stands in one connector, for checks.
type Spot struct {
	Field     work.Field
	Connector string
	// Place is empty for all places that by_project does not name.
	Place string
	// Path is the native field; of a label axis, the prefix of its labels.
	Path string
	// Axis reports that the value is a label.
	Axis bool
	// Writes reports that Tandem may write the value there.
	Writes bool
	// Owns reports that the connector owns the field.
	Owns bool
}

// Spots returns where the rules say that fields stand, sorted.
func (p *Program) Spots() []Spot {
	var spots []Spot
	for _, rule := range p.mapped {
		for connector, t := range rule.targets {
			for place, s := range t.byPlace {
				spots = append(spots, rule.spot(connector, place, s))
			}
			if t.base.Path != "" {
				spots = append(spots, rule.spot(connector, "", &t.base))
			}
		}
	}
	slices.SortFunc(spots, func(a, b Spot) int {
		return cmp.Or(cmp.Compare(a.Connector, b.Connector), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Field, b.Field))
	})
	return spots
}

func (r *FieldRule) spot(connector, place string, s *Slot) Spot {
	own := r.Owner == connector
	at := Spot{Field: r.Field, Connector: connector, Place: place, Path: s.Path, Owns: own, Writes: s.Writable && (!own || r.Fill) && len(s.section) == 0}
	if s.axis != nil {
		at.Axis = true
		at.Path, _, _ = strings.Cut(s.axis.Template, placeholder)
	}
	return at
}

// Filled reports whether anything can give the field a value: a rule, a field
// that one of the connectors declares which bring items, or Tandem itself.
func (p *Program) Filled(f work.Field, brings func(connector string) bool) bool {
	if f.Info().Hat == work.Derived {
		return true
	}
	if rule := p.rules[f]; rule != nil && (len(rule.targets) > 0 || rule.Owner == Tandem) {
		return true
	}
	for connector, slots := range p.declared {
		if brings(connector) && slices.ContainsFunc(slots, func(s *Slot) bool { return s.Field == f }) {
			return true
		}
	}
	return false
}

// Owners returns the fields that each connector owns by the rules, in the order
// of the model.
func (p *Program) Owners() map[string][]work.Field {
	owners := map[string][]work.Field{}
	for _, rule := range p.mapped {
		if rule.Owner != "" && rule.Owner != Tandem {
			owners[rule.Owner] = append(owners[rule.Owner], rule.Field)
		}
	}
	return owners
}

// ConnectorNames returns the names of all connectors, sorted.
func (p *Program) ConnectorNames() []string { return slices.Sorted(maps.Keys(p.schemas)) }
