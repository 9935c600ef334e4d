package config_test

import (
	"strings"
	"testing"

	"tandem/config"

	"github.com/google/go-cmp/cmp"
)

func TestADiagnosticNamesPlaceMistakeAndRemedy(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]config.Diagnostic{
		`rules/fields.yaml:4:12: jira has no field "priorty"; did you mean "priority"?`: {
			File: "rules/fields.yaml", Line: 4, Col: 12, What: `jira has no field "priorty"`, Remedy: `did you mean "priority"?`,
		},
		`flag --write: no such mode`: {File: "flag --write", What: "no such mode"},
		`nothing fits`:               {What: "nothing fits"},
	} {
		if got := d.Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestDiagnosticsAreSortedAndToldOnce(t *testing.T) {
	t.Parallel()
	at := func(file string, line, col int) config.Diagnostic {
		return config.Diagnostic{File: file, Line: line, Col: col, What: "x"}
	}
	ds := config.Diagnostics{at("b", 1, 1), at("a", 10, 2), at("a", 9, 3), at("a", 10, 1), at("b", 1, 1)}
	want := "a:9:3: x\na:10:1: x\na:10:2: x\nb:1:1: x"
	if diff := cmp.Diff(want, ds.Err().Error()); diff != "" {
		t.Error(diff)
	}
	if err := (config.Diagnostics{}).Err(); err != nil {
		t.Errorf("no diagnostics are an error: %v", err)
	}
}

func TestALongListOfDiagnosticsIsCutShort(t *testing.T) {
	t.Parallel()
	var ds config.Diagnostics
	for i := range 60 {
		ds = append(ds, config.Diagnostic{File: "a", Line: i + 1, Col: 1, What: "x"})
	}
	lines := strings.Split(ds.Error(), "\n")
	if len(lines) != 51 || lines[50] != "and 10 more" {
		t.Errorf("got %d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}
