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
	return p.WritesOf(connector, places, nil)
}

// WritesOf is Writes where some fields have values that are not written now,
// such as quarters that are over: current lists those that are.
func (p *Program) WritesOf(connector string, places []string, current map[work.Field][]string) []Written {
	var all []Written
	for _, place := range places {
		for _, rule := range p.mapped {
			slot := rule.Slot(connector, place)
			if slot == nil || !slot.Mapped || !slot.Writable || !rule.travelsTo(connector) {
				continue
			}
			w := Written{Path: slot.Path, Place: place, Labels: slot.axis != nil && slot.Path == work.NativeLabels}
			some := current[rule.Field]
			if some == nil {
				some = p.domains[rule.Field]
			}
			is := func(shared string) bool { return current[rule.Field] == nil || slices.Contains(some, shared) }
			switch {
			case slot.axis != nil:
				w.Values = slot.axis.written(is)
			case slot.values != nil:
				w.Values = slot.values.written(is)
			default:
				w.Values = slices.Clone(some)
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
func (m *ValueMap) written(is func(shared string) bool) []string {
	all := make([]string, 0, len(m.write))
	for _, shared := range m.Shared() {
		if is(shared) {
			all = append(all, m.write[shared])
		}
	}
	return all
}

// written returns the owned labels of some values.
func (a *LabelAxis) written(is func(shared string) bool) []string {
	all := make([]string, 0, min(len(a.owned), few))
	for i := range a.owned {
		if is(a.owned[i].shared) {
			all = append(all, a.owned[i].label)
		}
	}
	return all
}
