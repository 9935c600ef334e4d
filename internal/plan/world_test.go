package plan_test

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping"
)

// world is one item with three records and a ledger, for one field.
type world struct {
	program *mapping.Program
	rule    *mapping.FieldRule
	records []*work.Record
	item    work.Item
	entries []plan.Entry
}

const labelPath = work.NativeLabels

// newWorld maps "priority" to a field in jira and file, to a label in github.
func newWorld(t interface{ Fatalf(string, ...any) }, owner string, fill bool) *world {
	spec := mapping.FieldSpec{Owner: owner, Targets: map[string]mapping.TargetSpec{
		"jira":   {Field: mapping.FieldRef{Plain: "p"}},
		"file":   {Field: mapping.FieldRef{Plain: "p"}},
		"github": {Label: "p/{value}", Values: map[string]mapping.Spellings{"a": {"a"}, "b": {"b"}}},
	}}
	if fill {
		spec.Fill = mapping.Tandem
	}
	schema := work.Schema{Kind: "x", Fields: []work.NativeField{{Name: "p", Kind: work.Text, Writable: true}, {Name: "labels", Kind: work.List}}, Labels: true}
	program, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{"priority": spec}}, mapping.Env{
		Schemas: map[string]work.Schema{"jira": schema, "file": schema, "github": schema},
	})
	if len(problems) > 0 {
		t.Fatalf("compile: %v", problems)
	}
	w := &world{program: program, rule: program.Rule(work.Priority)}
	for i, name := range []string{"file", "github", "jira"} {
		r := &work.Record{
			Ref: work.NewRef(name, "1", name+"-1"), Place: "X", Audience: work.Internal,
			Created: time.Date(2026, 1, 3-i, 0, 0, 0, 0, time.UTC), Fields: map[string]work.Value{},
		}
		w.records = append(w.records, r)
		w.item.Parts = append(w.item.Parts, work.Part{Record: r})
	}
	w.item.ID, w.item.Birth = "item", w.records[2].RefID // jira is oldest
	return w
}

// agreed is a world in which Tandem wrote a everywhere, and it stands there.
func agreed(t interface{ Fatalf(string, ...any) }) *world {
	w := newWorld(t, "tandem", false)
	for _, r := range w.records {
		w.show(r, "a")
		w.remember(r, "a")
	}
	return w
}

// show sets what stands at a record: "" is empty, "?" is not read.
func (w *world) show(r *work.Record, v string) {
	switch {
	case r.Connector == "github" && v == "":
		r.Fields[labelPath] = work.NewList("team")
	case r.Connector == "github" && v != "?":
		r.Fields[labelPath] = work.NewList("team", "p/"+v)
	case v == "?":
		delete(r.Fields, "p")
		delete(r.Fields, labelPath)
	default:
		r.Fields["p"] = work.NewText(v)
	}
}

// remember puts a value into the ledger: "-" is no entry.
func (w *world) remember(r *work.Record, v string) {
	if v == "-" {
		return
	}
	target := work.Target{RefID: r.RefID, Path: "p"}
	if r.Connector != "github" {
		w.entries = append(w.entries, plan.Entry{Target: target, Value: work.NewText(v), Written: true})
		return
	}
	for _, x := range []string{"a", "b"} {
		target.Path, target.Element = labelPath, "p/"+x
		w.entries = append(w.entries, plan.Entry{Target: target, Value: work.NewFlag(x == v), Written: true})
	}
}

// shown reads back what stands at a record.
func (w *world) shown(r *work.Record) string {
	if r.Connector != "github" {
		return r.Fields["p"].Text()
	}
	for _, l := range r.Fields[labelPath].List() {
		if len(l) > 2 && l[:2] == "p/" {
			return l[2:]
		}
	}
	return "empty"
}

func (w *world) decide(want work.Value) plan.Verdict {
	state := &plan.State{Ledger: plan.NewLedger(w.entries), AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), Adopt: plan.Adopt{ReplaceDefaults: true}}
	settled := plan.Settle(w.program, w.rule, &w.item, w.records, state)
	return plan.Decide(settled, &w.item, plan.Wish{Value: want, Audience: work.Internal}, state)
}

// apply does what the edits say, as a service and the journal would.
func (w *world) apply(t interface{ Fatalf(string, ...any) }, v plan.Verdict) {
	entries := v.Adopted
	for _, e := range v.Edits {
		for _, r := range w.records {
			if r.RefID != e.Target.RefID {
				continue
			}
			switch e.Verb {
			case work.SetField, work.ClearField:
				if r.Fields[e.Target.Path] != e.Expect {
					t.Fatalf("edit expects %v, record shows %v", e.Expect, r.Fields[e.Target.Path])
				}
				r.Fields[e.Target.Path] = e.Value
			case work.AddLabel:
				r.Fields[labelPath] = work.NewList(append(r.Fields[labelPath].List(), e.Target.Element)...)
			case work.RemoveLabel:
				var kept []string
				for _, l := range r.Fields[labelPath].List() {
					if l != e.Target.Element {
						kept = append(kept, l)
					}
				}
				r.Fields[labelPath] = work.NewList(kept...)
			case work.PutLink, work.MoveInBacklog:
				t.Fatalf("a field does not plan %s", e.Verb)
			}
		}
		entries = append(entries, plan.Entry{Target: e.Target, Value: e.Value, Written: true})
	}
	for _, e := range entries {
		replaced := false
		for i := range w.entries {
			if w.entries[i].Target == e.Target {
				w.entries[i], replaced = e, true
			}
		}
		if !replaced {
			w.entries = append(w.entries, e)
		}
	}
}
