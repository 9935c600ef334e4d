package route

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Known names what routes may refer to. The roles pm and po are always known.
type Known struct {
	Roles, Teams []string
	// Held are the roles that somebody has in each team.
	Held map[string][]string
}

// compiler gathers mistakes.
type compiler struct {
	policy   LabelPolicy
	known    Known
	problems []work.Problem
}

// Compile checks and compiles the route tree; at points to the mapping that
// holds labels, default and routes. It reports all mistakes at once; the Tree
// is nil if there are any.
func Compile(at work.Pointer, spec Spec, known Known) (*Tree, []work.Problem) {
	known.Roles = slices.Concat(known.Roles, []string{pm, po})
	slices.Sort(known.Roles)
	known.Roles = slices.Compact(known.Roles)
	c := &compiler{policy: spec.Labels, known: known}
	spec = c.present(spec)
	shipped, preset := c.shipped(at.Key("preset"), spec.Preset)
	if c.policy == UnsaidLabels {
		c.policy = shipped.Labels
	}
	c.load(at.Key("load"), spec.Load)
	t := &Tree{}
	switch {
	case preset && spec.Default.isZero():
		t.fallback = c.fallback(at.Key("preset").Key("default"), shipped.Default)
	default:
		t.fallback = c.fallback(at.Key("default"), spec.Default)
	}
	t.routes = c.routes(at.Key("routes"), spec.Routes, given{})
	if preset {
		if i := slices.IndexFunc(t.routes, node.final); i >= 0 {
			c.mistake(at.Key("preset"), "remove one of them", "the preset is never reached: route %d holds always", i+1)
		}
		t.routes = append(t.routes, c.routes(at.Key("preset"), shipped.Routes, given{})...)
	}
	if len(c.problems) > 0 {
		return nil, c.problems
	}
	return t, nil
}

// mistake reports a mistake.
func (c *compiler) mistake(at work.Pointer, remedy, format string, args ...any) {
	c.problems = append(c.problems, work.Problem{At: at, What: fmt.Sprintf(format, args...), Remedy: remedy})
}

// load checks what is taken for one person.
func (c *compiler) load(at work.Pointer, load LoadSpec) {
	if load.Waiting != nil && *load.Waiting < 1 {
		c.mistake(at.Key("waiting"), "write at least 1; the shipped number is 20", "%d items waiting are no load for one person", *load.Waiting)
	}
	if load.Late != nil && *load.Late < 0 {
		c.mistake(at.Key("late"), "write 0 or more; the shipped number is 5", "%d items cannot be late", *load.Late)
	}
}

// fallback compiles what no route decides.
func (c *compiler) fallback(at work.Pointer, d Target) Rule {
	spec := d.route()
	if spec.Accountable == "" {
		spec.Accountable = pm
	}
	if spec.Because == "" {
		spec.Because = "no route holds: triage"
	}
	c.names(at, spec)
	own := given{}.with(spec)
	c.duty(at, spec, own)
	return c.rule(at, own)
}

// routes compiles routes that stand side by side.
func (c *compiler) routes(at work.Pointer, specs []RuleSpec, parent given) []node {
	nodes := make([]node, 0, len(specs))
	end := -1
	for i, spec := range specs {
		if end >= 0 {
			c.mistake(at.Index(i), "move it up, or remove it", "the route is never reached: route %d holds always", end+1)
		}
		n := c.route(at.Index(i), spec, parent)
		if end < 0 && n.final() {
			end = i
		}
		nodes = append(nodes, n)
	}
	return nodes
}

// final reports whether the route, or one below it, decides whatever the item.
func (n node) final() bool {
	return n.always && (n.rule.Accountable != "" || slices.ContainsFunc(n.children, node.final))
}

// route compiles one route and what is nested in it.
func (c *compiler) route(at work.Pointer, spec RuleSpec, parent given) node {
	c.names(at, spec)
	own := parent.with(spec)
	c.duty(at, spec, own)
	n := node{rule: c.rule(at, own)}
	n.test, n.always = c.condition(at.Key("if"), spec.If)
	switch {
	case spec.Preset != "" && len(spec.Routes) > 0:
		c.mistake(at.Key("preset"), "nest one in a route of its own", "a route has either a preset or routes of its own")
	case spec.Preset != "":
		n.children = c.preset(at.Key("preset"), spec.Preset, own)
	case len(spec.Routes) > 0:
		n.children = c.routes(at.Key("routes"), spec.Routes, own)
	case own.Accountable == "":
		c.mistake(at, "add accountable:, such as pm or po", "the route names nobody accountable")
	}
	return n
}

// preset compiles a shipped list of routes in place of its name.
func (c *compiler) preset(at work.Pointer, name string, parent given) []node {
	shipped, _ := c.shipped(at, name)
	return c.routes(at, shipped.Routes, parent)
}

// shipped returns a preset, without optional roles that the organisation does
// not have: a preset tells leadership where there is one.
func (c *compiler) shipped(at work.Pointer, name string) (Spec, bool) {
	if name == "" {
		return Spec{}, false
	}
	preset, ok := FindPreset(name)
	if !ok {
		c.mistake(at, or(work.Suggest(name, Presets()), "known are: "+strings.Join(Presets(), ", ")), "there is no preset %q", name)
		return Spec{}, false
	}
	return c.present(preset.Spec), true
}

// present leaves out optional roles that the organisation does not have. What
// it is given stays as it is.
func (c *compiler) present(spec Spec) Spec {
	absent := func(role string) bool {
		return slices.Contains(spec.Optional, role) && !slices.Contains(c.known.Roles, role)
	}
	d := without(spec.Default.route(), absent)
	spec.Default.Informed, spec.Default.Escalate = d.Informed, d.Escalate
	spec.Routes = eachWithout(spec.Routes, absent)
	return spec
}

// without leaves roles out of what is told.
func without(r RuleSpec, absent func(string) bool) RuleSpec {
	if r.Informed != nil {
		r.Informed = slices.DeleteFunc(slices.Clone(r.Informed), absent)
	}
	if absent(r.Escalate.role()) {
		r.Escalate = nil
	}
	r.Routes = eachWithout(r.Routes, absent)
	return r
}

func eachWithout(specs []RuleSpec, absent func(string) bool) []RuleSpec {
	kept := make([]RuleSpec, 0, len(specs))
	for i := range specs {
		kept = append(kept, without(specs[i], absent))
	}
	return kept
}

// or returns the first of both that says something.
func or(remedy, otherwise string) string {
	if remedy == "" {
		return otherwise
	}
	return remedy
}

// condition compiles the condition, and reports whether it holds always, as
// none does.
func (c *compiler) condition(at work.Pointer, text work.Expression) (program *expression.Program, always bool) {
	if text == "" {
		return nil, true
	}
	program, problems := expression.Compile(at, text, expression.Condition)
	if len(problems) > 0 {
		c.problems = append(c.problems, problems...)
		return nil, false
	}
	for _, f := range program.Reads().Fields {
		if f == work.Accountable || f == work.Informed || f == work.RouteLabel {
			c.mistake(at, "ask for what it depends on instead", "item.%s is what routes decide", f)
		}
	}
	answer, constant := program.Constant()
	if constant && answer != expression.True {
		c.mistake(at, "remove the route", "the condition never holds")
	}
	return program, constant && answer == expression.True
}

// names checks roles, team and label.
func (c *compiler) names(at work.Pointer, spec RuleSpec) {
	if spec.Accountable != "" {
		c.role(at.Key("accountable"), spec.Accountable)
	}
	for i, role := range spec.Informed {
		c.role(at.Key("informed").Index(i), role)
	}
	if spec.Team != "" && !slices.Contains(c.known.Teams, spec.Team) {
		c.mistake(at.Key("team"), work.Suggest(spec.Team, c.known.Teams), "there is no team %s", spec.Team)
	}
	switch {
	case spec.Label == handsOff:
		c.mistake(at.Key("label"), "choose another label", "%s is set by people to stop Tandem, and never by a rule", handsOff)
	case strings.TrimSpace(spec.Label) != spec.Label:
		c.mistake(at.Key("label"), "remove the spaces", "the label %q begins or ends with a space", spec.Label)
	}
}

func (c *compiler) role(at work.Pointer, role string) {
	if !slices.Contains(c.known.Roles, role) {
		c.mistake(at, or(work.Suggest(role, c.known.Roles), "give it to somebody under teams:"), "no team has the role %s", role)
	}
}

// duty checks what a route has, of its own or from its parent, against itself.
func (c *compiler) duty(at work.Pointer, own RuleSpec, has given) {
	if own.Accountable != "" && slices.Contains(own.Informed, own.Accountable) {
		c.mistake(at.Key("informed"), "remove it there: who must act knows", "%s is both accountable and informed", own.Accountable)
	}
	const day = work.Span(24 * time.Hour)
	if within := own.Within; within != nil {
		switch {
		case *within < day || *within%day != 0:
			c.mistake(at.Key("within"), "write at least one day, such as 1d, 3d or 2w", "%s is no number of whole days, in which items are decided", within)
		case own.Waiting != nil && !*own.Waiting:
			c.mistake(at.Key("within"), "remove within: or waiting: false", "a time to act is given, and nobody must act")
		}
	}
	if own.Escalate != nil {
		c.escalation(at.Key("escalate"), own, has)
	}
	if team := has.Team; team != "" && slices.Contains(c.known.Teams, team) && c.known.Held != nil && has.Accountable != "" {
		if held := c.known.Held[team]; !slices.Contains(held, has.Accountable) && (own.Team != "" || own.Accountable != "") {
			c.mistake(at.Key("team"), "give it to somebody there, as in roles: {"+has.Accountable+": ana}", "team %s has nobody as %s, who must act", team, has.Accountable)
		}
	}
}

func (c *compiler) escalation(at work.Pointer, own RuleSpec, has given) {
	role := own.Escalate.role()
	switch {
	case role == "":
		c.mistake(at, "name the role that is told, as in escalate: leadership", "late items go to nobody")
		return
	case own.Escalate.To != "" && own.Escalate.Role != "" && own.Escalate.To != own.Escalate.Role:
		c.mistake(at, "keep one", "late items go to two roles")
	case role == has.Accountable:
		c.mistake(at, "name another role", "late items of %s would go to %s", role, role)
	case has.Within == nil:
		c.mistake(at, "add after how long, as in within: 3d", "nothing is ever late here")
	}
	c.role(at, role)
}

// given is what a route has, of its own or from its parent.
type given struct {
	RuleSpec
	waiting bool
}

// with lays a route over what its parent has. A label belongs to an accountable
// role: a route that names another one does not take its parent's label.
func (g given) with(own RuleSpec) given {
	result := given{RuleSpec: own, waiting: g.waiting || own.Label != "" || own.Within != nil}
	if own.Waiting != nil {
		result.waiting = *own.Waiting
	}
	if own.Accountable == "" {
		result.Accountable = g.Accountable
	}
	if own.Label == "" && result.Accountable == g.Accountable {
		result.Label = g.Label
	}
	if own.Informed == nil {
		result.Informed = g.Informed
	}
	if own.Because == "" {
		result.Because = g.Because
	}
	if own.Team == "" {
		result.Team = g.Team
	}
	if own.Within == nil {
		result.Within = g.Within
	}
	if own.Escalate == nil {
		result.Escalate = g.Escalate
	}
	if !result.waiting { // nobody must act, and so nobody is late
		result.Within, result.Escalate = nil, nil
	}
	return result
}

// rule resolves a route.
func (c *compiler) rule(at work.Pointer, g given) Rule {
	r := Rule{
		At: at, If: strings.TrimSpace(string(g.If)), Accountable: g.Accountable, Because: g.Because, Team: g.Team, Waiting: g.waiting,
	}
	if r.Because == "" {
		r.Because = r.If
	}
	for _, role := range g.Informed {
		if role != r.Accountable && !slices.Contains(r.Informed, role) {
			r.Informed = append(r.Informed, role)
		}
	}
	r.Informed = slices.Clip(r.Informed)
	if g.Within != nil {
		r.Within = *g.Within
	}
	if to := g.Escalate.role(); to != r.Accountable {
		r.EscalatesTo, r.TakesOver = to, to != "" && g.Escalate.TakesOver
	}
	if r.Accountable == "" {
		return r
	}
	r.key = work.Pointer("").Key(r.Accountable).Key(r.Because)
	if r.ownable = g.Label; r.ownable == "" {
		r.ownable = roleLabel(r.Accountable)
	}
	if c.policy == Always || c.policy != Never && r.Waiting {
		r.Label = r.ownable
	}
	return r
}
