package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/mapping/route"
)

// readPresets reads the YAML files of the presets as the strict reader reads
// rules, and returns them as the program takes them.
func readPresets(root string) ([]byte, error) {
	all := map[string]route.Spec{}
	for _, name := range route.Presets() {
		path := filepath.Join(presetFolder, "presets", name+".yaml")
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return nil, fmt.Errorf("read the preset: %w", err)
		}
		doc, found := config.ParseDocument(path, text)
		if len(found) > 0 {
			return nil, found
		}
		var rules engine.Spec
		if found := doc.Decode(&rules); len(found) > 0 {
			return nil, found
		}
		all[name] = rules.Route
	}
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return nil, fmt.Errorf("write the presets: %w", err)
	}
	return append(text, '\n'), nil
}

// presetFolder holds the presets.
const presetFolder = "mapping/route"

// presetTables shows every shipped set of routes as it decides: with what
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

// presetList says what each preset is for: the first line of its file.
func presetList() (string, error) {
	t := newTable("preset", "for", "routes", "cases")
	for _, name := range route.Presets() {
		text, _ := route.PresetText(name)
		first, _, _ := strings.Cut(text, "\n")
		about, ok := strings.CutPrefix(first, "# "+name+": ")
		if !ok {
			return "", fmt.Errorf("the file of preset %s does not begin with # %s: and what it is for", name, name)
		}
		preset, _ := route.FindPreset(name)
		t.row(code(name), strings.TrimSuffix(about, "."), strconv.Itoa(countRoutes(preset.Spec.Routes)), strconv.Itoa(strings.Count(text, "\n  - {name: ")))
	}
	return t.String(), nil
}

func countRoutes(specs []route.RuleSpec) int {
	n := len(specs)
	for i := range specs {
		n += countRoutes(specs[i].Routes)
	}
	return n
}

func presetTable(name string) (string, error) {
	preset, _ := route.FindPreset(name)
	roles := append(rolesOf(preset.Spec.Routes), targetRoles(preset.Spec.Default)...)
	tree, problems := route.Compile("", route.Spec{Preset: name}, route.Known{Roles: roles})
	if len(problems) > 0 {
		return "", problems[0]
	}
	t := newTable("", "if", "accountable", "informed", "waits", "within", "late items go to", "because")
	var number []int // of the route and those above it
	for depth, rule := range tree.All() {
		if depth+1 > len(number) {
			number = append(number, 0)
		}
		number = number[:depth+1]
		number[depth]++
		because, within := rule.Because, ""
		if because == rule.If {
			because = ""
		}
		if rule.Within > 0 {
			within = rule.Within.String()
		}
		which, when := dotted(number), code(condition(rule.If))
		if strings.HasSuffix(string(rule.At), "/default") {
			which, when = "", "no route holds"
		}
		t.row(which, when, rule.Accountable, strings.Join(rule.Informed, ", "), tick(rule.Waiting), within, rule.EscalatesTo, because)
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
		roles = append(roles, escalation(s.Escalate)...)
		roles = append(roles, rolesOf(s.Routes)...)
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

func targetRoles(d route.Target) []string {
	return append(escalation(d.Escalate), append(d.Informed, d.Accountable)...)
}

func escalation(e *route.EscalationSpec) []string {
	if e == nil {
		return nil
	}
	return []string{e.To}
}
