package undo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/plan"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

// Run 1 wrote Low, run 2 wrote High over it, and somebody set Low again: that is
// no longer what run 1 wrote.
func TestS14WhatSomebodyPutBackSinceALaterRunIsLeft(t *testing.T) {
	t.Parallel()
	at := target("priority", "")
	record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Fields: map[string]work.Value{"priority": work.NewText("Low")}}
	scene := undo.Scene{
		Records: map[work.RefID]*work.Record{at.RefID: &record},
		Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: work.NewText("High"), Written: true, Before: work.NewText("Mid")}}),
		Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: "priority", Writable: true}}}},
	}
	p := undo.New([]undo.Write{{Target: at, Audience: work.Internal, Before: work.NewText("Mid"), Wrote: work.NewText("Low"), Run: 1}}, scene, undo.Errand{Kind: work.Undo, By: "ana"})
	if len(p.Edits) > 0 || len(p.Changed) != 1 {
		t.Errorf("edits %v, changed %v", p.Edits, p.Changed)
	}
}

// Tandem put p2 in the place of p3, and somebody took p2 off: that person wants
// neither. Where Tandem's own errand took p2 off, p3 is still to come back.
func TestS14ALabelDoesNotComeBackOverWhatSomebodyChoseSince(t *testing.T) {
	t.Parallel()
	old, put := target(work.NativeLabels, "p3"), target(work.NativeLabels, "p2")
	field := work.Priority
	writes := []undo.Write{
		{Target: old, Field: field, Audience: work.Internal, Before: work.NewFlag(true), Wrote: work.NewFlag(false), Run: 1},
		{Target: put, Field: field, Audience: work.Internal, Before: work.NewFlag(false), Wrote: work.NewFlag(true), Run: 1},
	}
	for _, c := range []struct {
		name           string
		labels         work.Value
		undone         map[work.Target]plan.Undone
		edits, changed int
	}{
		{"nobody did anything", work.NewList("p2"), nil, 2, 0},
		{"somebody took it off", work.NewList("team"), nil, 0, 1},
		{"somebody put another one there", work.NewList("p1"), nil, 0, 1},
		{"the undo ended halfway", work.NewList("team"), map[work.Target]plan.Undone{put: {Target: put, Value: work.NewFlag(false)}}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			record := work.Record{Ref: work.Ref{RefID: old.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: c.labels}}
			p := undo.New(writes, undo.Scene{
				Records: map[work.RefID]*work.Record{old.RefID: &record}, Undone: c.undone,
				Ledger: plan.NewLedger([]plan.Entry{
					{Target: old, Value: work.NewFlag(false), Written: true, Before: work.NewFlag(true)},
					{Target: put, Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)},
				}),
				Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
			}, undo.Errand{Kind: work.Retire, By: "ana"})
			if len(p.Edits) != c.edits || len(p.Changed) != c.changed {
				t.Errorf("edits %v, changed %v", p.Edits, p.Changed)
			}
		})
	}
}

// Tandem put p1 in the place of p2, ana put p4 in the place of p1 and released the
// field, and Tandem put p3 in the place of p4. Of p1 the ledger tells no more, the
// journal does: p2 is what ana did not want, p4 is what she had.
func TestS14OnlyTheLastLabelThatAPersonChoseComesBack(t *testing.T) {
	t.Parallel()
	p1, p2, p3, p4 := target(work.NativeLabels, "p1"), target(work.NativeLabels, "p2"), target(work.NativeLabels, "p3"), target(work.NativeLabels, "p4")
	on, off, field := work.NewFlag(true), work.NewFlag(false), work.Priority
	record := work.Record{Ref: work.Ref{RefID: p1.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: work.NewList("p3")}}
	p := undo.New([]undo.Write{
		{Target: p2, Field: field, Audience: work.Internal, Before: on, Wrote: off, Run: 1},
		{Target: p3, Field: field, Audience: work.Internal, Before: off, Wrote: on, Run: 5},
		{Target: p4, Field: field, Audience: work.Internal, Before: on, Wrote: off, Run: 5},
	}, undo.Scene{
		Records: map[work.RefID]*work.Record{p1.RefID: &record},
		Ledger: plan.NewLedger([]plan.Entry{
			{Target: p2, Value: off, Written: true, Before: on}, {Target: p3, Value: on, Written: true, Before: off}, {Target: p4, Value: off, Written: true, Before: on},
		}),
		Put:     []undo.Put{{Target: p1, Field: field, Run: 1}, {Target: p3, Field: field, Run: 5}},
		Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
	}, undo.Errand{Kind: work.Retire, By: "ana"})
	var edits []string
	for _, e := range p.Edits {
		edits = append(edits, string(e.Verb)+" "+e.Target.Element)
	}
	if diff := cmp.Diff([]string{"remove_label p3", "add_label p4"}, edits); diff != "" {
		t.Errorf("edits (-want +got):\n%s", diff)
	}
	if len(p.Changed) != 1 || p.Changed[0].Target != p2 {
		t.Errorf("changed %+v", p.Changed)
	}
}

// Tandem wrote a comment twice, and ana let it put back the first text. When
// everything is to go, so is the comment; when only a run is undone, her word counts.
func TestS18RetiringRemovesWhatAnUndoHadPutBack(t *testing.T) {
	t.Parallel()
	at := target(work.NativeComment, "")
	first, second := work.NewText("Horizon: now"), work.NewText("Horizon: next")
	record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeComment: first}}
	scene := undo.Scene{
		Records: map[work.RefID]*work.Record{at.RefID: &record},
		Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: second, Written: true, Before: work.Empty()}}),
		Undone:  map[work.Target]plan.Undone{at: {Target: at, Value: first, By: "ana"}},
		Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeComment, Writable: true}}}},
	}
	writes := []undo.Write{{Target: at, Audience: work.Internal, Before: work.Empty(), Wrote: second}}
	p := undo.New(writes, scene, undo.Errand{Kind: work.Retire, By: "bo"})
	if len(p.Edits) != 1 || p.Edits[0].Verb != work.ClearField || !p.Edits[0].Expect.Says(first) {
		t.Errorf("edits %+v, changed %+v", p.Edits, p.Changed)
	}
	if p = undo.New(writes, scene, undo.Errand{Kind: work.Undo, By: "bo"}); len(p.Edits) > 0 || len(p.Changed) != 1 {
		t.Errorf("an undo plans %+v, and tells %+v", p.Edits, p.Changed)
	}
}

// A person set another value since and came back to Tandem's: that value is the
// person's now, as the service's history tells.
func TestS14AValueThatSomebodyCameBackToIsLeft(t *testing.T) {
	t.Parallel()
	at, wrote := target("priority", ""), time.Date(2026, 11, 24, 2, 56, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		after time.Duration
		edits int
	}{
		"four minutes later":          {4 * time.Minute, 0},
		"right with Tandem's write":   {time.Second, 1}, // by another account of Tandem's, say
		"nobody, says the history":    {0, 1},
		"before Tandem wrote at last": {-time.Hour, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Fields: map[string]work.Value{"priority": work.NewText("High")}}
			scene := undo.Scene{
				Records: map[work.RefID]*work.Record{at.RefID: &record},
				Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: work.NewText("High"), Written: true, Before: work.NewText("Low")}}),
				Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: "priority", Writable: true}}}},
			}
			if c.after != 0 {
				scene.Later = map[work.Target]work.Touch{at: {By: "cy", At: wrote.Add(c.after)}}
			}
			p := undo.New([]undo.Write{{Target: at, Audience: work.Internal, Before: work.NewText("Low"), Wrote: work.NewText("High"), Run: 1, At: wrote}}, scene, undo.Errand{Kind: work.Undo, By: "ana"})
			if len(p.Edits) != c.edits || len(p.Changed) != 1-c.edits {
				t.Errorf("edits %v, changed %v", p.Edits, p.Changed)
			}
			if c.edits == 0 && p.Changed[0].By != "cy" {
				t.Errorf("changed by %q", p.Changed[0].By)
			}
		})
	}
}

// Tandem put p1 beside p3, to take that off next, and somebody took it off first: of
// the two that person chose p1. Where Tandem, or its own errand, took p3 off, p1 goes.
func TestS14ALabelThatSomebodyChoseOfTwoStays(t *testing.T) {
	t.Parallel()
	old, put := target(work.NativeLabels, "p3"), target(work.NativeLabels, "p1")
	edit := work.Edit{Target: put, Field: work.Priority, Verb: work.AddLabel, Value: work.NewFlag(true), Expect: work.NewFlag(false), While: work.NewList("p3"), Audience: work.Internal}
	writes := undo.Fold([]work.AuditEntry{{Edit: edit, Run: 2, State: work.Applied}})
	line := func(on bool) plan.Entry {
		return plan.Entry{Target: old, Value: work.NewFlag(on), Written: true, Before: work.NewFlag(!on)}
	}
	for _, c := range []struct {
		name    string
		labels  work.Value
		old     []plan.Entry
		undone  map[work.Target]plan.Undone
		took    []undo.Write
		changed int
	}{
		{"both stand", work.NewList("p1", "p3"), []plan.Entry{line(true)}, nil, nil, 0},
		{"somebody took off Tandem's", work.NewList("p1"), []plan.Entry{line(true)}, nil, nil, 1},
		{"somebody took off a person's", work.NewList("p1"), nil, nil, nil, 1},
		{"Tandem took it off", work.NewList("p1"), []plan.Entry{line(false)}, nil, nil, 0},
		{"Tandem did, before a release", work.NewList("p1"), nil, nil, []undo.Write{{Target: old, Before: work.Value{}, Wrote: work.NewFlag(false)}}, 0},
		{"an undo took it off", work.NewList("p1"), nil, map[work.Target]plan.Undone{old: {Target: old, Value: work.NewFlag(false)}}, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			record := work.Record{Ref: work.Ref{RefID: put.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: c.labels}}
			p := undo.New(append(c.took, writes...), undo.Scene{
				Records: map[work.RefID]*work.Record{put.RefID: &record}, Undone: c.undone,
				Ledger:  plan.NewLedger(append(c.old, plan.Entry{Target: put, Value: work.NewFlag(true), Written: true, Before: work.NewFlag(false)})),
				Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
			}, undo.Errand{Kind: work.Undo, By: "ana"})
			if len(p.Changed) != c.changed || len(p.Edits) != 1-c.changed {
				t.Errorf("edits %+v, changed %+v", p.Edits, p.Changed)
			}
		})
	}
}

// Somebody cleared a field after Tandem's labels had taken each other's place: what a
// later errand would bring back is nobody's wish any more.
func TestS14NoLabelComesBackIntoAFieldThatSomebodyCleared(t *testing.T) {
	t.Parallel()
	first, second := target(work.NativeLabels, "p4"), target(work.NativeLabels, "p3")
	off, on := work.NewFlag(false), work.NewFlag(true)
	edit := func(at work.Target, verb work.Verb, while, keeps work.Value) work.Edit {
		return work.Edit{Target: at, Field: work.Priority, Verb: verb, Value: work.NewFlag(verb == work.AddLabel), Expect: work.NewFlag(verb != work.AddLabel), While: while, Keeps: keeps, Audience: work.Internal}
	}
	sent := func(edits ...work.Edit) (all []work.AuditEntry) {
		for _, e := range edits {
			all = append(all, work.AuditEntry{Edit: e, Run: 3, State: work.Applied})
		}
		return all
	}
	line := func(at work.Target, value, before work.Value) plan.Entry {
		return plan.Entry{Target: at, Value: value, Written: true, Before: before}
	}
	for _, c := range []struct {
		name   string
		sent   []work.AuditEntry
		ledger []plan.Entry
		undone []plan.Undone
		put    []undo.Put
	}{
		{
			"an undo had put the first one back", // and is undone
			sent(edit(first, work.AddLabel, work.Value{}, work.Value{}), edit(second, work.RemoveLabel, work.Value{}, work.Value{})),
			[]plan.Entry{line(first, off, on), line(second, on, off)},
			[]plan.Undone{{Target: first, Value: on}, {Target: second, Value: off}},
			[]undo.Put{{Target: first, Field: work.Priority, Run: 3}},
		},
		{
			"the new one was put there a run earlier",
			sent(edit(second, work.RemoveLabel, work.Value{}, work.NewList("p4"))),
			[]plan.Entry{line(first, on, off), line(second, off, on)},
			nil,
			[]undo.Put{{Target: first, Field: work.Priority, Run: 2}},
		},
		{
			"both went in one run",
			sent(edit(second, work.RemoveLabel, work.NewList("p4"), work.Value{})),
			[]plan.Entry{line(first, on, off), line(second, off, on)},
			nil, nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			undone := map[work.Target]plan.Undone{}
			for _, u := range c.undone {
				undone[u.Target] = u
			}
			record := work.Record{Ref: work.Ref{RefID: first.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: work.NewList("team")}}
			scene := undo.Scene{
				Records: map[work.RefID]*work.Record{first.RefID: &record}, Undone: undone, Put: c.put, Ledger: plan.NewLedger(c.ledger),
				Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
			}
			if p := undo.New(undo.Fold(c.sent), scene, undo.Errand{Kind: work.Undo, By: "ana"}); len(p.Edits) > 0 {
				t.Errorf("edits %+v", p.Edits)
			}
		})
	}
}

// An undo took p1 off, and what it left counts no more, since somebody had put p2 there
// and taken it off again: to undo the undo leaves that. What an undo of an undo put
// there is Tandem's and never counted.
func TestS14WhatAnUndoLeftIsAPersonsOnceItCountsNoMore(t *testing.T) {
	t.Parallel()
	at, on, off := target(work.NativeLabels, "p1"), work.NewFlag(true), work.NewFlag(false)
	for _, c := range []struct {
		name           string
		put            work.Value // by the undo, and what stands there
		counts         bool
		edits, changed int
	}{
		{"it counts", off, true, 1, 0},
		{"it counts no more", off, false, 0, 1},
		{"it was an undo of an undo", on, false, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			before, labels := on, work.NewList("team")
			if c.put == on {
				before, labels = off, work.NewList("p1")
			}
			record := work.Record{Ref: work.Ref{RefID: at.RefID}, Audience: work.Internal, Fields: map[string]work.Value{work.NativeLabels: labels}}
			scene := undo.Scene{
				Records: map[work.RefID]*work.Record{at.RefID: &record}, Undid: map[work.Target]work.Value{at: c.put}, Undone: map[work.Target]plan.Undone{},
				Ledger:  plan.NewLedger([]plan.Entry{{Target: at, Value: on, Written: true, Before: off}}),
				Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}},
			}
			if c.counts {
				scene.Undone[at] = plan.Undone{Target: at, Value: c.put}
			}
			w := undo.Write{Target: at, Field: work.Priority, Audience: work.Internal, Before: before, Wrote: c.put, Run: 2}
			p := undo.New([]undo.Write{w}, scene, undo.Errand{Kind: work.Undo, By: "ana"})
			if len(p.Edits) != c.edits || len(p.Changed) != c.changed {
				t.Errorf("edits %+v, changed %+v, left %+v", p.Edits, p.Changed, p.Left)
			}
		})
	}
}
