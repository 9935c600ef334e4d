package mapping

import (
	"slices"

	"tandem/internal/work"
)

// SameTies reports whether two states of one record say the same of its twins,
// so that Join finds the same groups.
func (p *Program) SameTies(a, b *work.Record) bool {
	if a.RefID != b.RefID || a.Key != b.Key || a.URL != b.URL || !slices.Equal(a.Former, b.Former) ||
		a.Fields[work.NativeMarker] != b.Fields[work.NativeMarker] || a.Fields[work.NativeLinks] != b.Fields[work.NativeLinks] {
		return false
	}
	for _, rule := range p.joins {
		if !rule.suggest && rule.connector == a.Connector && KeyAtStart(a.Fields[rule.field].Text()) != KeyAtStart(b.Fields[rule.field].Text()) {
			return false
		}
	}
	return true
}
