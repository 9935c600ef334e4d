package cli

import "testing"

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
