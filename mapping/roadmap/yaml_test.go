package roadmap_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/config"
	"tandem/internal/work"
	"tandem/mapping/roadmap"
)

// load reads the section as an admin writes it and returns all mistakes.
func load(t *testing.T, text string) (roadmap.Spec, string) {
	t.Helper()
	document, found := config.ParseDocument("rules.yaml", []byte(text))
	if found != nil {
		t.Fatal(found)
	}
	var spec roadmap.Spec
	found = document.DecodeAt("/roadmap", &spec)
	_, problems := roadmap.Compile("/roadmap", spec)
	return spec, append(found, document.Diagnose(problems)...).Error()
}

func TestTheSectionReadsAsDocumented(t *testing.T) {
	t.Parallel()
	got, mistakes := load(t, "roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}, band: 10%, unknown_effort: 5}\n")
	if mistakes != "" {
		t.Fatal(mistakes)
	}
	want := roadmap.Spec{
		Now: holds(1), Next: holds(2), Later: &roadmap.Horizon{},
		Band: new(work.Percent(0.1)), UnknownEffort: new(5.0),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
}

func TestMistakesAreFoundInTheFile(t *testing.T) {
	t.Parallel()
	_, got := load(t, "roadmap:\n  now: {}\n  soon: {capacity: 1}\n  later: {capacity: 9}\n")
	want := `rules.yaml:2:3: now has no capacity; write how many periods of the team's capacity it holds, such as {capacity: 1}
rules.yaml:3:3: unknown key "soon"; did you mean "now"?
rules.yaml:4:21: later holds the rest and has no capacity; remove it`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}
