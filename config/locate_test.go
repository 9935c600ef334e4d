package config_test

import (
	"testing"

	"tandem/config"
	"tandem/internal/work"

	"github.com/google/go-cmp/cmp"
)

func TestAProblemIsShownAtTheNearestPlace(t *testing.T) {
	t.Parallel()
	document := parse(t, `fields:
  priority:
    owner: tandem
    jira: {field: priorty}
    note:
      far away
    list:
      - a
      - {x: 1}
    none:
`)
	for at, want := range map[work.Pointer]string{
		"":                                  "rules.yaml:1:1: x",
		"/nothing":                          "rules.yaml:1:1: x",
		"/fields":                           "rules.yaml:1:1: x",
		"/fields/priority":                  "rules.yaml:2:3: x",
		"/fields/priority/owner":            "rules.yaml:3:12: x",
		"/fields/priority/owner/below":      "rules.yaml:3:12: x",
		"/fields/priority/jira":             "rules.yaml:4:5: x",
		"/fields/priority/jira/field":       "rules.yaml:4:19: x",
		"/fields/priority/jira/by_project/": "rules.yaml:4:5: x",
		"/fields/priority/note":             "rules.yaml:5:5: x",
		"/fields/priority/list/0":           "rules.yaml:8:9: x",
		"/fields/priority/list/1":           "rules.yaml:9:9: x",
		"/fields/priority/list/1/x":         "rules.yaml:9:13: x",
		"/fields/priority/list/2":           "rules.yaml:7:5: x",
		"/fields/priority/list/-1":          "rules.yaml:7:5: x",
		"/fields/priority/none":             "rules.yaml:10:5: x",
	} {
		got := document.Diagnose([]work.Problem{{At: at, What: "x"}}).Error()
		if got != want {
			t.Errorf("%q: got %s, want %s", at, got, want)
		}
	}
	got := document.Diagnose([]work.Problem{{At: "/fields/priority/jira/field", What: "x", Remedy: "y", Key: true}}).Error()
	if want := "rules.yaml:4:12: x; y"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestColumnsCountCharactersAndLinesAnyLineEnd(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"note: 'ü', naem: x}":           "",
		"item: {ü: 'ß', é: yes}":        `rules.yaml:1:19: é is a word`,
		"name: a\r\ncount: b\r\n":       `rules.yaml:2:8: count must`,
		"name: a\rcount: b\r":           `rules.yaml:2:8: count must`,
		"\ufeffcount: b\n":              `rules.yaml:1:8: count must`,
		"name: 'a\n\n  b'\ncount: bad":  `rules.yaml:4:8: count must`,
		"# c\n\n# d\ncount: bad # why?": `rules.yaml:4:8: count must`,
	} {
		document, found := config.ParseDocument("rules.yaml", []byte(text))
		if document != nil {
			var into sample
			found = append(found, document.Decode(&into)...)
		}
		if len(found) != 1 || want != "" && found.Error()[:len(want)] != want {
			t.Errorf("%q: got %v, want %s", text, found, want)
		}
	}
}

func TestPlacesAreRightAcrossMergedFiles(t *testing.T) {
	t.Parallel()
	a := parseAs(t, "a.yaml", "people:\n  ana: {jira: x}\nroutes:\n  - {accountable: po}\n")
	b := parseAs(t, "b.yaml", "# second\nroutes:\n  - {accountable: pm}\npeople:\n  cy: {jra: x}\n")
	merged, found := config.MergeDocuments(a, nil, b)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	got := merged.Diagnose([]work.Problem{
		{At: "/routes/1/accountable", What: "x"}, {At: "/people/cy/github", What: "x"}, {At: "/people/ana/jira", What: "x"}, {At: "/goals", What: "x"},
	}).Error()
	want := "a.yaml:1:1: x\na.yaml:2:15: x\nb.yaml:3:19: x\nb.yaml:5:3: x"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var into sample
	if got, want := merged.Decode(&into).Error(), `b.yaml:5:8: unknown key "jra"; did you mean "jira"?`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"ana", "cy"}, merged.Keys("/people")); diff != "" {
		t.Error(diff)
	}
	if len(into.Routes) != 2 || into.Routes[1].Accountable != "pm" {
		t.Errorf("lists were not joined in order: %+v", into.Routes)
	}
}

func parseAs(t *testing.T, name, text string) *config.Document {
	t.Helper()
	document, found := config.ParseDocument(name, []byte(text))
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return document
}
