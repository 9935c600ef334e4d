package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tandem/internal/work"
)

// ForeignLabels lists labels that stand under an owned prefix and are not
// owned: they stay the team's. One note per connector, the most used first.
func (r *Rules) ForeignLabels(records []*work.Record) []work.Finding {
	counts := map[string]map[string]int{}
	for _, rec := range records {
		for _, axis := range r.program.Axes(rec.Connector) {
			for _, label := range axis.Foreign(rec.Fields[work.NativeLabels]) {
				if counts[rec.Connector] == nil {
					counts[rec.Connector] = map[string]int{}
				}
				counts[rec.Connector][label]++
			}
		}
	}
	var findings []work.Finding
	for _, connector := range slices.Sorted(maps.Keys(counts)) {
		labels := counts[connector]
		names := slices.SortedFunc(maps.Keys(labels), func(a, b string) int {
			return cmp.Or(cmp.Compare(labels[b], labels[a]), cmp.Compare(a, b))
		})
		shown := make([]string, 0, len(names))
		for _, name := range names {
			shown = append(shown, fmt.Sprintf("%s (%d)", name, labels[name]))
		}
		findings = append(findings, work.Finding{
			Level: work.Note, Subject: connector + " labels",
			What:   "under a prefix of ours, and not ours: " + strings.Join(shown, ", "),
			Remedy: "nothing: they stay the team's and are never written or removed",
		})
	}
	return findings
}
