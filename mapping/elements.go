package mapping

import (
	"maps"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// listed makes an axis of the slot where it is a list that is written element by
// element.
func (s *Slot) listed(at work.Pointer, values map[string]Spellings, schema work.Schema, domain []string) []work.Problem {
	declared, ok := schema.Field(s.Path)
	if !ok || declared.Kind != work.List || !declared.Writable || s.Path == work.NativeLabels {
		return nil
	}
	axis, problems := elementsOf(at, s, values, domain)
	s.axis = axis
	return problems
}

// elementsOf makes an axis of a native list, such as the fix versions of an
// issue: of its elements, those that the values of the field spell are ours,
// and all others stay the team's (promise S2). It is nil for a list that holds
// values nobody can list in advance.
func elementsOf(at work.Pointer, slot *Slot, values map[string]Spellings, domain []string) (*LabelAxis, []work.Problem) {
	if len(domain) == 0 || slot.kind == work.List {
		return nil, nil
	}
	a := &LabelAxis{Template: placeholder}
	var problems []work.Problem
	shared := domain
	if len(values) > 0 {
		shared = slices.Sorted(maps.Keys(values))
	}
	for _, v := range shared {
		spellings := values[v]
		if len(values) == 0 {
			spellings = Spellings{v}
		}
		for i, text := range spellings { // the first is written, all are read
			if i > 0 {
				a.reads = append(a.reads, newOwnedLabel(v, text))
				continue
			}
			if j := a.index(text); j >= 0 {
				problems = append(problems, work.Problem{
					At: at.Key(v), What: strconv.Quote(text) + " stands for both " + a.owned[j].shared + " and " + v, Remedy: "make the values differ",
				})
			}
			a.owned, a.labels = append(a.owned, newOwnedLabel(v, text)), append(a.labels, text)
		}
	}
	a.settle()
	return a, problems
}

// oneWriterPerList refuses a rule that writes a list as a whole where another
// one owns some of its elements.
func (p *Program) oneWriterPerList(at work.Pointer) []work.Problem {
	type list struct{ connector, path string }
	owner := map[list]work.Field{}
	slots := func(visit func(rule *FieldRule, connector string, s *Slot)) {
		for _, rule := range p.mapped {
			for _, connector := range slices.Sorted(maps.Keys(rule.targets)) {
				t := rule.targets[connector]
				visit(rule, connector, &t.base)
				for _, place := range slices.Sorted(maps.Keys(t.byPlace)) {
					visit(rule, connector, t.byPlace[place])
				}
			}
		}
	}
	slots(func(rule *FieldRule, connector string, s *Slot) {
		if s.axis != nil && s.Path != work.NativeLabels {
			owner[list{connector, s.Path}] = rule.Field
		}
	})
	var problems []work.Problem
	slots(func(rule *FieldRule, connector string, s *Slot) {
		other, taken := owner[list{connector, s.Path}]
		if !taken || s.axis != nil || !s.Writable || !rule.travelsTo(connector) {
			return
		}
		problems = append(problems, work.Problem{
			At:     at.Key(rule.Field.String()).Key(connector),
			What:   "some of " + s.Path + " stand for " + other.String() + ", and " + rule.Field.String() + " would write over them",
			Remedy: "map one of them elsewhere, or write owner: " + connector + " so that it is only read there",
		})
	})
	return problems
}
