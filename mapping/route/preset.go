package route

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
)

// The presets are YAML files that people read and copy. shipped.json is what
// the strict reader makes of them: make generate writes it, and a test compares.
//
//go:embed presets/*.yaml presets/shipped.json
var presets embed.FS

// PresetFile is where make generate writes what it read of the YAML files, seen
// from this folder.
const PresetFile = "presets/shipped.json"

// Preset is a shipped set of routes.
type Preset struct {
	Name string
	// Spec is what it says of routing. The caller may change it.
	Spec Spec
}

// Presets returns the names of the shipped sets of routes, the fullest first.
func Presets() []string { return []string{"pm-po", "po-only", "pm-only", "one-person", "safe"} }

// FindPreset returns a shipped set of routes.
func FindPreset(name string) (Preset, bool) {
	if !slices.Contains(Presets(), name) {
		return Preset{}, false
	}
	text, err := presets.ReadFile(PresetFile)
	if err != nil {
		panic(fmt.Sprintf("route: %v", err))
	}
	var all map[string]Spec
	if err := json.Unmarshal(text, &all); err != nil {
		panic(fmt.Sprintf("route: read %s: %v", PresetFile, err))
	}
	spec, ok := all[name]
	return Preset{Name: name, Spec: spec}, ok
}

// PresetText returns the file of a preset as it was written: rules with their
// reasons and their tests, to be copied and changed.
func PresetText(name string) (string, bool) {
	text, err := presets.ReadFile("presets/" + name + ".yaml")
	return string(text), err == nil && slices.Contains(Presets(), name)
}
