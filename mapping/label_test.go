package mapping_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"
	"tandem/mapping"
)

// axisOf compiles labels of the priority at GitHub.
func axisOf(t *testing.T, target mapping.TargetSpec) (*mapping.Slot, *mapping.LabelAxis) {
	t.Helper()
	program, problems := mapping.Compile("", spec("priority", mapping.FieldSpec{Owner: "tandem", Targets: map[string]mapping.TargetSpec{"github": target}}), env())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return program.Rule(work.Priority).Slot("github", "acme/pay"), program.Axes("github")[0]
}

// TestFurtherSpellingsOfALabelAreRead: the first spelling is written, all are
// read, in labels as in fields.
func TestFurtherSpellingsOfALabelAreRead(t *testing.T) {
	t.Parallel()
	slot, axis := axisOf(t, mapping.TargetSpec{Label: "Priority: {value}", Values: map[string]mapping.Spellings{"1": {"High", "Urgent"}, "2": {"Low"}}})
	read := func(labels ...string) work.Value {
		return slot.Read(&work.Record{Fields: map[string]work.Value{"labels": work.NewList(labels...)}}).Shared
	}
	for label, want := range map[string]string{"priority: urgent": "1", "Priority: High": "1", "Priority: Low": "2"} {
		if got := read("bug", label); got != work.NewText(want) {
			t.Errorf("%s reads %v, want %s", label, got, want)
		}
	}
	if diff := cmp.Diff([]string{"Priority: High", "Priority: Low"}, axis.Owned()); diff != "" {
		t.Errorf("what is only read became ours:\n%s", diff)
	}
}

// TestOneLabelOfTwoValuesIsRefused, also where one of them is only read.
func TestOneLabelOfTwoValuesIsRefused(t *testing.T) {
	t.Parallel()
	for what, target := range map[string]mapping.TargetSpec{
		"stands for both": {Label: "p/{value}", Values: map[string]mapping.Spellings{"1": {"High"}, "2": {"Low", "high"}}},
		"takes off":       {Label: "p/{value}", Values: map[string]mapping.Spellings{"1": {"High "}}},
	} {
		_, problems := mapping.Compile("", spec("priority", mapping.FieldSpec{Owner: "tandem", Targets: map[string]mapping.TargetSpec{"github": target}}), env())
		if len(problems) != 1 || !strings.Contains(problems[0].What, what) {
			t.Errorf("problems %v, want one with %q", problems, what)
		}
	}
}

// TestLabelsOfTheTeamUnderOurPrefixAreKnownInAnyCase: case does not count at
// GitHub, and what is read is no stranger.
func TestLabelsOfTheTeamUnderOurPrefixAreKnownInAnyCase(t *testing.T) {
	t.Parallel()
	_, axis := axisOf(t, mapping.TargetSpec{Label: "priority/{value}", Values: map[string]mapping.Spellings{"1": {"p1", "urgent"}}})
	got := axis.Foreign(work.NewList("Priority/needs-info", "priority/urgent", "PRIORITY/P1", "prio", "bug"))
	if diff := cmp.Diff([]string{"Priority/needs-info"}, got); diff != "" {
		t.Error(diff)
	}
}
