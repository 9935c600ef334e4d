package plan_test

import (
	"testing"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// TestWhatIsFinishedElsewhereIsFinishedHere: the owner of the status says done,
// and the twin is still open. A twin that is done stays as it is (promise S17).
func TestWhatIsFinishedElsewhereIsFinishedHere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, stands, last string
		edits, holds       int
	}{
		{"still as Tandem wrote it", "doing", "doing", 1, 0},
		{"a person went on with it", "doing", "todo", 0, 1},
		{"finished already", "done", "doing", 0, 0},
		{"not read", "", "doing", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := statusVerdict(t, c.stands, c.last)
			if len(v.Edits) != c.edits || len(v.Holds) != c.holds {
				t.Errorf("edits %+v, holds %+v", v.Edits, v.Holds)
			}
			if c.edits == 1 && v.Edits[0].Value != work.NewText("done") {
				t.Errorf("it writes %v", v.Edits[0].Value)
			}
		})
	}
}

// statusVerdict decides about an item that is done in github, which owns the
// status, and stands in jira where it was last written as given.
func statusVerdict(t *testing.T, stands, last string) plan.Verdict {
	t.Helper()
	target := mapping.TargetSpec{Field: mapping.FieldRef{Plain: "s"}}
	schema := work.Schema{Kind: "x", Fields: []work.NativeField{{Name: "s", Kind: work.Text, Writable: true}}}
	program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
		"status": {Owner: "github", Targets: map[string]mapping.TargetSpec{"jira": target, "github": target}},
	}}, mapping.Env{Schemas: map[string]work.Schema{"jira": schema, "github": schema}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	hub := &work.Record{Ref: work.NewRef("github", "1", "a/b#1"), Audience: work.Internal, Fields: map[string]work.Value{"s": work.NewText("done")}}
	site := &work.Record{Ref: work.NewRef("jira", "1", "PAY-1"), Audience: work.Internal, Fields: map[string]work.Value{}}
	if stands != "" {
		site.Fields["s"] = work.NewText(stands)
	}
	item := work.Item{ID: "item", Birth: hub.RefID, Parts: []work.Part{{Record: hub}, {Record: site}}}
	item.Fields.Set(work.Status, work.NewText("done"))
	state := &plan.State{AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Ledger: plan.NewLedger([]plan.Entry{
		{Target: work.Target{RefID: site.RefID, Path: "s"}, Value: work.NewText(last), Written: true},
	})}
	settled := plan.Settle(program, program.Rule(work.Status), &item, []*work.Record{hub, site}, state)
	return plan.Decide(settled, &item, plan.Wish{}, state)
}
