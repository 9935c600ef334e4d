package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/mapping/route"
)

// presetTables shows every shipped list of routes as it decides: with what
// nested routes take from the one above.
func presetTables() (string, error) {
	var parts []string
	for _, name := range route.Presets() {
		text, err := presetTable(name)
		if err != nil {
			return "", fmt.Errorf("preset %s: %w", name, err)
		}
		parts = append(parts, "Preset `"+name+"`:\n\n"+text)
	}
	return strings.Join(parts, "\n"), nil
}

func presetTable(name string) (string, error) {
	specs, _ := route.Preset(name)
	tree, problems := route.Compile("", route.Spec{Routes: []route.RuleSpec{{Preset: name}}}, route.Known{Roles: rolesOf(specs)})
	if len(problems) > 0 {
		return "", problems[0]
	}
	t := newTable("", "if", "accountable", "informed", "waits", "because")
	var number []int // of the route and those above it
	for depth, rule := range tree.All() {
		if depth == 0 {
			continue // the route that names the preset, and the default
		}
		if depth > len(number) {
			number = append(number, 0)
		}
		number = number[:depth]
		number[depth-1]++
		because := rule.Because
		if because == rule.If {
			because = ""
		}
		t.row(dotted(number), code(condition(rule.If)), rule.Accountable, strings.Join(rule.Informed, ", "), tick(rule.Waiting), because)
	}
	return t.String(), nil
}

// condition names what a route without one does.
func condition(text string) string {
	if text == "" {
		return "true"
	}
	return text
}

func dotted(number []int) string {
	parts := make([]string, len(number))
	for i, n := range number {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, ".")
}

// rolesOf returns every role that the routes name: a preset leaves out those
// that an organisation does not have.
func rolesOf(specs []route.RuleSpec) []string {
	var roles []string
	for _, s := range specs {
		roles = append(roles, s.Informed...)
		if s.Accountable != "" {
			roles = append(roles, s.Accountable)
		}
		roles = append(roles, rolesOf(s.Routes)...)
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}
