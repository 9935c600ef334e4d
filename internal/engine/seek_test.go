package engine_test

import (
	"strings"
	"testing"

	"tandem/config"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// paged compiles rules for a Tandem with pages.
func paged(t *testing.T, rules, pages string) *engine.Rules {
	t.Helper()
	doc, found := config.ParseDocument("rules.yaml", []byte(rules))
	var spec engine.Spec
	if found = append(found, doc.Decode(&spec)...); len(found) > 0 {
		t.Fatal(found)
	}
	places := map[string][]string{"jira": {"PAY"}, "github": {"acme/pay"}}
	r, problems := engine.Compile(spec, engine.Env{Schemas: schemas(), Places: places, Pages: pages})
	if len(problems) > 0 {
		t.Fatal(doc.Diagnose(problems))
	}
	return r
}

const commented = "fields: {value: {owner: jira, jira: {field: customfield_1}}, explanation: {jira: {field: comment}}}\nrank: {method: expression, expression: 'item.value ?? 1'}\npeople: {ana: {jira: u-ana}}\nteams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY], github: [acme/pay]}}}\n"

func TestTheCommentLeadsToThePageOfItsItem(t *testing.T) {
	t.Parallel()
	record := work.Record{
		Ref: work.NewRef("jira", "1", "PAY-1"), Place: "PAY", Audience: work.Internal, Version: day, Created: day.AddDate(0, 0, -1),
		Fields: map[string]work.Value{"summary": work.NewText("Do it"), "status_category": work.NewText("new"), "labels": work.Empty()},
	}
	comment := func(r *engine.Rules) string {
		t.Helper()
		o := engine.Evaluate(r, engine.Snapshot{AsOf: day, Records: []*work.Record{&record}})
		d, ok := o.FindKey("jira:PAY-1")
		if !ok {
			t.Fatal("the item is not there")
		}
		return o.Explain(r, d).Comment
	}
	const link = "Why, and how to say otherwise: https://tandem.acme.example/item?ref=jira:PAY-1"
	with, without := paged(t, commented, "https://tandem.acme.example/"), paged(t, commented, "")
	if got := comment(with); !strings.Contains(got, link+"\n") {
		t.Errorf("the comment is\n%s", got)
	}
	if got := comment(without); strings.Contains(got, "item?ref") {
		t.Errorf("the comment leads nowhere:\n%s", got)
	}
	if with.Hash() == without.Hash() {
		t.Error("a run does not tell where its comments led")
	}
	if again, err := engine.Recompile(withText(with), with.Hash(), engine.Env{Schemas: schemas()}); err != nil || comment(again) != comment(with) {
		t.Errorf("decided again it is another comment: %v", err)
	}
}

// withText is what a run keeps of its rules.
func withText(r *engine.Rules) string {
	o := engine.Evaluate(r, engine.Snapshot{AsOf: day})
	return o.Run(0, r, "").RulesText
}

func TestAnItemIsFoundByTheKeyThatItHadAndByTheLabelThatStopsTandem(t *testing.T) {
	t.Parallel()
	r := paged(t, commented, "")
	records := []*work.Record{
		{Ref: work.NewRef("jira", "1", "WEB-7"), Former: []string{"PAY-1", "PAY-2"}, Fields: map[string]work.Value{"labels": work.NewList("x", plan.HandsOffLabel)}},
		{Ref: work.NewRef("jira", "2", "PAY-3"), Former: []string{"PAY-2"}, Fields: map[string]work.Value{"labels": work.NewList("x")}},
	}
	for _, record := range records {
		record.Place, record.Audience, record.Version, record.Created = "PAY", work.Internal, day, day
	}
	o := engine.Evaluate(r, engine.Snapshot{AsOf: day, Records: records})
	for text, want := range map[string]string{"jira:PAY-1": "jira:WEB-7", "PAY-1": "jira:WEB-7", "jira:PAY-2": "", "github:PAY-1": "", "jira:WEB-7": "", "": ""} {
		got := ""
		if d, ok := o.FindFormer(text); ok {
			got = d.Item.Key()
		}
		if got != want {
			t.Errorf("%q was %q, want %q", text, got, want)
		}
	}
	for key, want := range map[string]int{"jira:WEB-7": 1, "jira:PAY-3": 0} {
		if d, ok := o.FindKey(key); !ok || len(o.HandsOff(d)) != want {
			t.Errorf("%s: found %t, hands off at %v", key, ok, o.HandsOff(d))
		}
	}
}
