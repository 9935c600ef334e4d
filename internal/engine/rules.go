package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
	"tandem/mapping/evidence"
	"tandem/mapping/expression"
	"tandem/mapping/org"
	"tandem/mapping/rank"
	"tandem/mapping/roadmap"
	"tandem/mapping/route"
)

// Env is what a rule set is compiled against.
type Env struct {
	// Schemas of the connectors by the admin's names.
	Schemas map[string]work.Schema
	// Places of each connector: project keys, repositories.
	Places map[string][]string
	// Pages is the address under which people find the pages of this Tandem; empty
	// where there are none. Comments lead there.
	Pages string
}

// Rules is a compiled rule set. It does not change.
type Rules struct {
	spec     Spec
	hash     string
	linkHash string
	text     string
	pages    string

	program   *mapping.Program
	org       *org.Org
	evidence  *evidence.Program
	ranker    *rank.Ranker
	tree      *route.Tree
	roadmap   *roadmap.Plan
	adopt     plan.Adopt
	goals     map[string]expression.Goal
	themes    map[string]string // theme → goal
	readiness []readiness
	reads     reads
	// connectors are the names that it was compiled against.
	connectors []string
}

type readiness struct {
	when    *expression.Program
	because string
}

// Compile checks a rule set and reports all mistakes at once.
func Compile(spec Spec, env Env) (*Rules, []work.Problem) {
	names := slices.Sorted(maps.Keys(env.Schemas))
	r := &Rules{spec: spec, connectors: names, pages: strings.TrimRight(env.Pages, "/")}
	var problems []work.Problem
	add := func(found []work.Problem) { problems = append(problems, found...) }

	var found []work.Problem
	r.org, found = org.Compile("", spec.Spec, names)
	add(found)
	r.adopt, found = plan.CompileAdopt("/adopt", spec.Adopt)
	add(found)
	r.evidence, found = evidence.Compile("/evidence", spec.Evidence, names)
	add(found)
	r.ranker, found = rank.Compile("/rank", spec.Rank)
	add(found)
	r.roadmap, found = roadmap.Compile("/roadmap", spec.Roadmap)
	add(found)
	r.tree, found = route.Compile("/route", spec.Route, knownOf(r.org))
	add(found)
	add(r.compileGoals())
	add(r.compileReadiness())
	r.program, found = mapping.Compile("", r.mappingSpec(env), mapping.Env{Schemas: env.Schemas, Domains: r.domains()})
	add(r.placeLabels(found))
	if len(problems) > 0 {
		return nil, problems
	}
	if err := r.sum(env); err != nil {
		return nil, []work.Problem{{What: err.Error(), Remedy: "report this: rules could not be encoded"}}
	}
	r.evidence = r.evidence.WithPlaces(env.Places)
	r.reads = r.readsOf()
	return r, nil
}

// knownOf is what routes may refer to.
func knownOf(o *org.Org) route.Known {
	held := map[string][]string{}
	for _, t := range o.Teams() {
		for _, h := range t.Roles {
			held[t.Name] = append(held[t.Name], h.Role)
		}
	}
	return route.Known{Roles: rolesOf(o), Teams: teamsOf(o), Held: held}
}

func rolesOf(o *org.Org) []string {
	if o == nil {
		return nil
	}
	return o.Roles()
}

func teamsOf(o *org.Org) []string {
	if o == nil {
		return nil
	}
	return o.TeamNames()
}

func (r *Rules) compileGoals() []work.Problem {
	var problems []work.Problem
	r.goals, r.themes = map[string]expression.Goal{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(r.spec.Goals)) {
		g := r.spec.Goals[name]
		at := work.Pointer("/goals").Key(name)
		weight := 1.0
		if g.Weight != nil {
			weight = *g.Weight
		}
		if !(weight > 0 && weight <= 10) {
			problems = append(problems, work.Problem{At: at.Key("weight"), What: "a goal's weight is a number above 0 and at most 10", Remedy: "1 changes nothing, 2 doubles the pull"})
		}
		goal := expression.Goal{Name: name, Weight: weight, Measure: g.Measure, Target: g.Target, Period: g.Period}
		if r.roadmap != nil { // else it has mistakes of its own
			goal.Ends, _ = r.roadmap.End(g.Period)
		}
		r.goals[name] = goal
		for i, theme := range g.Themes {
			if other, taken := r.themes[theme]; taken {
				problems = append(problems, work.Problem{At: at.Key("themes").Index(i), What: "theme " + theme + " serves both " + other + " and " + name, Remedy: "keep it under one goal"})
			}
			r.themes[theme] = name
		}
	}
	return problems
}

func (r *Rules) compileReadiness() []work.Problem {
	var problems []work.Problem
	for i, spec := range r.spec.Readiness {
		at := work.Pointer("/readiness").Index(i)
		if spec.Because == "" {
			problems = append(problems, work.Problem{At: at, What: "nobody would know why", Remedy: "add because: 'no acceptance criteria'"})
		}
		when, found := expression.Compile(at.Key("if"), spec.If, expression.Condition)
		problems = append(problems, found...)
		r.readiness = append(r.readiness, readiness{when, spec.Because})
	}
	return problems
}

// domains are the finite value sets of what Tandem derives.
func (r *Rules) domains() map[work.Field][]string {
	d := map[work.Field][]string{}
	if r.ranker != nil {
		d[work.Priority] = r.ranker.Tiers()
	}
	if r.roadmap != nil {
		d[work.Horizon] = r.roadmap.Values()
	}
	if r.tree != nil {
		d[work.Accountable] = slices.Compact(slices.Sorted(slices.Values(append(rolesOf(r.org), "pm", "po"))))
		d[work.RouteLabel] = r.tree.OwnedLabels()
	}
	return d
}

// mappingSpec adds the labels of routes: they stand on every connector that
// has labels, without a word in fields.
func (r *Rules) mappingSpec(env Env) mapping.Spec {
	spec := mapping.Spec{Fields: maps.Clone(r.spec.Fields), Twins: r.spec.Twins}
	if r.tree == nil || len(r.tree.OwnedLabels()) == 0 {
		return spec
	}
	name := work.RouteLabel.String()
	if _, written := spec.Fields[name]; written {
		return spec
	}
	targets := map[string]mapping.TargetSpec{}
	for connector, schema := range env.Schemas {
		if schema.Labels {
			targets[connector] = mapping.TargetSpec{Label: "{value}"}
		}
	}
	if spec.Fields == nil {
		spec.Fields = map[string]mapping.FieldSpec{}
	}
	spec.Fields[name] = mapping.FieldSpec{Owner: mapping.Tandem, Targets: targets}
	return spec
}

// sum hashes what decisions depend on. Tests and texts of comments do not
// count.
func (r *Rules) sum(env Env) error {
	spec := r.spec
	spec.Tests = nil
	all, err := json.Marshal(struct {
		Spec   Spec
		Places map[string][]string
		Pages  string `json:",omitempty"`
	}{spec, env.Places, r.pages})
	if err != nil {
		return err
	}
	link, err := json.Marshal(struct {
		Link   []evidence.Rule
		Places map[string][]string
	}{spec.Evidence.Link, env.Places})
	if err != nil {
		return err
	}
	r.hash, r.linkHash, r.text = shortHash(all), shortHash(link), string(all)
	return nil
}

func shortHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// Hash names the rule set.
func (r *Rules) Hash() string { return r.hash }

// LinkHash names the part of the rules that ties feedback to items.
func (r *Rules) LinkHash() string { return r.linkHash }

// Evidence ties feedback to items.
func (r *Rules) Evidence() *evidence.Program { return r.evidence }

// Notes are findings that are no mistakes: rules that wait for a feature,
// teams without capacity.
func (r *Rules) Notes() []work.Finding {
	notes := slices.Clone(r.program.Notes())
	for _, t := range r.org.Teams() {
		if !t.Capacity.Known() {
			notes = append(notes, roadmap.WithoutCapacity(t.Name))
		}
		notes = append(notes, r.unheld(t)...)
	}
	return notes
}

// Program maps fields.
func (r *Rules) Program() *mapping.Program { return r.program }

// Org knows people, teams and places.
func (r *Rules) Org() *org.Org { return r.org }

// Tree routes items.
func (r *Rules) Tree() *route.Tree { return r.tree }

// Adopt is what happens to values that predate Tandem.
func (r *Rules) Adopt() plan.Adopt { return r.adopt }
