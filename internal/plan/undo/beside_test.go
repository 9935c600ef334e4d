package undo_test

import (
	"slices"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"

	"tandem/mapping"
)

// Tandem put p/2 there, and people other labels beside it: taking p/2 off names
// those of the same field that stay, and nothing else.
func TestS14ALabelThatIsTakenOffNamesThoseThatStayBeside(t *testing.T) {
	t.Parallel()
	schema := work.Schema{Kind: "jira", Labels: true, Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}
	rules, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
		"priority": {Owner: mapping.Tandem, Targets: map[string]mapping.TargetSpec{"jira": {Label: "p/{value}", Values: map[string]mapping.Spellings{"1": {"1"}, "2": {"2"}, "3": {"3"}}}}},
	}}, mapping.Env{Schemas: map[string]work.Schema{"jira": schema}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	at, field := target(work.NativeLabels, "p/2"), work.Priority
	put := undo.Write{Target: at, Field: field, Place: "PAY", Audience: work.Internal, Before: work.NewFlag(false), Wrote: work.NewFlag(true), Run: 1}
	back := undo.Write{Target: target(work.NativeLabels, "p/3"), Field: field, Place: "PAY", Audience: work.Internal, Before: work.NewFlag(true), Wrote: work.NewFlag(false), Run: 1}
	beside := back
	beside.Kept = work.NewList("p/1")
	for name, c := range map[string]struct {
		kind   work.Errand
		labels []string
		also   []undo.Write
		edits  int
		want   work.Value
	}{
		"nothing beside it":        {work.Undo, []string{"team"}, nil, 1, work.Value{}},
		"a label of the field":     {work.Undo, []string{"p/1", "team"}, nil, 1, work.NewList("p/1")},
		"two of them":              {work.Undo, []string{"p/1", "p/3"}, nil, 1, work.NewList("p/1", "p/3")},
		"another one was there":    {work.Undo, []string{"p/1"}, []undo.Write{back}, 1, work.NewList("p/1")},
		"another one comes back":   {work.Undo, []string{"p/1"}, []undo.Write{beside}, 2, work.Value{}},
		"everything is to go away": {work.Retire, []string{"p/1"}, nil, 1, work.Value{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Place: "PAY", Fields: map[string]work.Value{work.NativeLabels: work.NewList(append(c.labels, "p/2")...)}}
			p := undo.New(append(c.also, put), undo.Scene{
				Records: map[work.RefID]*work.Record{at.RefID: &record}, Rules: rules, Schemas: map[string]work.Schema{"jira": schema},
				Ledger: plan.NewLedger([]plan.Entry{
					{Target: at, Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)},
					{Target: back.Target, Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)},
				}),
			}, undo.Errand{Kind: c.kind, By: "ana"})
			i := slices.IndexFunc(p.Edits, func(e work.Edit) bool { return e.Target == at && e.Verb == work.RemoveLabel })
			if i < 0 || len(p.Edits) != c.edits || p.Edits[i].Keeps != c.want {
				t.Errorf("edits %+v; want %d, and %v to be kept", p.Edits, c.edits, c.want)
			}
		})
	}
}

// An undo left p1 there, which Tandem had taken off and somebody had set again
// since: retiring leaves it to that person.
func TestS14RetiringLeavesALabelThatAnUndoLeftBeside(t *testing.T) {
	t.Parallel()
	at := target(work.NativeLabels, "p1")
	record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: work.NewList("p1")}}
	p := undo.New([]undo.Write{{Target: at, Field: work.Priority, Before: work.NewFlag(false), Wrote: work.NewFlag(false), Run: 1}}, undo.Scene{
		Records: map[work.RefID]*work.Record{at.RefID: &record},
		Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: work.NewFlag(false), Written: true, Before: work.NewFlag(false)}}),
		Undone:  map[work.Target]plan.Undone{at: {Target: at, Value: work.NewList("p1"), By: "ana"}},
		Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
	}, undo.Errand{Kind: work.Retire, By: "bo"})
	if len(p.Edits) > 0 || len(p.Changed) != 1 {
		t.Errorf("edits %+v, changed %+v", p.Edits, p.Changed)
	}
}
