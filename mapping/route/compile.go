package route

import (
	"fmt"
	"slices"
	"strings"

	"tandem/internal/work"
	"tandem/mapping/expression"
)

// Known names what routes may refer to. The roles pm and po are always known.
type Known struct{ Roles, Teams []string }

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
	t := &Tree{
		fallback: c.fallback(at.Key("default"), spec.Default),
		routes:   c.routes(at.Key("routes"), spec.Routes, given{}),
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

// fallback compiles what no route decides.
func (c *compiler) fallback(at work.Pointer, d Target) Rule {
	spec := RuleSpec{
		Accountable: d.Accountable, Informed: d.Informed, Label: d.Label, Because: d.Because, Team: d.Team, Waiting: d.Waiting,
	}
	if spec.Accountable == "" {
		spec.Accountable = pm
	}
	if spec.Because == "" {
		spec.Because = "no route holds: triage"
	}
	c.names(at, spec)
	return c.rule(at, given{}.with(spec))
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
	routes, ok := Preset(name)
	if !ok {
		c.mistake(at, "known are: "+strings.Join(Presets(), ", "), "there is no preset %q", name)
		return nil
	}
	return c.routes(at, c.present(routes), parent)
}

// present leaves out roles that the organisation does not have: a preset tells
// leadership where there is one.
func (c *compiler) present(routes []RuleSpec) []RuleSpec {
	for i := range routes {
		absent := func(role string) bool { return !slices.Contains(c.known.Roles, role) }
		routes[i].Informed = slices.DeleteFunc(slices.Clone(routes[i].Informed), absent)
		routes[i].Routes = c.present(routes[i].Routes)
	}
	return routes
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
		c.mistake(at, work.Suggest(role, c.known.Roles), "no team has the role %s", role)
	}
}

// given is what a route has, of its own or from its parent.
type given struct {
	RuleSpec
	waiting bool
}

// with lays a route over what its parent has. A label belongs to an accountable
// role: a route that names another one does not take its parent's label.
func (g given) with(own RuleSpec) given {
	result := given{RuleSpec: own, waiting: g.waiting || own.Label != ""}
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
	if r.Accountable == "" {
		return r
	}
	if r.ownable = g.Label; r.ownable == "" {
		r.ownable = "role/" + r.Accountable
	}
	if c.policy == Always || c.policy == OnlyWaiting && r.Waiting {
		r.Label = r.ownable
	}
	return r
}
