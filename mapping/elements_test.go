package mapping_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"

	"tandem/mapping"
)

// listEnv is a service whose issues have versions, and quarters as horizons.
func listEnv() mapping.Env {
	var domain []string
	for year := 2020; year < 2060; year++ {
		for q := 1; q <= 4; q++ {
			domain = append(domain, fmt.Sprintf("%d-Q%d", year, q))
		}
	}
	return mapping.Env{
		Schemas: map[string]work.Schema{
			"jira": {Kind: "jira", Labels: true, MaxLabel: 255, Fields: []work.NativeField{
				{Name: "fix_versions", Kind: work.List, Writable: true, Shared: work.Release},
				{Name: "labels", Kind: work.List, Writable: true, Shared: work.Labels},
			}},
			"github": {Kind: "github", Labels: true, LabelSpaces: true, LabelsFold: true, MaxLabel: 50, Fields: []work.NativeField{
				{Name: "milestone", Kind: work.Text, Writable: true, Shared: work.Release},
				{Name: "labels", Kind: work.List, Writable: true, Shared: work.Labels},
			}},
		},
		Domains: map[work.Field][]string{work.Horizon: append(domain, "later")},
	}
}

func fieldAt(name string) mapping.TargetSpec {
	return mapping.TargetSpec{Field: mapping.FieldRef{Plain: name}}
}

func TestOfAListOnlyTheValuesOfTheFieldAreOurs(t *testing.T) {
	t.Parallel()
	program, problems := mapping.Compile("", spec("horizon", mapping.FieldSpec{Owner: "tandem", Targets: map[string]mapping.TargetSpec{"jira": fieldAt("fix_versions")}}), listEnv())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	slot := program.Rule(work.Horizon).Slot("jira", "PAY")
	for _, tc := range []struct {
		versions []string
		shared   string
		native   string
		two      bool
	}{
		{[]string{"1.0", "2026-Q4"}, "2026-Q4", "2026-Q4", false},
		{[]string{"1.0", "2.0"}, "empty", "empty", false},
		{nil, "empty", "empty", false},
		{[]string{"2021-Q1", "1.0", "2026-Q4"}, "unknown", "2021-Q1, 2026-Q4", true},
	} {
		got := slot.Read(&work.Record{Fields: map[string]work.Value{"fix_versions": work.NewList(tc.versions...)}})
		if got.Shared.String() != tc.shared || got.Native.String() != tc.native || got.Ambiguous != tc.two || got.Unmapped {
			t.Errorf("%v is read as %+v", tc.versions, got)
		}
	}
	if native, ok := slot.Spell(work.NewText("2027-Q1")); !ok || native.String() != "2027-Q1" {
		t.Errorf("spelled %v", native)
	}
	axis := slot.Axis()
	if !axis.Owns("2020-Q1") || axis.Owns("1.0") || axis.Owns("") {
		t.Error("the versions that are ours are not told from the team's")
	}
	near := strings.Join(axis.Rivals("2026-Q4"), " ")
	if !strings.Contains(near, "2026-Q3 2026-Q4 2027-Q1") || !strings.HasSuffix(near, " later") || strings.Contains(near, "2059") {
		t.Errorf("rivals %s", near)
	}
}

func TestLabelsOfManyQuartersAreFoundInAnyCase(t *testing.T) {
	t.Parallel()
	program, problems := mapping.Compile("", spec("horizon", mapping.FieldSpec{Owner: "tandem", Targets: map[string]mapping.TargetSpec{"github": {Label: "Roadmap {value}"}}}), listEnv())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	slot := program.Rule(work.Horizon).Slot("github", "acme/pay")
	got := slot.Read(&work.Record{Fields: map[string]work.Value{"labels": work.NewList("bug", "roadmap 2026-q4", "roadmap 2061-Q1")}})
	if got.Shared.Text() != "2026-Q4" || got.Native.String() != "Roadmap 2026-Q4" {
		t.Errorf("read as %+v", got)
	}
	if d := cmp.Diff([]string{"roadmap 2061-Q1"}, slot.Axis().Foreign(work.NewList("bug", "roadmap 2061-Q1", "ROADMAP LATER"))); d != "" {
		t.Error(d)
	}
	current := map[work.Field][]string{work.Horizon: {"2026-Q4", "later"}}
	want := []mapping.Written{{Path: "labels", Place: "acme/pay", Values: []string{"Roadmap 2026-Q4", "Roadmap later"}, Labels: true}}
	if d := cmp.Diff(want, program.WritesOf("github", []string{"acme/pay"}, current)); d != "" {
		t.Error(d)
	}
}

func TestNobodyWritesOverAListWhoseElementsAreOurs(t *testing.T) {
	t.Parallel()
	both := func(owner string) []work.Problem {
		_, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
			"horizon": {Owner: "tandem", Targets: map[string]mapping.TargetSpec{"jira": fieldAt("fix_versions"), "github": {Label: "roadmap/{value}"}}},
			"release": {Owner: owner, Targets: map[string]mapping.TargetSpec{"jira": fieldAt("fix_versions"), "github": fieldAt("milestone")}},
		}}, listEnv())
		return problems
	}
	if problems := both("jira"); len(problems) > 0 {
		t.Errorf("a release that Jira owns is only read there: %v", problems)
	}
	problems := both("github")
	if len(problems) != 1 || problems[0].At != "/fields/release/jira" || !strings.Contains(problems[0].What, "fix_versions stand for horizon") || problems[0].Remedy == "" {
		t.Errorf("got %v", problems)
	}
}
