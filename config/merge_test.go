package config_test

import (
	"testing"

	"tandem/config"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsSetInTwoFilesNamesBothPlaces(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ a, b, want string }{
		"one key of a mapping": {
			"people:\n  ana: {jira: x}\n", "people:\n  cy: {jira: z}\n  ana: {jira: y}\n",
			"b.yaml:3:3: people.ana is set twice, first at a.yaml:2:3; keep one",
		},
		"a single value":          {"name: a\n", "\nname: a\n", "b.yaml:2:1: name is set twice, first at a.yaml:1:1; keep one"},
		"a list and a mapping":    {"routes: []\n", "routes: {}\n", "b.yaml:1:1: routes is set twice, first at a.yaml:1:1; keep one"},
		"nothing in the second":   {"people: {}\n", "people:\n", "b.yaml:1:8: people has no value; write one, or leave it out"},
		"a tag in the second":     {"people: {}\n", "people: !x {}\n", "b.yaml:1:9: people has a YAML tag (!); leave the tag out"},
		"a second file of a list": {"people: {}\n", "- a\n", "b.yaml:1:1: the file must be a mapping, not a list; write KEY: VALUE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, found := config.MergeDocuments(parseAs(t, "a.yaml", c.a), parseAs(t, "b.yaml", c.b))
			if diff := cmp.Diff(c.want, found.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMergingLeavesTheFilesAsTheyAre(t *testing.T) {
	t.Parallel()
	a := parseAs(t, "a.yaml", "people: {ana: {}}\nplaces: [x]\n")
	b := parseAs(t, "b.yaml", "people: {cy: {}}\nplaces: [z]\n")
	for range 2 {
		merged, found := config.MergeDocuments(a, b)
		if err := found.Err(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"ana", "cy"}, merged.Keys("/people")); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]string{"ana"}, a.Keys("/people")); diff != "" {
		t.Error(diff)
	}
	if nothing, found := config.MergeDocuments(); len(found) > 0 || len(nothing.Keys("")) > 0 {
		t.Errorf("nothing merged to %v, %v", nothing, found)
	}
}

func TestTheHashIsThatOfTheText(t *testing.T) {
	t.Parallel()
	hash := func(texts ...string) string {
		var documents []*config.Document
		for _, text := range texts {
			documents = append(documents, parseAs(t, text, text))
		}
		merged, _ := config.MergeDocuments(documents...)
		return config.Hash(merged)
	}
	seen := map[string]string{}
	for name, h := range map[string]string{
		"one": hash("a: 1"), "two": hash("a: 1", "b: 2"), "other order": hash("b: 2", "a: 1"), "a comment": hash("a: 1 # x"), "nothing": hash(),
	} {
		if seen[h] != "" {
			t.Errorf("%s and %s have the same hash", name, seen[h])
		}
		seen[h] = name
	}
	if config.Hash(parseAs(t, "one/place", "a: 1"), nil) != config.Hash(parseAs(t, "another", "a: 1")) {
		t.Error("the hash depends on where the file lies")
	}
}
