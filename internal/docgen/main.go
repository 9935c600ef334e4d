package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"tandem/mapping/route"
)

// root is the top of the repository as seen from this folder, where go
// generate and the tests run.
const root = "../.."

func main() {
	if err := generate(root); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// generate writes every page that differs from what it should be. The presets
// come first: the tables tell of those that this program was built with, so
// that a second run follows.
func generate(root string) error {
	presets, err := readPresets(root)
	if err != nil {
		return err
	}
	if err := writeFiles(root, map[string][]byte{presetFolder + "/" + route.PresetFile: presets}); err != nil {
		return err
	}
	all, err := pages(root)
	if err != nil {
		return err
	}
	return writeFiles(root, all)
}

// writeFiles writes what differs.
func writeFiles(root string, all map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		path := filepath.Join(root, name)
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, all[name]) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(path, all[name], 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
