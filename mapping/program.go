package mapping

import (
	"maps"
	"slices"
	"strconv"

	"tandem/internal/work"
)

// DefaultRespect is how long a person's change of a value that Tandem derives
// is respected where the rules do not say; respect: respect is for good.
const DefaultRespect = work.Span(30 * 24 * 60 * 60 * 1e9)

// Tandem is the owner name of values that Tandem derives itself.
const Tandem = "tandem"

// Env is what the compiler knows of the rest of the configuration.
type Env struct {
	// Schemas are the declared fields of each connector, by the admin's name.
	Schemas map[string]work.Schema
	// Domains are the finite value sets of derived fields: tiers, horizons,
	// roles, route labels.
	Domains map[work.Field][]string
}

// Program is a compiled Spec.
type Program struct {
	rules   [64]*FieldRule // by work.Field; nil where no rule maps the field
	mapped  []*FieldRule   // in the order of the model
	schemas map[string]work.Schema
	// declared are the slots that need no rule, by connector in the order of
	// the model; plain are those of them whose field no rule maps.
	declared, plain map[string][]*Slot
	joins           []joinRule
	marks, links    map[string]bool     // connectors
	backlogs        map[string]*Backlog // by connector
	notes           []work.Finding
	domains         map[work.Field][]string
	needs, features map[string][]string
}

// FieldRule is one compiled entry of fields:.
type FieldRule struct {
	Field work.Field
	// Owner is Tandem, a connector name, or empty for the birth system.
	Owner      string
	Fill       bool
	Overrule   bool
	RespectFor work.Span
	Write      work.WriteMode
	targets    map[string]*target
	at         int // place in Program.Rules
}

// target is a field in one connector, before the place is known.
type target struct {
	base    Slot
	byPlace map[string]*Slot
}

// Compile checks a Spec against the connectors' schemas and reports all
// mistakes at once.
func Compile(at work.Pointer, spec Spec, env Env) (*Program, []work.Problem) {
	p := &Program{
		schemas: env.Schemas, needs: map[string][]string{}, features: map[string][]string{},
		backlogs: map[string]*Backlog{}, domains: env.Domains,
	}
	var problems []work.Problem
	fields := at.Key("fields")
	for _, name := range slices.Sorted(maps.Keys(spec.Fields)) {
		field, ok := work.ParseField(name)
		if !ok {
			problems = append(problems, work.Problem{
				At: fields.Key(name), What: strconv.Quote(name) + " is no field of the shared model",
				Remedy: work.Suggest(name, work.FieldNames()),
			})
			continue
		}
		rule, found := p.compileField(fields.Key(name), field, spec.Fields[name], env)
		problems = append(problems, found...)
		p.rules[field] = rule
	}
	for _, f := range work.AllFields() {
		if p.rules[f] != nil {
			p.rules[f].at = len(p.mapped)
			p.mapped = append(p.mapped, p.rules[f])
		}
	}
	p.declare()
	problems = append(append(problems, p.oneOwnerPerLabel(fields)...), p.oneWriterPerList(fields)...)
	joins, found := compileJoins(at.Key("twins"), spec.Twins, env.Schemas)
	p.joins = joins
	problems = append(problems, found...)
	p.useRemoteLinks(spec.Twins)
	return p, append(problems, p.compileMarks(at.Key("twins"), spec.Twins)...)
}

// useRemoteLinks asks the connectors for remote links where they join twins,
// and tells when nobody reads them.
func (p *Program) useRemoteLinks(spec TwinSpec) {
	asked := slices.ContainsFunc(spec.Join, func(j JoinSpec) bool { return j.Plain == "remote_link" })
	found := false
	for name, schema := range p.schemas {
		if asked && slices.Contains(schema.Features, "remote_link") {
			p.features[name] = append(p.features[name], "remote_link")
			found = true
		}
	}
	if asked && !found {
		p.notes = append(p.notes, work.Finding{
			Level: work.Warning, Subject: "twins",
			What:   "no connector of this version reads remote links",
			Remedy: "join by key_at_start_of, or by an explicit link, until it does",
		})
	}
}

func (p *Program) compileField(at work.Pointer, field work.Field, spec FieldSpec, env Env) (*FieldRule, []work.Problem) {
	rule := &FieldRule{
		Field: field, Owner: spec.Owner, RespectFor: spec.RespectFor, Write: spec.Write,
		targets: map[string]*target{},
	}
	problems := checkFieldWords(at, field, spec, env)
	if rule.Owner == "" && field.Info().Hat == work.Derived {
		rule.Owner = Tandem
	}
	rule.Fill, rule.Overrule = spec.Fill == Tandem, spec.Respect == "overrule"
	if rule.Owner == Tandem && spec.Respect == "" && spec.RespectFor == 0 {
		rule.RespectFor = DefaultRespect
	}
	for _, connector := range slices.Sorted(maps.Keys(spec.Targets)) {
		schema, ok := env.Schemas[connector]
		if !ok {
			problems = append(problems, work.Problem{
				At: at.Key(connector), What: "there is no connector " + strconv.Quote(connector),
				Remedy: work.Suggest(connector, append(slices.Sorted(maps.Keys(env.Schemas)), "owner", "from", "fill", "respect", "respect_for", "write")),
			})
			continue
		}
		t, found := p.compileTarget(at.Key(connector), rule, connector, spec.Targets[connector], schema, env.Domains[field])
		problems = append(problems, found...)
		if t != nil {
			rule.targets[connector] = t
			if len(found) == 0 {
				p.note(rule, connector, t, spec.Targets[connector], schema)
			}
		}
	}
	if owner := rule.Owner; owner != "" && owner != Tandem && rule.targets[owner] == nil {
		if schema, ok := env.Schemas[owner]; ok && !sharedBySchema(schema, field) && len(problems) == 0 && !p.postponed(owner, field) {
			problems = append(problems, work.Problem{
				At: at.Key("owner"), What: owner + " owns " + field.String() + " and nothing says where it stands there",
				Remedy: "add " + owner + ": {field: …} below",
			})
		}
	}
	return rule, problems
}

// postponed reports whether the field's place in the connector is a feature
// that it does not have yet, which is a note and no mistake.
func (p *Program) postponed(connector string, field work.Field) bool {
	return slices.ContainsFunc(p.notes, func(f work.Finding) bool { return f.Subject == connector+" "+field.String() })
}

func checkFieldWords(at work.Pointer, field work.Field, spec FieldSpec, env Env) []work.Problem {
	var problems []work.Problem
	word := func(key, have string, known ...string) {
		if have != "" && !slices.Contains(known, have) {
			problems = append(problems, work.Problem{
				At: at.Key(key), What: strconv.Quote(have) + " is no " + key, Remedy: work.Suggest(have, known),
			})
		}
	}
	word("owner", spec.Owner, append(slices.Sorted(maps.Keys(env.Schemas)), Tandem)...)
	word("fill", spec.Fill, Tandem)
	word("respect", spec.Respect, "respect", "overrule")
	if from := derivedFrom(field); from != "" {
		word("from", spec.From, from)
	} else if spec.From != "" {
		problems = append(problems, work.Problem{At: at.Key("from"), What: "Tandem derives no " + field.String(), Remedy: "remove from:"})
	}
	if (spec.Owner == Tandem || spec.Fill == Tandem) && !derivable(field) {
		problems = append(problems, work.Problem{
			At: at, What: "Tandem derives no " + field.String(), Remedy: "name the connector that owns it: owner: jira",
		})
	}
	if _, known := env.Schemas[spec.Owner]; known && field.Info().Hat == work.Derived {
		problems = append(problems, work.Problem{
			At: at.Key("owner"), What: "only Tandem derives " + field.String() + ", so " + spec.Owner + " cannot own it", Remedy: "leave owner out",
		})
	}
	return problems
}

// derivedFrom is what a field of Tandem's own comes from, as from: says; empty
// for others.
func derivedFrom(f work.Field) string {
	switch f {
	case work.Priority:
		return "tiers"
	case work.Horizon:
		return "roadmap"
	case work.Score, work.Place, work.Rank:
		return "rank"
	case work.Accountable, work.Informed, work.RouteLabel:
		return "route"
	default:
		return ""
	}
}

// derivable reports whether Tandem has an opinion on the field.
func derivable(f work.Field) bool {
	switch f {
	case work.Priority, work.Horizon, work.Rank:
		return true
	default:
		return f.Info().Hat == work.Derived
	}
}

func sharedBySchema(s work.Schema, field work.Field) bool {
	return slices.ContainsFunc(s.Fields, func(f work.NativeField) bool { return f.Shared == field })
}

// oneOwnerPerLabel refuses two axes of one connector that own the same label.
func (p *Program) oneOwnerPerLabel(at work.Pointer) []work.Problem {
	var problems []work.Problem
	owner := map[[3]string]work.Field{}
	for _, rule := range p.mapped {
		for _, connector := range slices.Sorted(maps.Keys(rule.targets)) {
			t := rule.targets[connector]
			if t.base.axis == nil {
				continue
			}
			for _, label := range t.base.axis.Owned() {
				key := [3]string{connector, t.base.Path, label}
				if other, taken := owner[key]; taken && other != rule.Field {
					problems = append(problems, work.Problem{
						At:     at.Key(rule.Field.String()).Key(connector).Key("label"),
						What:   strconv.Quote(label) + " is also a label of " + other.String(),
						Remedy: "give one of them another prefix: an axis has one writer",
					})
				}
				owner[key] = rule.Field
			}
		}
	}
	return problems
}

// Rules returns the mapped fields in the order of the model.
func (p *Program) Rules() []*FieldRule { return p.mapped }

// Rule returns the rule of a field; nil where no rule maps it.
func (p *Program) Rule(f work.Field) *FieldRule { return p.rules[f] }

// Needs returns the native fields of a connector that rules use beyond those
// that it reads anyway, sorted.
func (p *Program) Needs(connector string) []string {
	return slices.Compact(slices.Sorted(slices.Values(p.needs[connector])))
}

// Features returns the features of a connector that rules use, sorted.
func (p *Program) Features(connector string) []string {
	return slices.Compact(slices.Sorted(slices.Values(p.features[connector])))
}

// Watched returns the native fields of a connector that Tandem may write one
// value into, sorted: rules want to know who touched them.
func (p *Program) Watched(connector string) []string {
	if !slices.Contains(p.schemas[connector].Features, "touched") {
		return nil
	}
	var paths []string
	for _, rule := range p.mapped {
		t := rule.targets[connector]
		if t == nil || rule.Owner == connector && !rule.Fill {
			continue
		}
		for _, s := range append(slices.Collect(maps.Values(t.byPlace)), &t.base) {
			if s.axis == nil && s.Writable && !s.Blind {
				paths = append(paths, s.Path)
			}
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(paths)))
}

// Notes returns findings that are no mistakes, such as a target that a
// connector cannot write yet.
func (p *Program) Notes() []work.Finding { return p.notes }

// Schemas are the declared fields of each connector. The caller must not
// change them.
func (p *Program) Schemas() map[string]work.Schema { return p.schemas }
