package mapping

import (
	"slices"

	"tandem/internal/work"
)

// Written is one native field that Tandem may write at one place of a
// connector, with the spellings that it may write there; no values means any.
type Written struct {
	Path, Place string
	Values      []string
	Labels      bool
}

// Writes returns what Tandem may write at the places of a connector, by place
// and in the order of the model. The backlog, markers and links are not among
// it; see Features.
func (p *Program) Writes(connector string, places []string) []Written {
	var all []Written
	for _, place := range places {
		for _, rule := range p.mapped {
			slot := rule.Slot(connector, place)
			if slot == nil || !slot.Mapped || !slot.Writable || !rule.travelsTo(connector) {
				continue
			}
			w := Written{Path: slot.Path, Place: place, Labels: slot.axis != nil}
			switch {
			case slot.axis != nil:
				w.Values = slices.Clone(slot.axis.Owned())
			case slot.values != nil:
				w.Values = slot.values.written()
			default:
				w.Values = slices.Clone(p.domains[rule.Field])
			}
			all = append(all, w)
		}
	}
	return all
}

// travelsTo reports whether a value can reach the connector: Tandem derives it,
// or another connector may hold it.
func (r *FieldRule) travelsTo(connector string) bool {
	switch {
	case r.Owner == Tandem, r.Fill:
		return true
	case r.Owner != "":
		return r.Owner != connector
	}
	for other := range r.targets {
		if other != connector {
			return true
		}
	}
	return r.Field.Info().Hat == work.Derived
}

// written returns the spellings that are written, by shared value.
func (m *ValueMap) written() []string {
	all := make([]string, 0, len(m.write))
	for _, shared := range m.Shared() {
		all = append(all, m.write[shared])
	}
	return all
}
