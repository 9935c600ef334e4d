package mapping

import (
	"maps"
	"slices"
)

// Spellings returns the native values that rules name at a connector, by native
// field and sorted: what is renamed there is known under its old name until
// rules have the new one.
func (p *Program) Spellings(connector string) map[string][]string {
	all := map[string][]string{}
	for _, rule := range p.mapped {
		t := rule.targets[connector]
		if t == nil {
			continue
		}
		for _, s := range append(slices.Collect(maps.Values(t.byPlace)), &t.base) {
			if s.axis == nil && s.values != nil && s.Path != "" {
				all[s.Path] = slices.AppendSeq(all[s.Path], maps.Keys(s.values.read))
			}
		}
	}
	for path, values := range all {
		all[path] = slices.Compact(slices.Sorted(slices.Values(values)))
	}
	return all
}
