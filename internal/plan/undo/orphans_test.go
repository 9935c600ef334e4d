package undo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"

	"tandem/mapping"
)

// TestWhatRulesAndSettingsNoLongerOwnIsNamed changes one thing at a time.
func TestWhatRulesAndSettingsNoLongerOwnIsNamed(t *testing.T) {
	t.Parallel()
	schema := work.Schema{Kind: "jira", Labels: true, Fields: []work.NativeField{{Name: "customfield_*", Writable: true}, {Name: "labels"}}}
	rules := func(template, field string) *mapping.Program {
		p, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
			"priority": {Owner: mapping.Tandem, Targets: map[string]mapping.TargetSpec{"jira": {Label: template, Values: map[string]mapping.Spellings{"1": {"1"}, "2": {"2"}}}}},
			"score":    {Owner: mapping.Tandem, Targets: map[string]mapping.TargetSpec{"jira": {Field: mapping.FieldRef{ID: field}}}},
		}}, mapping.Env{Schemas: map[string]work.Schema{"jira": schema}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return p
	}
	ledger := plan.NewLedger([]plan.Entry{
		{Target: target(work.NativeLabels, "priority/1"), Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)},
		{Target: target(work.NativeLabels, "priority/2"), Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)}, // came and went
		{Target: target("customfield_1", ""), Value: work.NewNumber(7), Written: true, Before: work.Empty()},
		{Target: target("customfield_9", ""), Value: work.NewNumber(7), Before: work.NewNumber(7)}, // adopted
		{Target: target(work.NativeMarker, ""), Value: work.NewText("github:7"), Written: true, Before: work.Empty()},
	})
	for name, c := range map[string]struct {
		template, field, team string
		places                map[string][]string
		want                  map[string]string
	}{
		"nothing": {want: map[string]string{"marker": "no rule writes marker there any more"}},
		"prefix":  {template: "prio/{value}", want: map[string]string{"marker": "no rule writes marker there any more", "labels": "no rule writes the label priority/1 there any more"}},
		"field":   {field: "customfield_2", want: map[string]string{"marker": "no rule writes marker there any more", "customfield_1": "no rule writes customfield_1 there any more"}},
		"scope":   {places: map[string][]string{"jira": {"W*"}}, want: everywhere("the settings of jira no longer cover PAY")},
		"taken":   {places: map[string][]string{"jira": {"*", "!PAY"}}, want: everywhere("the settings of jira no longer cover PAY")},
		"team":    {team: "-", want: everywhere("no team has PAY any more")},
		"gone":    {places: map[string][]string{"github": nil}, want: everywhere("there is no connector jira any more; put it back to remove this")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.template == "" {
				c.template = "priority/{value}"
			}
			if c.field == "" {
				c.field = "customfield_1"
			}
			if c.places == nil {
				c.places = map[string][]string{"jira": {"PAY"}}
			}
			homes := func(work.RefID) (undo.Home, bool) {
				return undo.Home{Key: "PAY-1", Place: "PAY", Team: map[string]string{"": "pay"}[c.team]}, true
			}
			program := rules(c.template, c.field)
			got := map[string]string{}
			for _, o := range undo.Orphans(undo.FromLedger(ledger, nil, homes, program), nil, undo.Territory{Rules: program, Connectors: c.places, Teams: true, Homes: homes}) {
				got[o.Target.Path] = o.Why
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func everywhere(why string) map[string]string {
	return map[string]string{"marker": why, "labels": why, "customfield_1": why}
}
