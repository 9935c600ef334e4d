package httpjson

import (
	"bytes"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed hooks/*.yaml
var hookFiles embed.FS

// hookPreset is what is known of the deliveries of one tool.
type hookPreset struct {
	// Doc says in one line what is read, and where it is set up.
	Doc string `yaml:"doc"`
	// Tested says against what.
	Tested string `yaml:"tested"`
	Entry  Hook   `yaml:"entry"`
}

// hookPresets reads the presets once: they are part of the program.
var hookPresets = sync.OnceValue(readHookPresets) //nolint:gochecknoglobals // read-only, and parsing costs milliseconds

func readHookPresets() map[string]*hookPreset {
	entries, err := hookFiles.ReadDir("hooks")
	if err != nil {
		panic(fmt.Sprintf("httpjson: read hooks: %v", err))
	}
	all := map[string]*hookPreset{}
	for _, e := range entries {
		text, err := hookFiles.ReadFile("hooks/" + e.Name())
		if err != nil {
			panic(fmt.Sprintf("httpjson: read hooks: %v", err))
		}
		p := &hookPreset{}
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(p); err != nil {
			panic(fmt.Sprintf("httpjson: hook %s: %v", e.Name(), err))
		}
		all[strings.TrimSuffix(e.Name(), ".yaml")] = p
	}
	return all
}

// HookPresets returns the names of the tools whose deliveries are known, sorted.
func HookPresets() []string { return slices.Sorted(maps.Keys(hookPresets())) }
