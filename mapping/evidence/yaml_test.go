package evidence_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/config"
	"tandem/internal/work"
	"tandem/mapping/evidence"
)

// load reads the section as an admin writes it and returns all mistakes.
func load(t *testing.T, text string) (evidence.Spec, string) {
	t.Helper()
	document, found := config.ParseDocument("rules.yaml", []byte(text))
	if found != nil {
		t.Fatal(found)
	}
	var spec evidence.Spec
	found = document.DecodeAt("/evidence", &spec)
	_, problems := evidence.Compile("/evidence", spec, []string{"jira"})
	return spec, append(found, document.Diagnose(problems)...).Error()
}

func TestTheSectionReadsAsDocumented(t *testing.T) {
	t.Parallel()
	got, mistakes := load(t, `evidence:
  half_life: {default: 90d, bug: 30d}
  cap_per_account: 3
  methods: {interview: 1, survey: 0.5}
  link:
    - {tags: {export: 'jira:PAY-12'}}
    - {phrases: ['export drops rows', 'csv export'], to: 'jira:PAY-12'}
    - {phrases: 'dark mode', to: 'jira:PAY-13'}
`)
	if mistakes != "" {
		t.Fatal(mistakes)
	}
	want := evidence.Spec{
		HalfLife:      evidence.HalfLife{Default: new(span(t, "90d")), By: map[string]work.Span{"bug": span(t, "30d")}},
		CapPerAccount: new(3),
		Methods:       map[string]float64{"interview": 1, "survey": 0.5},
		Link: []evidence.Rule{
			{Tags: map[string]string{"export": "jira:PAY-12"}},
			{Phrases: []string{"export drops rows", "csv export"}, To: "jira:PAY-12"},
			{Phrases: []string{"dark mode"}, To: "jira:PAY-13"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
	if got, _ := load(t, "evidence: {half_life: 10d}\n"); got.HalfLife.Default == nil || *got.HalfLife.Default != span(t, "10d") {
		t.Errorf("a single half-life reads as %+v", got.HalfLife)
	}
}

func TestMistakesAreFoundInTheFile(t *testing.T) {
	t.Parallel()
	_, got := load(t, `evidence:
  half_life: {bug: 0d}
  methods: {interveiw: 1}
  link:
    - tags: {export: jirra:PAY-12}
    - phrases: [it is not]
      to: jira:PAY-12
`)
	want := `rules.yaml:2:20: a half-life is longer than nothing; write a length of time such as 90d
rules.yaml:3:13: there is no method "interveiw"; did you mean "interview"?
rules.yaml:5:22: there is no connector "jirra"; did you mean "jira"?
rules.yaml:6:17: the phrase "it is not" has no word that says anything; write the words that users use for it, such as 'export drops rows'`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
