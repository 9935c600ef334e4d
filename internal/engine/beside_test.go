package engine_test

import (
	"testing"

	"tandem/internal/engine"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// TestEvidenceStaysWithWorkWhoseKeyMoved: feedback, insights and usage that
// name an old key speak for the work that has another one by now.
func TestEvidenceStaysWithWorkWhoseKeyMoved(t *testing.T) {
	t.Parallel()
	rules := compile(t, `
people: {ana: {jira: ana}}
teams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY]}}}
evidence:
  link:
    - {metrics: [export_clicked, export_opened], to: 'jira:PAY-1'}
    - {metrics: export_clicked, to: 'jira:OPS-9'}
goals: {exporters: {themes: [export]}}
rank: {next: {method: expression, expression: '10 * goal.insights + evidence.insights + evidence.votes + (evidence.usage ?? 0) / 100 + (evidence.usage_trend ?? 0)'}}
`)
	moved := &work.Record{
		Ref: work.NewRef("jira", "1", "OPS-9"), Former: []string{"PAY-1"}, Place: "OPS", Audience: work.Internal,
		Fields: map[string]work.Value{"summary": work.NewText("Export"), "labels": work.NewList()},
	}
	now := evidence.DayNumber(day)
	said := func(target string) evidence.Day {
		return evidence.Day{Key: evidence.Key{Target: target, Account: target, Method: work.Survey, Day: now - 3}, Count: 2, Audience: work.Internal}
	}
	used := func(name string, n int32, count float64) evidence.Usage {
		return evidence.Usage{Connector: "posthog", Name: name, Day: now - n, Count: work.NewNumber(count), Audience: work.Restricted}
	}
	about := func(id, target, goal string) evidence.Finding {
		return evidence.Finding{Of: work.RefID{Connector: "notes", ID: id}, Target: target, Goal: goal, Day: now - 9, Audience: work.Internal}
	}
	snap := engine.Snapshot{
		AsOf: day, Records: []*work.Record{moved},
		Evidence: []evidence.Day{said("jira:OPS-9"), said("jira:PAY-1"), said("jira:PAY-2")},
		Findings: []evidence.Finding{about("1", "jira:PAY-1", ""), about("1", "jira:OPS-9", ""), about("2", "jira:PAY-2", ""), about("3", "", "exporters"), about("4", "", "other")},
		Usage:    []evidence.Usage{used("export_clicked", 1, 6), used("export_clicked", 30, 4), used("export_opened", 2, 3), used("other", 1, 99)},
	}
	o := engine.Evaluate(rules, snap)
	d := o.Items[0]
	e := d.Evidence
	if e.Votes != 4 || e.Accounts != 2 || e.Insights != 1 || e.GoalInsights != 0 {
		t.Errorf("evidence %+v", e)
	}
	if usage, _ := e.Usage.Number(); usage != 9 {
		t.Errorf("usage %v, want 9: each name once", e.Usage)
	}
	if trend, _ := e.UsageTrend.Number(); trend != 0.5 {
		t.Errorf("trend %v, want 0.5", e.UsageTrend)
	}
	if d.Voices != work.Restricted {
		t.Errorf("meant for %v: usage is stricter than what people said", d.Voices)
	}
	if got := o.Targets(rules, d); len(got) != 2 || got[0] != "jira:OPS-9" || got[1] != "jira:PAY-1" {
		t.Errorf("it is called %v", got)
	}
	served := *moved
	served.Fields = map[string]work.Value{"summary": work.NewText("Export"), "labels": work.NewList()}
	snap.Records = []*work.Record{&served}
	if again := engine.Evaluate(rules, snap).Items[0]; again.Evidence != e {
		t.Errorf("another look gives %+v, want %+v", again.Evidence, e)
	}
}
