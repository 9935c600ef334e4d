package mapping

import (
	"maps"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// compileTarget builds the slots of a field in one connector. It returns nil
// and a note where the connector lacks a feature that later versions may have.
func (p *Program) compileTarget(at work.Pointer, rule *FieldRule, connector string, spec TargetSpec,
	schema work.Schema, domain []string,
) (*target, []work.Problem) {
	if feature := spec.feature(); feature != "" && !slices.Contains(schema.Features, feature) {
		p.notes = append(p.notes, work.Finding{
			Level: work.Warning, Subject: connector + " " + rule.Field.String(),
			What:   "the " + schema.Kind + " connector of this version does not use " + feature,
			Remedy: "the rule is accepted and left alone until it does",
		})
		return nil, nil
	}
	if !spec.Backlog && rule.Field == work.Rank && rule.Owner == Tandem && slices.Contains(schema.Features, "backlog") {
		return nil, []work.Problem{{
			At: at, What: "Tandem orders the backlog itself, and writes no number of a place", Remedy: "write rank: {owner: tandem, " + connector + ": {backlog: true}}, or leave " + connector + " out",
		}}
	}
	if spec.Backlog {
		return nil, p.compileBacklog(at, rule, connector, spec, schema)
	}
	if spec.ProjectField != "" {
		if spec.Field.Set() || spec.Label != "" {
			return nil, []work.Problem{{At: at, What: "a target is either a field of the project, a label or a field", Remedy: "keep one of them"}}
		}
		spec.Field = FieldRef{Plain: work.ProjectFieldPrefix + spec.ProjectField}
		p.features[connector] = append(p.features[connector], "project_field")
	}
	values := domain
	if len(spec.Values) > 0 {
		values = slices.Sorted(maps.Keys(spec.Values))
	}
	problems := checkDomain(at.Key("values"), rule.Field, slices.Sorted(maps.Keys(spec.Values)), domain)
	t := &target{byPlace: map[string]*Slot{}, base: Slot{
		Field: rule.Field, Connector: connector, Mapped: true, kind: rule.Field.Info().Kind, defaults: spec.Default,
		OnlyPublic: spec.Only == "public", OnlyPrivate: spec.Only == "private", AllowPublic: spec.Allow == "public",
	}}
	problems = append(problems, checkTargetWords(at, spec)...)
	if len(spec.Section) > 0 {
		return t, append(problems, p.compileSection(at, t, spec, schema)...)
	}
	if spec.Label != "" {
		found := t.compileLabel(at, spec, values, schema)
		return t, append(problems, found...)
	}
	problems = append(problems, p.compileNative(at, t, spec, schema, domain)...)
	if rule.Field == work.Sprint { // sprints are the team's: never written, whatever the field could take
		t.base.Writable = false
		for _, s := range t.byPlace {
			s.Writable = false
		}
	}
	return t, problems
}

func (s TargetSpec) feature() string {
	switch {
	case s.ProjectField != "":
		return "project_field"
	case s.Backlog:
		return "backlog"
	default:
		return ""
	}
}

func checkTargetWords(at work.Pointer, spec TargetSpec) []work.Problem {
	var problems []work.Problem
	if !slices.Contains([]string{"", "private", "public"}, spec.Only) {
		problems = append(problems, work.Problem{At: at.Key("only"), What: strconv.Quote(spec.Only) + " is no kind of place", Remedy: "write private or public"})
	}
	if !slices.Contains([]string{"", "public"}, spec.Allow) {
		problems = append(problems, work.Problem{At: at.Key("allow"), What: strconv.Quote(spec.Allow) + " is no audience", Remedy: "write public, or leave it out"})
	}
	if len(spec.Reads) > 0 && spec.Label == "" {
		problems = append(problems, work.Problem{At: at.Key("reads"), What: "reads goes with label", Remedy: "list further spellings under values"})
	}
	return problems
}

func checkDomain(at work.Pointer, field work.Field, have, domain []string) []work.Problem {
	var problems []work.Problem
	if len(domain) == 0 {
		return nil
	}
	for _, v := range have {
		if !slices.Contains(domain, v) {
			problems = append(problems, work.Problem{
				At: at.Key(v), What: strconv.Quote(v) + " is no " + field.String() + " that the rules give", Remedy: work.Suggest(v, domain),
			})
		}
	}
	return problems
}

func (t *target) compileLabel(at work.Pointer, spec TargetSpec, values []string, schema work.Schema) []work.Problem {
	if !schema.Labels {
		return []work.Problem{{At: at.Key("label"), What: schema.Kind + " cannot write labels", Remedy: "map the field to one of: " + strconv.Quote(firstOf(schema.FieldNames()))}}
	}
	var problems []work.Problem
	if spec.Field.Set() || len(spec.ByProject) > 0 {
		problems = append(problems, work.Problem{At: at, What: "a target is either a label or a field", Remedy: "keep one of them"})
	}
	axis, found := compileAxis(at, spec, values, schema)
	t.base.Path, t.base.axis, t.base.Writable = work.NativeLabels, axis, true
	return append(problems, found...)
}

func firstOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return names[0]
}

func (p *Program) compileNative(at work.Pointer, t *target, spec TargetSpec, schema work.Schema, domain []string) []work.Problem {
	values, problems := compileValues(at.Key("values"), spec.Values)
	t.base.values = values
	if spec.Field.Set() {
		problems = append(problems, p.bind(at.Key("field"), &t.base, spec.Field, schema)...)
		problems = append(problems, t.base.listed(at.Key("values"), spec.Values, schema, domain)...)
	}
	for _, place := range slices.Sorted(maps.Keys(spec.ByProject)) {
		here := at.Key("by_project").Key(place)
		ps := spec.ByProject[place]
		slot := t.base
		if len(ps.Values) > 0 {
			m, found := compileValues(here, ps.Values)
			problems = append(problems, found...)
			problems = append(problems, checkDomain(here, slot.Field, slices.Sorted(maps.Keys(ps.Values)), domain)...)
			slot.values = m
		}
		if ps.Field.Set() {
			problems = append(problems, p.bind(here.Key("field"), &slot, ps.Field, schema)...)
		}
		if spellings := ps.Values; ps.Field.Set() || len(spellings) > 0 {
			if len(spellings) == 0 {
				spellings = spec.Values
			}
			problems = append(problems, slot.listed(here, spellings, schema, domain)...)
		}
		if slot.Path == "" {
			problems = append(problems, work.Problem{At: here, What: "nothing says which field this is", Remedy: "add field: …"})
		}
		t.byPlace[place] = &slot
	}
	if !spec.Field.Set() && len(spec.ByProject) == 0 {
		problems = append(problems, work.Problem{At: at, What: "nothing says where the value stands", Remedy: "add field: …, label: … or by_project: …"})
	}
	return problems
}

// bind ties a slot to a declared native field.
func (p *Program) bind(at work.Pointer, slot *Slot, ref FieldRef, schema work.Schema) []work.Problem {
	name := ref.Native()
	if ref.ID == "" && ref.Name != "" && slices.ContainsFunc(schema.Fields, func(f work.NativeField) bool { return f.Name == "customfield_*" }) {
		p.needs[slot.Connector] = append(p.needs[slot.Connector], name)
		slot.Path, slot.Writable = name, true
		return nil
	}
	declared, ok := schema.Field(name)
	if !ok {
		return []work.Problem{{
			At: at, What: slot.Connector + " has no field " + strconv.Quote(name), Remedy: work.Suggest(name, schema.FieldNames()),
		}}
	}
	slot.Path, slot.Writable, slot.Required, slot.Blind = declared.Name, declared.Writable, declared.Required, declared.Blind
	if declared.OnDemand || !isDeclared(schema, name) {
		p.needs[slot.Connector] = append(p.needs[slot.Connector], name)
	}
	if name == work.NativeSprint && isDeclared(schema, work.NativeSprintState) {
		p.needs[slot.Connector] = append(p.needs[slot.Connector], work.NativeSprintState)
	}
	return nil
}

func isDeclared(schema work.Schema, name string) bool {
	return slices.ContainsFunc(schema.Fields, func(f work.NativeField) bool { return f.Name == name })
}

// Slot returns where the field stands at a place; nil where it does not.
func (r *FieldRule) Slot(connector, place string) *Slot {
	t := r.targets[connector]
	if t == nil {
		return nil
	}
	if s := t.byPlace[place]; s != nil {
		return s
	}
	if t.base.Path == "" {
		return nil
	}
	return &t.base
}

// Axes returns the label axes of a connector, for check and retire.
func (p *Program) Axes(connector string) []*LabelAxis {
	var axes []*LabelAxis
	for _, rule := range p.mapped {
		if t := rule.targets[connector]; t != nil && t.base.axis != nil {
			axes = append(axes, t.base.axis)
		}
	}
	return axes
}
