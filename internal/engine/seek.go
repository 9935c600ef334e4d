package engine

import (
	"slices"
	"strings"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// FindFormer returns the item of a record by "connector:key" of a key that it had
// before it was moved or renamed, or by such a key alone where it is unambiguous.
func (o *Outcome) FindFormer(text string) (*Decided, bool) {
	var found *Decided
	for i, r := range o.records {
		key := text
		if connector, after, named := strings.Cut(text, ":"); named && connector == r.Connector {
			key = after
		}
		if !slices.Contains(r.Former, key) {
			continue
		}
		d := &o.items[o.homes[i]]
		if found != nil && found != d {
			return nil, false
		}
		found = d
	}
	return found, found != nil
}

// Horizons are those that a person may move an item to on a day.
func (r *Rules) Horizons(asOf time.Time) []string { return r.horizons(asOf) }

// HandsOff lists the records of an item on which a person put the label that
// stops Tandem.
func (o *Outcome) HandsOff(d *Decided) []work.Ref {
	var refs []work.Ref
	for i := range d.Item.Parts {
		p := &d.Item.Parts[i]
		if at, ok := o.find(p.RefID); ok && o.records[at].Fields[work.NativeLabels].Has(plan.HandsOffLabel) {
			refs = append(refs, p.Ref)
		}
	}
	return refs
}
