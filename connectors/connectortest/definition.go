package connectortest

import (
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tandem/internal/work"
)

func (s Suite) definition(t *testing.T) {
	t.Helper()
	t.Parallel()
	d := s.Definition
	if !regexp.MustCompile(`^[a-z][a-z0-9]*$`).MatchString(d.Kind) {
		t.Errorf("kind %q is no lower-case word", d.Kind)
	}
	if d.Schema.Kind != d.Kind {
		t.Errorf("schema is of kind %q, the definition of %q", d.Schema.Kind, d.Kind)
	}
	if !strings.HasSuffix(d.Summary, ".") || strings.Contains(d.Summary, "\n") {
		t.Errorf("summary is no sentence: %q", d.Summary)
	}
	if strings.TrimSpace(d.Doc) == "" {
		t.Error("doc is empty")
	}
	streams := map[string]bool{}
	for _, st := range d.Streams {
		if streams[st.Name] || st.Name == "" || st.Doc == "" || st.Every <= 0 {
			t.Errorf("stream %+v needs a name of its own, an interval and a doc", st)
		}
		streams[st.Name] = true
	}
	fields := map[string]bool{}
	for _, f := range d.Schema.Fields {
		if fields[f.Name] || f.Name == "" || f.Doc == "" || f.Kind == work.Unknown {
			t.Errorf("field %+v needs a name of its own, a kind and a doc", f)
		}
		fields[f.Name] = true
	}
	s.example(t)
}

func (s Suite) example(t *testing.T) {
	t.Helper()
	read := s.Decode
	if read == nil {
		read = Settings
	}
	kind, decode := read(s.Definition.Example)
	if kind != s.Definition.Kind {
		t.Errorf("the example is of kind %q, want %q", kind, s.Definition.Kind)
	}
	instance, problems := s.Definition.New(Name, decode)
	for _, p := range problems {
		t.Errorf("example: %v", p)
	}
	if len(problems) == 0 && len(instance.Places()) == 0 {
		t.Error("the example's instance has no places")
	}
}

// Settings reads one connector entry of a YAML file: one name, and under it
// the kind, keys of every connector (every, write), and the keys of its
// Config. Unknown keys are problems.
func Settings(entry string) (kind string, decode func(into any) []work.Problem) {
	failed := func(err error) func(any) []work.Problem {
		return func(any) []work.Problem { return []work.Problem{{What: err.Error()}} }
	}
	var file map[string]map[string]any
	if err := yaml.Unmarshal([]byte(entry), &file); err != nil {
		return "", failed(err)
	}
	for _, settings := range file {
		kind, _ = settings["kind"].(string)
		for _, common := range []string{"kind", "every", "write"} {
			delete(settings, common)
		}
		text, err := yaml.Marshal(settings)
		if err != nil {
			return kind, failed(err)
		}
		return kind, decodeInto(text)
	}
	return "", func(any) []work.Problem { return []work.Problem{{What: "the example is empty"}} }
}

func decodeInto(text []byte) func(any) []work.Problem {
	return func(into any) []work.Problem {
		d := yaml.NewDecoder(strings.NewReader(string(text)))
		d.KnownFields(true)
		if err := d.Decode(into); err != nil {
			return []work.Problem{{What: err.Error()}}
		}
		return nil
	}
}
