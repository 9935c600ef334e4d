package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/config"

	"github.com/google/go-cmp/cmp"
)

func TestTheRulesOfTheDesignAreMerged(t *testing.T) {
	t.Parallel()
	settings, document, found := config.Load("testdata/good/tandem.yaml", nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	rules, found := config.ReadRules(settings, document)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"people", "adopt", "fields", "tests", "goals", "rank"}, rules.Keys("")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"priority", "effort", "rank"}, rules.Keys("/fields")); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, s := range rules.Sources() {
		names = append(names, s.Name)
	}
	// The columns of the import lie beside the rules and are none.
	if diff := cmp.Diff([]string{"testdata/good/rules/fields.yaml", "testdata/good/rules/goals.yaml"}, names); diff != "" {
		t.Error(diff)
	}
	var all map[string]any
	if err := rules.Decode(&all).Err(); err != nil {
		t.Error(err)
	}
	goal := all["goals"].(map[string]any)["keep_exporters"].(map[string]any)
	if goal["period"] != "2026-Q4" || goal["target"] != "< 10" || goal["weight"] != 2 {
		t.Errorf("got %v", goal)
	}
}

func TestPatternsAreReadInOrderAndEachFileOnce(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "with [odd] name")
	for name, text := range map[string]string{
		"tandem.yaml":      "instance: acme\nrules: [b*.yaml, '*.yaml', more/x.yaml, none/*.yaml, 'a[.yaml']\n",
		"a.yaml":           "places: [a]\n",
		"b.yaml":           "places: [b]\n",
		"more/x.yaml":      "places: [x]\nname: [broken\n",
		".#a.yaml":         "places: [lock]\n",
		"more/ignored.yml": "places: [i]\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	settings, document, found := config.Load(filepath.Join(folder, "tandem.yaml"), nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	rules, found := config.ReadRules(settings, document)
	var got sample
	if err := rules.Decode(&got).Err(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"b", "a"}, got.Places); diff != "" {
		t.Error(diff)
	}
	want := strings.Join([]string{
		"more/x.yaml:2:1: this is no YAML: a list in brackets is not closed, or goes wrong here; close it with ], separate entries by commas, and put entries with signs in single quotes",
		`tandem.yaml:2:41: no file matches "none/*.yaml"; write a rule file there, or change the pattern; it starts at the folder of the settings file`,
		`tandem.yaml:2:54: "a[.yaml" is no pattern; write one such as rules/*.yaml`,
	}, "\n")
	if diff := cmp.Diff(want, strings.ReplaceAll(found.Error(), folder+"/", "")); diff != "" {
		t.Error(diff)
	}
}

func TestAnInstanceWithoutRulesIsTold(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", "instance: acme\n")
	settings, document, _ := config.Load(path, nil)
	_, found := config.ReadRules(settings, document)
	if want := path + `:1:1: no file matches "rules/*.yaml"`; !strings.HasPrefix(found.Error(), want) {
		t.Errorf("got %v, want %s", found, want)
	}
}

func TestAFolderOfRulesThatCannotBeReadIsNotTakenForAnEmptyOne(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", "instance: acme\nrules: [tandem.yaml/*.yaml]\n")
	settings, document, _ := config.Load(path, nil)
	_, found := config.ReadRules(settings, document)
	want := path + `:2:9: the folder of "tandem.yaml/*.yaml" cannot be read: not a directory; let the account that Tandem runs as read the folder and its files, or change the pattern`
	if found.Error() != want {
		t.Errorf("got %v, want %s", found, want)
	}
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	path := write(t, "big.yaml", "name: x #"+strings.Repeat("-", 1<<20))
	document, found := config.ReadDocument(path)
	if document != nil || !strings.Contains(found.Error(), "larger than 1 MB") {
		t.Errorf("got %v", found)
	}
}
