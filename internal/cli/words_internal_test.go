package cli

import (
	"testing"
	"time"

	"tandem/mapping/expression"
)

func TestARouteIsToldByWhoActsAndWhy(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"/pm/unknown signals: triage": "pm (unknown signals: triage)",
		"/agency~1client/a ~0 b":      "agency/client (a ~ b)",
		"/po":                         "po",
	} {
		if got := routeWords(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
}

func TestAFolderThatSomebodyNamedForADemoMustBeEmpty(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if got, err := demoFolder(folder); err != nil || got != folder {
		t.Errorf("%s, %v", got, err)
	}
}

func TestAGoalWhosePeriodIsOverIsToldSo(t *testing.T) {
	t.Parallel()
	end := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	g := expression.Goal{Name: "keep", Measure: "errors a week", Target: "< 10", Period: "2026-Q4", Weight: 2, Ends: end}
	if got, want := goalText(g, end.AddDate(0, 0, -1)), "keep (errors a week < 10, 2026-Q4)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := goalText(g, end), "keep (errors a week < 10, 2026-Q4), over since 2027-01-01; it pulls as before until the rules change"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
