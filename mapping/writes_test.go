package mapping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/work"

	"tandem/mapping"
)

func TestWhatRulesWriteIsListedPlaceByPlace(t *testing.T) {
	t.Parallel()
	plain := func(name string) mapping.FieldRef { return mapping.FieldRef{Plain: name} }
	program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
		"priority": {Owner: "tandem", Targets: map[string]mapping.TargetSpec{
			"jira": {Field: plain("priority"), ByProject: map[string]mapping.PlaceSpec{
				"OPS": {Values: map[string]mapping.Spellings{"1": {"P1", "P0"}, "2": {"P2"}, "3": {"P3"}}},
			}},
			"github": {Label: "p{value}"},
		}},
		"horizon": {Owner: "github", Fill: "tandem", Targets: map[string]mapping.TargetSpec{
			"jira": {Label: "roadmap/{value}"}, "github": {Label: "roadmap/{value}"},
		}},
		"effort":   {Owner: "jira", Targets: map[string]mapping.TargetSpec{"jira": {Field: plain("customfield_1")}}}, // read only
		"severity": {Targets: map[string]mapping.TargetSpec{"jira": {Field: plain("customfield_2")}}},                // no other place
		"goal": {Owner: "jira", Targets: map[string]mapping.TargetSpec{
			"jira": {Field: plain("customfield_3")}, "github": {Label: "goal/{value}", Values: map[string]mapping.Spellings{"keep": {"Keep"}}},
		}},
	}}, env())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	roadmap := []string{"roadmap/now", "roadmap/next", "roadmap/later"}
	want := []mapping.Written{
		{Path: "labels", Place: "PAY", Values: roadmap, Labels: true},
		{Path: "priority", Place: "PAY", Values: []string{"1", "2", "3"}},
		{Path: "labels", Place: "OPS", Values: roadmap, Labels: true},
		{Path: "priority", Place: "OPS", Values: []string{"P1", "P2", "P3"}},
	}
	if d := cmp.Diff(want, program.Writes("jira", []string{"PAY", "OPS"})); d != "" {
		t.Error(d)
	}
	want = []mapping.Written{
		{Path: "labels", Place: "acme/pay", Values: []string{"goal/Keep"}, Labels: true},
		{Path: "labels", Place: "acme/pay", Values: roadmap, Labels: true},
		{Path: "labels", Place: "acme/pay", Values: []string{"p1", "p2", "p3"}, Labels: true},
	}
	if d := cmp.Diff(want, program.Writes("github", []string{"acme/pay"})); d != "" {
		t.Error(d)
	}
}

func TestAChoiceCanStandForANumber(t *testing.T) {
	t.Parallel()
	program, problems := mapping.Compile("", spec("severity", mapping.FieldSpec{Owner: "jira", Targets: map[string]mapping.TargetSpec{
		"jira": {Field: mapping.FieldRef{Plain: "customfield_4"}, Values: map[string]mapping.Spellings{"1": {"Kritisch"}, "2": {"Hoch"}}},
	}}), env())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	slot := program.Rule(work.Severity).Slot("jira", "PAY")
	got := slot.Read(&work.Record{Fields: map[string]work.Value{"customfield_4": work.NewText("Hoch")}})
	if got.Shared != work.NewNumber(2) || got.Unmapped {
		t.Errorf("Hoch is read as %v", got)
	}
	if native, ok := slot.Spell(work.NewNumber(1)); !ok || native != work.NewText("Kritisch") {
		t.Errorf("1 is spelled %v", native)
	}
	if got := slot.Read(&work.Record{Fields: map[string]work.Value{"customfield_4": work.NewText("3")}}); !got.Unmapped {
		t.Errorf("a value without a mapping is read as %v", got)
	}
}
