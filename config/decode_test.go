package config_test

import (
	"testing"
	"time"

	"tandem/config"
	"tandem/internal/secret"
	"tandem/internal/work"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func parse(t *testing.T, text string) *config.Document {
	t.Helper()
	document, found := config.ParseDocument("rules.yaml", []byte(text))
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return document
}

func TestEveryFeatureOfTheReaderIsDecoded(t *testing.T) {
	t.Parallel()
	document := parse(t, `
name: 2026-Q4
count: -3
limit: 255
weight: 1e-2
active: true
share: 5%
every: 2w
write: propose
labels: one
places: [PAY, "yes", 2026-11-21]
values: {1: [Critical, Blocker], 2: Major, no: [x]}
if: 'item.kind == "it''s" # really'
routes:
  - {if: item.done, accountable: po}
  - {if: "item.a\tb", because: 'x: y'}
token: {env: JIRA_TOKEN}
item: {kind: bug, severity: 2, reach: 1.50, old: false, at: 2026-11-21, tags: [a, '010'], deep: {1: x}}
any: [1, two]
field: priority
tiers: {of: next, 1: 80, 2: 60.5}
note: |
  free text, even yes
  # and this
people:
  ana: {jira: 712020:aa}
nested: {a: {x: 1}}
`)
	limit := uint8(255)
	want := sample{
		Name: "2026-Q4", Count: -3, Limit: &limit, Weight: 0.01, Active: true, Share: 0.05,
		Every: work.Span(14 * 24 * time.Hour), Write: work.Propose,
		Labels: []string{"one"}, Places: []string{"PAY", "yes", "2026-11-21"},
		Values: map[string][]string{"1": {"Critical", "Blocker"}, "2": {"Major"}, "no": {"x"}},
		If:     `item.kind == "it's" # really`,
		Routes: []sampleRoute{{If: "item.done", Accountable: "po"}, {If: "item.a\tb", Because: "x: y"}},
		Token:  secret.Secret{Env: "JIRA_TOKEN"},
		Item: map[string]any{
			"kind": "bug", "severity": 2, "reach": 1.5, "old": false, "at": "2026-11-21",
			"tags": []any{"a", "010"}, "deep": map[string]any{"1": "x"},
		},
		Any:   []any{1, "two"},
		Field: sampleField{Name: "priority"},
		Tiers: sampleTiers{Of: "next", Least: map[string]float64{"1": 80, "2": 60.5}},
		Details: sampleDetails{
			Note:   "free text, even yes\n# and this\n",
			People: map[string]*samplePerson{"ana": {Jira: "712020:aa"}},
			Nested: map[string]map[string]int{"a": {"x": 1}},
		},
	}
	var got sample
	if err := document.Decode(&got).Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(secret.Secret{})); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}

func TestWhatTheFileDoesNotNameKeepsItsDefault(t *testing.T) {
	t.Parallel()
	got := sample{Name: "default", Count: 7, Labels: []string{"a", "b"}, Field: sampleField{Name: "n", ID: "i"}}
	if err := parse(t, "labels: [c]\nfield: {id: j}\n").Decode(&got).Err(); err != nil {
		t.Fatal(err)
	}
	want := sample{Name: "default", Count: 7, Labels: []string{"c"}, Field: sampleField{Name: "n", ID: "j"}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(secret.Secret{})); diff != "" {
		t.Error(diff)
	}
}

func TestAnEmptyFileIsAnEmptyMapping(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\n\n", "# only a comment\n", "---\n", "{}", "\ufeff"} {
		var got sample
		if err := parse(t, text).Decode(&got).Err(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestAPartOfADocumentIsDecodedWhereItStands(t *testing.T) {
	t.Parallel()
	document := parse(t, "people:\n  a/b~c: {jira: x}\nroutes:\n  - {accountable: po}\n  - {acountable: po}\n")
	var person samplePerson
	if err := document.DecodeAt(work.Pointer("").Key("people").Key("a/b~c"), &person).Err(); err != nil || person.Jira != "x" {
		t.Errorf("got %+v, %v", person, err)
	}
	if err := document.DecodeAt("/people/nobody/at/all", &person).Err(); err != nil || person.Jira != "x" {
		t.Errorf("what is not there was decoded: %+v, %v", person, err)
	}
	var route sampleRoute
	want := `rules.yaml:5:6: unknown key "acountable"; did you mean "accountable"?`
	if got := document.DecodeAt("/routes/1", &route).Error(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestKeysAreListedInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	document := parse(t, "people: {zoe: {}, ana: {}, 1: {}}\nplaces: [a]\n")
	if diff := cmp.Diff([]string{"zoe", "ana", "1"}, document.Keys("/people")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"people", "places"}, document.Keys("")); diff != "" {
		t.Error(diff)
	}
	for _, at := range []work.Pointer{"/places", "/places/0", "/nothing", "/people/ana/deeper"} {
		if got := document.Keys(at); len(got) > 0 {
			t.Errorf("%s has keys %v", at, got)
		}
	}
}

func TestAMistakeFoundWhileParsingIsNotDecodedAway(t *testing.T) {
	t.Parallel()
	document, found := config.ParseDocument("rules.yaml", []byte("name: &a x\ncount: many\n"))
	var into sample
	again := document.Decode(&into)
	if len(found) != 1 || len(again) != 2 {
		t.Errorf("parsing found %v, decoding %v", found, again)
	}
	if got := len(append(found, again...).Sorted()); got != 2 {
		t.Errorf("together they tell %d mistakes, want 2", got)
	}
}

func TestAGoTypeThatCannotBeReadIsABug(t *testing.T) {
	t.Parallel()
	for name, into := range map[string]any{
		"channel": &struct {
			V chan int `yaml:"v"`
		}{},
		"interface": &struct {
			V error `yaml:"v"`
		}{},
		"map": &struct {
			V map[int]string `yaml:"v"`
		}{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			text := "v: 1\n"
			if name == "map" {
				text = "v: {1: a}\n"
			}
			t.Error(parse(t, text).Decode(into))
		})
	}
}

func TestNumbersMustFit(t *testing.T) {
	t.Parallel()
	var into struct {
		Small  int8    `yaml:"small"`
		Signed int64   `yaml:"signed"`
		Count  uint64  `yaml:"count"`
		Real   float32 `yaml:"real"`
	}
	found := parse(t, "small: -129\nsigned: 9223372036854775808\ncount: -1\nreal: 1e99\n").Decode(&into)
	want := `rules.yaml:1:8: small must be a whole number from -128 to 127; write one, such as small: 12
rules.yaml:2:9: signed must be a whole number of usual size; write one, such as signed: 12
rules.yaml:3:8: count must be a whole number, not below 0; write one, such as count: 12
rules.yaml:4:7: real must be a number of usual size; write one, such as real: 12`
	if diff := cmp.Diff(want, found.Error()); diff != "" {
		t.Error(diff)
	}
}
