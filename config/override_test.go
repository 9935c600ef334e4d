package config_test

import (
	"fmt"
	"strings"
	"testing"

	"tandem/config"
)

// halves is a section with a scalar that stands for its default.
type halves struct {
	Half struct {
		Default string             `yaml:"default,scalar"`
		By      map[string]float64 `yaml:",rest"`
	} `yaml:"half"`
	Weights map[string]float64 `yaml:"weights"`
	List    []string           `yaml:"list"`
}

func TestAnOverrideReplacesOneValue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, set, want string }{
		{"weights: {a: 1, b: 2}", "weights.a=3", "map[a:3 b:2]"},
		{"weights: {a: 1}", "weights.c=4", "map[a:1 c:4]"},
		{"weights: {a: 1}", "weights={d: 5}", "map[d:5]"},
		{"weights: {a: 1}", "/weights/a~1b=6", "map[a:1 a/b:6]"},
		{"weights: {a: 1}", "weights.a = 7", "map[a:7]"},
	} {
		doc, _ := config.ParseDocument("rules.yaml", []byte(tc.text))
		other, found := doc.Override(tc.set)
		if len(found) > 0 {
			t.Fatalf("%s: %v", tc.set, found)
		}
		var got, before halves
		if found := append(other.Decode(&got), doc.Decode(&before)...); len(found) > 0 {
			t.Fatalf("%s: %v", tc.set, found)
		}
		if text := shown(got.Weights); text != tc.want {
			t.Errorf("%s gives %s, want %s", tc.set, text, tc.want)
		}
		if text := shown(before.Weights); !strings.HasPrefix(text, "map[a:1") {
			t.Errorf("%s changed the document that it was made from: %s", tc.set, text)
		}
	}
}

func TestAnOverrideBelowAScalarKeepsItAsTheDefault(t *testing.T) {
	t.Parallel()
	doc, _ := config.ParseDocument("rules.yaml", []byte("half: 90d\nlist: [x, y]"))
	for _, set := range []string{"half.bug=30", "list.1=z"} {
		var found config.Diagnostics
		if doc, found = doc.Override(set); len(found) > 0 {
			t.Fatal(found)
		}
	}
	var got halves
	if found := doc.Decode(&got); len(found) > 0 {
		t.Fatal(found)
	}
	if got.Half.Default != "90d" || got.Half.By["bug"] != 30 || got.List[0] != "x" || got.List[1] != "z" {
		t.Errorf("got %+v", got)
	}
}

func TestAMistakenOverrideIsToldByItsName(t *testing.T) {
	t.Parallel()
	for set, want := range map[string]string{
		"weights":           "write PATH=VALUE",
		"=1":                "write PATH=VALUE",
		"list.7=z":          "the list has no entry 7",
		"weights.a=often":   "--set weights.a=often:1:8: a must be a number",
		"wights.a=1":        `did you mean "weights"`,
		"weights.a=[":       "--set weights.a=[",
		"weights.a=1\nb: 2": "the value is not one",
	} {
		doc, _ := config.ParseDocument("rules.yaml", []byte("weights: {a: 1}\nlist: [x]"))
		other, found := doc.Override(set)
		if other != nil {
			var into halves
			found = append(found, other.Decode(&into)...)
		}
		if len(found) == 0 || !strings.Contains(found.Error(), want) {
			t.Errorf("%q: %v, want %q", set, found, want)
		}
	}
}

func shown(m map[string]float64) string { return fmt.Sprint(m) }
