package scheduler

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"tandem/connectors"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Swept is what Tandem left in one place beside values.
type Swept struct {
	Connector string `json:"connector"`
	Place     string `json:"place"`
	// Labels are those whose definitions were Tandem's.
	Labels []string `json:"labels,omitempty"`
	// Signatures counts the records that bore its signature.
	Signatures int `json:"signatures,omitempty"`
	// Failure says why the place could not be swept.
	Failure string `json:"failure,omitempty"`
}

// Sweep removes what Tandem left beside the values that an errand is about: the
// definitions of labels that it made and that nobody uses, and its signatures,
// but for those of records that bear tandem/hands-off (promise S18). With look
// it only lists them.
func (c *Cycle) Sweep(ctx context.Context, e Errand, look bool) []Swept {
	remains := remainsOf(e)
	var all []Swept
	for _, live := range c.c.Connectors {
		if live.Failure != nil || live.Conn.Sweeper == nil {
			continue
		}
		for _, place := range slices.Sorted(maps.Keys(remains[live.Name])) {
			swept, err := live.Conn.Sweeper.Sweep(ctx, place, *remains[live.Name][place], look)
			s := Swept{Connector: live.Name, Place: place, Labels: swept.Labels, Signatures: len(swept.Records)}
			if err != nil {
				s.Failure = err.Error()
			}
			if len(s.Labels)+s.Signatures > 0 || err != nil {
				all = append(all, s)
			}
		}
	}
	return all
}

// leftIn reports whether the place of a write could not be swept.
func leftIn(all []Swept, w *undo.Write) bool {
	return slices.ContainsFunc(all, func(s Swept) bool {
		return s.Failure != "" && s.Connector == w.Target.Connector && s.Place == w.Place
	})
}

// remainsOf lists what may remain, by connector and place.
func remainsOf(e Errand) map[string]map[string]*connectors.Remains {
	all := map[string]map[string]*connectors.Remains{}
	for i := range e.Writes {
		w := &e.Writes[i]
		if w.Place == "" {
			continue
		}
		at := all[w.Target.Connector]
		if at == nil {
			at = map[string]*connectors.Remains{}
			all[w.Target.Connector] = at
		}
		if at[w.Place] == nil {
			at[w.Place] = &connectors.Remains{}
		}
		r := at[w.Place]
		if e.leaves && !e.off[w.Target.RefID] {
			r.Records = append(r.Records, w.Ref())
		}
		if w.Target.Path == work.NativeLabels && w.Target.Element != "" {
			r.Labels = append(r.Labels, w.Target.Element)
		}
	}
	for _, at := range all {
		for _, r := range at {
			slices.SortFunc(r.Records, func(a, b work.Ref) int { return cmp.Or(a.Compare(b.RefID), cmp.Compare(a.Key, b.Key)) })
			r.Records = slices.CompactFunc(r.Records, func(a, b work.Ref) bool { return a.RefID == b.RefID })
			slices.Sort(r.Labels)
			r.Labels = slices.Compact(r.Labels)
		}
	}
	return all
}
