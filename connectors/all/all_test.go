package all_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tandem/config"
	"tandem/connectors/all"
)

func TestKindsAreSortedAndFound(t *testing.T) {
	t.Parallel()
	kinds := all.Kinds()
	if !slices.IsSorted(kinds) || len(slices.Compact(slices.Clone(kinds))) != len(kinds) {
		t.Errorf("kinds %v are not sorted or not unique", kinds)
	}
	for _, kind := range kinds {
		if d, ok := all.Lookup(kind); !ok || d.Kind != kind {
			t.Errorf("%s is not found", kind)
		}
	}
	if _, ok := all.Lookup("no such kind"); ok {
		t.Error("a kind that is not there is found")
	}
}

func TestEveryExampleIsRightForTheStrictReader(t *testing.T) {
	t.Parallel()
	for _, d := range all.Definitions() {
		var file strings.Builder
		file.WriteString("instance: test\nconnectors:\n")
		for line := range strings.Lines(strings.TrimSpace(d.Example)) {
			file.WriteString("  " + line)
		}
		path := filepath.Join(t.TempDir(), "tandem.yaml")
		if err := os.WriteFile(path, []byte(file.String()+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		settings, _, found := config.Load(path, nil)
		if err := found.Err(); err != nil {
			t.Errorf("%s: %v\n%s", d.Kind, err, file.String())
		}
		for _, c := range settings.Connectors {
			_, problems := d.New(c.Name, c.Decode)
			if err := c.Diagnose(problems).Err(); err != nil || c.Kind != d.Kind {
				t.Errorf("%s: kind %q, %v", d.Kind, c.Kind, err)
			}
		}
		if len(settings.Connectors) != 1 {
			t.Errorf("%s: the example has %d entries", d.Kind, len(settings.Connectors))
		}
	}
}
