package mapping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
