package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"tandem/config"
	"tandem/connectors/all"
	"tandem/internal/cli"
	"tandem/internal/engine"
)

// schema compiles what tandem schema prints.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	var out, complaint bytes.Buffer
	if code := cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &complaint}, "test", []string{"schema", name}); code != 0 {
		t.Fatalf("tandem schema %s ends with %d: %s", name, code, complaint.String())
	}
	document, err := jsonschema.UnmarshalJSON(&out)
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name+".json", document); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// schemas are those of both kinds of files.
func schemas(t *testing.T) map[string]*jsonschema.Schema {
	t.Helper()
	return map[string]*jsonschema.Schema{"settings": schema(t, "settings"), "rules": schema(t, "rules")}
}

// plain reads YAML as an editor does: keys are texts, dates too.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			value, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = value
		}
		return m, nil
	case yaml.SequenceNode:
		l := []any{}
		for _, element := range n.Content {
			value, err := plain(element)
			if err != nil {
				return nil, err
			}
			l = append(l, value)
		}
		return l, nil
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!int", "!!float":
			return json.Number(n.Value), nil
		case "!!bool":
			return n.Value == "true", nil
		case "!!null":
			return nil, nil //nolint:nilnil // null is a value
		default:
			return n.Value, nil
		}
	case yaml.AliasNode:
	}
	return nil, errors.New("an alias")
}

// valid checks a text by a schema.
func valid(by *jsonschema.Schema, text string) error {
	var n yaml.Node
	if err := yaml.Unmarshal([]byte(text), &n); err != nil {
		return fmt.Errorf("no YAML: %w", err)
	}
	if n.Kind == 0 {
		return nil
	}
	value, err := plain(&n)
	if err != nil {
		return err
	}
	return by.Validate(value)
}

// byReaderAlone are mistakes that only the text shows, not the values in it.
func byReaderAlone(mistake string) bool {
	for _, part := range []string{"quotes", "tag", "anchor", "alias", "twice", "cut off", "YAML", "odd", "tandem is the name", "word of the rules"} {
		if strings.Contains(mistake, part) {
			return true
		}
	}
	return false
}

// structural reports whether the values alone show the mistake of a block, so
// that a schema can find it.
func structural(b block) bool {
	for _, part := range []string{"no field of the shared model", "no connector of kind", "must not stand in the file"} {
		if strings.Contains(b.mistake, part) {
			return true
		}
	}
	document, found := config.ParseDocument("block", []byte(b.text))
	if document == nil || len(found) > 0 || byReaderAlone(b.mistake) || b.file() == "tandem.yaml" {
		return false
	}
	var spec engine.Spec
	return len(document.Decode(&spec)) > 0
}

func TestTheSchemasKnowEveryBlockOfTheDocs(t *testing.T) {
	t.Parallel()
	schemas := schemas(t)
	refused := 0
	for _, name := range pageNames(t) {
		for _, b := range pageBlocks(t, name) {
			file := b.file()
			settings := file == "tandem.yaml"
			if file != "" && !settings && !strings.HasPrefix(file, "rules/") || strings.HasSuffix(file, ".columns.yaml") {
				continue
			}
			by, text := schemas["rules"], b.text
			if settings {
				by = schemas["settings"]
				if document, _ := config.ParseDocument("block", []byte(text)); document != nil && !document.Has("/instance") {
					text += "\ninstance: acme-prod\n"
				}
			}
			err := valid(by, text)
			switch {
			case b.mistake == "" && err != nil:
				t.Errorf("%s is right, and the schema refuses it: %v", b, err)
			case b.mistake != "" && structural(b):
				if refused++; err == nil {
					t.Errorf("%s is wrong (%s), and the schema accepts it", b, b.mistake)
				}
			}
		}
	}
	if refused < 3 {
		t.Errorf("%d blocks of the docs show a mistake that a schema can find, want 3 or more", refused)
	}
}

func TestTheSchemasAcceptEveryExample(t *testing.T) {
	t.Parallel()
	schemas := schemas(t)
	for _, path := range filesBelow(t, filepath.Join(root, "docs/examples")) {
		if filepath.Ext(path) != ".yaml" || strings.HasSuffix(path, ".columns.yaml") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		by := schemas["rules"]
		if filepath.Base(path) == "tandem.yaml" {
			by = schemas["settings"]
		}
		if err := valid(by, string(text)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, d := range all.Definitions() {
		for _, entry := range []string{d.Example, d.Starter} {
			if entry == "" {
				continue
			}
			var n yaml.Node
			if err := yaml.Unmarshal([]byte(entry), &n); err != nil {
				t.Fatal(err)
			}
			value, err := plain(&n)
			if err != nil {
				t.Fatal(err)
			}
			settings := map[string]any{"instance": "acme-prod", "connectors": value}
			if fields, ok := value.(map[string]any); ok && fields["kind"] != nil {
				settings["connectors"] = map[string]any{"x": value}
			}
			if err := schemas["settings"].Validate(settings); err != nil {
				t.Errorf("the example of %s: %v", d.Kind, err)
			}
		}
	}
}

func TestTheSchemasRefuseWhatTheReaderRefuses(t *testing.T) {
	t.Parallel()
	schemas := schemas(t)
	for _, c := range []struct{ by, text string }{
		{"rules", "colour: red"},
		{"rules", "fields: {priorty: {owner: tandem}}"},
		{"rules", "fields: {horizon: {owner: tandem, fill: jira}}"},
		{"rules", "rank: {dwell: 7}"},
		{"rules", "rank: {dwell: a week}"},
		{"rules", "rank: {band: 0.05}"},
		{"rules", "rank: {order: [horizon, last]}"},
		{"rules", "route: {labels: sometimes}"},
		{"rules", "route: {routes: {if: 'true'}}"},
		{"rules", "route: {routes: [{iff: 'true', accountable: po}]}"},
		{"rules", "route: {routes: [{preset: pm-op}]}"},
		{"rules", "readiness: [{if: ['a'], because: x}]"},
		{"rules", "tests: [{name: x, item: {kinds: bug}}]"},
		{"rules", "tests:"},
		{"settings", "write: observe"}, // no instance
		{"settings", "{instance: a, write: fully}"},
		{"settings", "{instance: a, every: 5 minutes}"},
		{"settings", "{instance: a, log: {level: loud}}"},
		{"settings", "{instance: a, connectors: {jira: {kind: jria}}}"},
		{"settings", "{instance: a, connectors: {jira: {kind: jira, ulr: x}}}"},
		{"settings", "{instance: a, connectors: {Jira: {kind: jira}}}"},
		{"settings", "{instance: a, connectors: {jira: {kind: jira, auth: {token: hunter2}}}}"},
		{"settings", "{instance: a, connectors: {jira: {kind: jira, auth: {token: {env: A, file: b}}}}}"},
	} {
		if valid(schemas[c.by], c.text) == nil {
			t.Errorf("the schema of %s accepts %s", c.by, c.text)
		}
	}
	for _, c := range []struct{ by, text string }{
		{"rules", "rank: {dwell: 1w, band: 2.5%, order: horizon}"},
		{"rules", "evidence: {half_life: 90d}"},
		{"rules", "evidence: {half_life: {default: 90d, bug: 12h}}"},
		{"rules", "readiness: [{if: item.hands_off, because: x}]"},
		{"rules", "twins: {join: [marker, {key_at_start_of: github.title}]}"},
		{"rules", "fields: {effort: {owner: jira, jira: {field: {name: Points, id: customfield_1}, by_project: {PAY: {field: x, 1: [a]}}}}}"},
		{"settings", "{instance: a, rules: rules.yaml, quiet: {from: '20:00', to: '07:00', days: [sat]}}"},
	} {
		if err := valid(schemas[c.by], c.text); err != nil {
			t.Errorf("the schema of %s refuses %s: %v", c.by, c.text, err)
		}
	}
}
