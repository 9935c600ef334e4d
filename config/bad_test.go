package config_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/config"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the .want files anew")

// TestEveryMistakeIsAnsweredWithPlaceAndRemedy reads one bad file per mistake:
// settings-*.yaml as tandem.yaml with connectors of the kind "service", all
// others as rules. The neighbour .want holds the whole answer.
func TestEveryMistakeIsAnsweredWithPlaceAndRemedy(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			found := readRules(file)
			if strings.HasPrefix(filepath.Base(file), "settings-") {
				found = readSettings(file)
			}
			for _, d := range found {
				if d.File != file || d.Line < 1 || d.Col < 1 {
					t.Errorf("no place: %+v", d)
				}
			}
			if strings.Contains(found.Error(), "the-literal") {
				t.Error("the answer repeats a secret")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".want", found.Error()+"\n")
		})
	}
}

func readRules(file string) config.Diagnostics {
	document, found := config.ReadDocument(file)
	if document == nil {
		return found
	}
	var into sample
	return append(found, document.Decode(&into)...)
}

func readSettings(file string) config.Diagnostics {
	settings, document, found := config.Load(file, nil)
	if document == nil {
		return found
	}
	found = append(found, settings.CheckKinds([]string{"service", "jira", "github"})...)
	for _, c := range settings.Connectors {
		var into service
		found = append(found, c.Diagnose(c.Decode(&into))...)
	}
	return found
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run with -update and review what it writes", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}
