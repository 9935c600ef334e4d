package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/connectors/drop"
	"tandem/connectors/file"
	"tandem/internal/engine"
	"tandem/internal/work"
)

func TestEveryBlockOfTheDocsCompiles(t *testing.T) {
	t.Parallel()
	for _, name := range pageNames(t) {
		for _, b := range pageBlocks(t, name) {
			t.Run(b.String(), func(t *testing.T) {
				t.Parallel()
				b.judge(t, b.check(t))
			})
		}
	}
}

// judge compares what was found wrong with what should be.
func (b block) judge(t *testing.T, found error) {
	t.Helper()
	switch {
	case b.mistake == "" && found != nil:
		t.Errorf("%s:\n%v", b, found)
	case b.mistake != "" && found == nil:
		t.Errorf("%s is right, and should fail with: %s", b, b.mistake)
	case b.mistake != "" && !strings.Contains(found.Error(), b.mistake):
		t.Errorf("%s fails with\n%v\nand should with: %s", b, found, b.mistake)
	}
	if page := readPage(t, b.page); b.mistake != "" && strings.Count(page, b.mistake) < 2 {
		t.Errorf("%s does not show its reader what is wrong: %s", b, b.mistake)
	}
}

// check compiles a block as what it is.
func (b block) check(t *testing.T) error {
	t.Helper()
	switch name := b.file(); {
	case name == "tandem.yaml":
		return settingsFault(t, b.text)
	case strings.HasSuffix(name, ".columns.yaml"):
		return columnsFault(t, b.text)
	case strings.HasPrefix(name, "rules/"):
		return rulesFault(t, map[string]string{name: b.text})
	case name != "":
		return fmt.Errorf("nobody knows how to check %s; see check in example_test.go", name)
	}
	document, found := config.ParseDocument("block", []byte(b.text))
	if document == nil {
		return found
	}
	var base strings.Builder
	for section, text := range baseRules() {
		if !slices.Contains(document.Keys(""), section) {
			base.WriteString(text)
		}
	}
	for _, key := range document.Keys("") {
		if !slices.Contains(ruleSections(), key) && b.mistake == "" {
			return fmt.Errorf("%q is no section of rules; begin other files with a comment that names them, such as # tandem.yaml", key)
		}
	}
	return rulesFault(t, map[string]string{"rules/base.yaml": base.String() + "# nothing more\n", "rules/fragment.yaml": b.text})
}

// baseRules is what stands around a single section of rules.
func baseRules() map[string]string {
	return map[string]string{
		"people": "people: {ana: {jira: '712020:aa', github: ana-acme}, cy: {jira: '712020:cc', github: cy}}\n",
		"teams":  "teams: {pay: {roles: {pm: ana, po: cy}, places: {jira: [PAY], github: [acme/pay]}, capacity: {effort: 40, every: 2w}}}\n",
		"rank":   "rank: {tiers: {1: 80, 2: 60, 3: 30, 4: 0}}\n",
	}
}

// ruleSections are the top-level keys of a rule file.
func ruleSections() []string { return sectionsOf(reflect.TypeFor[engine.Spec]()) }

func sectionsOf(spec reflect.Type) []string {
	var names []string
	for f := range spec.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if options == "inline" {
			names = append(names, sectionsOf(f.Type)...)
		} else if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// settingsFault loads settings; those that name no instance are a fragment.
func settingsFault(t *testing.T, text string) error {
	t.Helper()
	folder := t.TempDir()
	if document, _ := config.ParseDocument("tandem.yaml", []byte(text)); document != nil && !document.Has("/instance") {
		text += "\ninstance: acme-prod\n"
	}
	write(t, folder, "tandem.yaml", text)
	_, _, found := loadSettings(folder)
	return found.Err()
}

// rulesFault compiles rule files against the settings of README.md.
func rulesFault(t *testing.T, files map[string]string) error {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, "tandem.yaml", readmeSettings(t))
	for name, text := range files {
		write(t, folder, name, text)
	}
	_, err := loadRules(folder)
	return err
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// columnsFault lets the file connector read a column file.
func columnsFault(t *testing.T, text string) error {
	t.Helper()
	folder := t.TempDir()
	write(t, folder, "x.columns.yaml", text)
	if strings.Contains(text, "\nquestions:") || strings.HasPrefix(text, "questions:") {
		return questionsFault(t, folder)
	}
	decode := func(into any) []work.Problem {
		c, ok := into.(*file.Config)
		if !ok {
			return []work.Problem{{What: "the settings of the file connector are of another type"}}
		}
		c.Feedback, c.Columns = filepath.Join(folder, "*.csv"), filepath.Join(folder, "x.columns.yaml")
		return nil
	}
	return checkerFault(t, file.Definition(), decode)
}

// questionsFault lets the connector drop read a column file with questions.
func questionsFault(t *testing.T, folder string) error {
	t.Helper()
	return checkerFault(t, drop.Definition(), func(into any) []work.Problem {
		c, ok := into.(*drop.Config)
		if !ok {
			return []work.Problem{{What: "the settings of the connector drop are of another type"}}
		}
		c.Path, c.Columns = folder, filepath.Join(folder, "x.columns.yaml")
		return nil
	})
}

// checkerFault opens a connector and lets it look at its files.
func checkerFault(t *testing.T, d connectors.Definition, decode func(any) []work.Problem) error {
	t.Helper()
	instance, problems := d.New("columns", decode)
	if len(problems) > 0 {
		return problems[0]
	}
	live, err := instance.Open(t.Context(), connectors.Env{Name: "columns", Now: time.Now})
	if err != nil {
		return err
	}
	for _, finding := range live.Checker.Check(t.Context()) {
		if finding.Level == work.Fatal {
			return fmt.Errorf("%s; %s", finding.What, finding.Remedy)
		}
	}
	return nil
}

// loadSettings reads tandem.yaml of a folder with the settings of every
// connector.
func loadSettings(folder string) (config.Settings, *config.Document, config.Diagnostics) {
	settings, document, found := config.Load(filepath.Join(folder, "tandem.yaml"), nil)
	found = append(found, settings.CheckKinds(all.Kinds())...)
	for _, c := range settings.Connectors {
		if definition, ok := all.Lookup(c.Kind); ok {
			_, problems := definition.New(c.Name, c.Decode)
			found = append(found, c.Diagnose(problems)...)
		}
	}
	return settings, document, found
}

// loadRules compiles the rules of a folder against the schemas of its own
// connectors, runs their tests, and returns the names of the rule files.
func loadRules(folder string) ([]string, error) {
	settings, document, found := loadSettings(folder)
	if document == nil || len(found) > 0 {
		return nil, found
	}
	env := engine.Env{Schemas: map[string]work.Schema{}, Places: map[string][]string{}}
	for _, c := range settings.Connectors {
		definition, _ := all.Lookup(c.Kind)
		instance, _ := definition.New(c.Name, c.Decode)
		env.Schemas[c.Name], env.Places[c.Name] = definition.Schema, instance.Places()
	}
	rulesDocument, found := config.ReadRules(settings, document)
	var names []string
	for _, s := range rulesDocument.Sources() {
		names = append(names, filepath.Clean(s.Name))
	}
	var spec engine.Spec
	found = append(found, rulesDocument.Decode(&spec)...)
	if len(found) > 0 {
		return names, found
	}
	rules, problems := engine.Compile(spec, env)
	if len(problems) > 0 {
		return names, rulesDocument.Diagnose(problems)
	}
	results, problems := rules.Test(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC))
	found = rulesDocument.Diagnose(problems)
	for _, r := range results {
		if len(r.Wrong) > 0 {
			found = append(found, config.Diagnostic{File: "test " + r.Name, What: strings.Join(r.Wrong, ", "), Remedy: r.Because})
		}
	}
	return names, found.Err()
}

// Every folder of docs/examples that has a tandem.yaml is a whole set of
// settings and rules, and no file lies there that nobody checks.
func TestEveryExampleCompiles(t *testing.T) {
	t.Parallel()
	top := filepath.Join(root, "docs/examples")
	checked := map[string]bool{}
	for _, path := range filesBelow(t, top) {
		if filepath.Base(path) != "tandem.yaml" {
			continue
		}
		names, err := loadRules(filepath.Dir(path))
		if err != nil {
			t.Errorf("%s:\n%v", path, err)
		}
		checked[path] = true
		for _, name := range append(names, checkFolders(t, filepath.Dir(path))...) {
			checked[name] = true
		}
	}
	for _, path := range filesBelow(t, top) {
		switch {
		case checked[path] || filepath.Ext(path) == ".md":
		case strings.HasSuffix(path, ".columns.yaml"):
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := columnsFault(t, string(text)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		default:
			t.Errorf("%s is checked by nobody: no tandem.yaml beside it reads it", path)
		}
	}
}

func filesBelow(t *testing.T, top string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestABlockThatNobodyKnowsFails(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]block{
		"no section":       {text: "colour: red\n"},
		"another file":     {text: "# roadmap/plan.yaml\n- {id: 1}\n"},
		"wrong settings":   {text: "# tandem.yaml\nwrite: fully\n"},
		"wrong connectors": {text: "# tandem.yaml\nconnectors: {x: {kind: file}}\n"},
		"wrong rules":      {text: "# rules/x.yaml\nroute: {default: {accountable: nobody}}\n"},
		"wrong columns":    {text: "# rules/x.columns.yaml\nA: {kind: number}\n"},
		"wrong test":       {text: "tests: [{name: x, item: {kind: bug}, want: {accountable: po}}]\n"},
		"wrong fragment":   {text: "rank: {method: rise}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := b.check(t); err == nil {
				t.Errorf("nothing is wrong with\n%s", b.text)
			}
		})
	}
}
