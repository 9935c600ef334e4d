package mapping

import (
	"maps"
	"slices"

	"tandem/internal/work"
)

// note tells what a target will not do though nothing is wrong with it.
func (p *Program) note(rule *FieldRule, connector string, t *target, spec TargetSpec, schema work.Schema) {
	warn := func(what, remedy string) {
		p.notes = append(p.notes, work.Finding{Level: work.Warning, Subject: connector + " " + rule.Field.String(), What: what, Remedy: remedy})
	}
	if goesThere := rule.Owner != "" && rule.Owner != connector; goesThere && len(spec.Section) == 0 {
		for _, path := range t.readOnly() {
			warn("the "+schema.Kind+" connector only reads "+path+": nothing is ever written there",
				"map it to a field that can be written, as tandem connectors "+schema.Kind+" lists them, or leave it so to read it")
		}
	}
	if _, done := spec.Values["done"]; rule.Field == work.Status && len(spec.Values) > 0 && !done {
		warn("no value of the status stands for done: nothing there will count as finished", "add done: […] to its values; the others are todo and doing")
	}
}

// readOnly lists the native fields of the target that are not written, sorted.
func (t *target) readOnly() []string {
	found := map[string]bool{}
	for _, s := range append(slices.Collect(maps.Values(t.byPlace)), &t.base) {
		if s.Path != "" && !s.Writable {
			found[s.Path] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}
