package undo_test

import (
	"strings"
	"testing"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/plan/undo"
	"tandem/internal/work"

	"tandem/mapping"
)

// TestS7NothingComesBackIntoAPlaceThatOpenedSince: what stood there before may
// have been meant for those who could read it then. What only takes away goes in
// any case.
func TestS7NothingComesBackIntoAPlaceThatOpenedSince(t *testing.T) {
	t.Parallel()
	field, label := target("priority", ""), target(work.NativeLabels, "p3")
	put := undo.Write{Target: field, Field: work.Priority, Before: work.NewText("Low"), Wrote: work.NewText("High"), Run: 1}
	cleared := undo.Write{Target: field, Field: work.Priority, Before: work.Empty(), Wrote: work.NewText("High"), Run: 1}
	back := undo.Write{Target: label, Field: work.Priority, Before: work.NewFlag(true), Wrote: work.NewFlag(false), Run: 1}
	off := undo.Write{Target: label, Field: work.Priority, Before: work.NewFlag(false), Wrote: work.NewFlag(true), Run: 1}
	for name, c := range map[string]struct {
		write     undo.Write
		then, now work.Audience
		strict    work.Audience // of the field alone; unknown is as strict as the record
		held      string        // empty where it goes
	}{
		"a value, as private as then":       {put, work.Internal, work.Internal, 0, ""},
		"a value, public as then":           {put, work.Public, work.Public, 0, ""},
		"a value, stricter by now":          {put, work.Public, work.Internal, 0, ""},
		"a value, public by now":            {put, work.Internal, work.Public, 0, "public readers"},
		"a value, the restriction is gone":  {put, work.Restricted, work.Internal, 0, "internal readers"},
		"a value, nobody knows of then":     {put, work.UnknownAudience, work.Public, 0, "nobody knows who could read it"},
		"a value, nobody knows of now":      {put, work.Public, work.UnknownAudience, 0, "nobody knows who can read"},
		"a value in a field that is strict": {put, work.Internal, work.Public, work.Internal, ""},
		"a label, public as then":           {back, work.Public, work.Public, 0, ""},
		"a label, public by now":            {back, work.Internal, work.Public, 0, "public readers"},
		"a label goes":                      {off, work.Internal, work.Public, 0, ""},
		"a label goes, nobody knows":        {off, work.UnknownAudience, work.UnknownAudience, 0, ""},
		"a value goes":                      {cleared, work.Restricted, work.Public, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range []work.Errand{work.Undo, work.Retire} {
				w := c.write
				w.Audience = c.then
				record := work.Record{
					Ref: work.Ref{RefID: w.Target.RefID}, Audience: c.now,
					Fields: map[string]work.Value{"priority": work.NewText("High"), work.NativeLabels: work.NewList("team")},
				}
				if on, is := w.Wrote.Flag(); is && on {
					record.Fields[work.NativeLabels] = work.NewList("team", "p3")
				}
				if c.strict != work.UnknownAudience {
					record.Strict = map[string]work.Audience{"priority": c.strict}
				}
				p := undo.New([]undo.Write{w}, undo.Scene{
					Records: map[work.RefID]*work.Record{w.Target.RefID: &record},
					Ledger:  plan.NewLedger([]plan.Entry{{Target: w.Target, Value: w.Wrote, Written: true, Before: w.Before}}),
					Schemas: map[string]work.Schema{"jira": {Kind: "jira", Fields: []work.NativeField{{Name: "priority", Writable: true}, {Name: work.NativeLabels, Writable: true}}}},
				}, undo.Errand{Kind: kind, By: "ana"})
				switch {
				case len(p.Edits)+len(p.Left) != 1 || len(p.Changed)+len(p.Done) != 0:
					t.Errorf("%s: %+v", kind, p)
				case c.held == "" && (len(p.Edits) != 1 || p.Edits[0].Audience != max(c.now, c.strict)):
					t.Errorf("%s: it goes out as planned for who can read it now: %+v", kind, p)
				case c.held != "" && (len(p.Left) != 1 || !p.Left[0].Later || !strings.Contains(p.Left[0].Why, c.held) || !strings.Contains(p.Left[0].Why, "leak guard")):
					t.Errorf("%s: it is held, with cause and remedy: %+v", kind, p)
				}
			}
		})
	}
}

// TestS7NothingMovesBackInABacklogThatOpenedSince: an order tells something, too.
func TestS7NothingMovesBackInABacklogThatOpenedSince(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		then, now work.Audience
		edits     int
	}{
		"as private as then":   {work.Internal, work.Internal, 1},
		"public by now":        {work.Internal, work.Public, 0},
		"nobody knows of then": {work.UnknownAudience, work.Internal, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := undo.Write{Target: mover("3"), Field: work.Rank, Before: work.Anchor{ID: "2"}.Value(), Wrote: work.Anchor{Before: true, ID: "1"}.Value(), Run: 1, Audience: c.then}
			p := undo.New([]undo.Write{w}, undo.Scene{
				Records:  map[work.RefID]*work.Record{w.Target.RefID: {Ref: work.Ref{RefID: w.Target.RefID}, Audience: c.now}},
				Ledger:   plan.NewLedger(nil),
				Backlogs: []backlog.State{{Connector: "jira", Order: work.Order{Scope: "PAY", IDs: []string{"3", "1", "2"}}}},
			}, undo.Errand{Kind: work.Undo, By: "ana"})
			if len(p.Edits) != c.edits || len(p.Left) != 1-c.edits {
				t.Errorf("%+v", p)
			}
		})
	}
}

// TestS7AWriteKnowsWhoCouldReadWhatStoodThereBefore: from the first of the edits of
// a run, from the line of the ledger, and where that is older from the edit that
// replaced the value.
func TestS7AWriteKnowsWhoCouldReadWhatStoodThereBefore(t *testing.T) {
	t.Parallel()
	at := target("priority", "")
	first := work.AuditEntry{Edit: work.Edit{Target: at, Expect: work.NewText("Low"), Value: work.NewText("Mid"), Audience: work.Internal}, Run: 1}
	last := work.AuditEntry{Edit: work.Edit{Target: at, Expect: work.NewText("Mid"), Value: work.NewText("High"), Audience: work.Public}, Run: 1}
	if w := undo.Fold([]work.AuditEntry{first, last}); len(w) != 1 || w[0].Audience != work.Internal {
		t.Errorf("of a run: %+v", w)
	}
	for name, c := range map[string]struct {
		line work.Audience
		sent work.AuditEntry
		want work.Audience
	}{
		"the line tells":               {work.Internal, last, work.Internal},
		"the one write tells":          {work.UnknownAudience, first, work.Internal},
		"a later write does not":       {work.UnknownAudience, last, work.UnknownAudience},
		"the line is what people mean": {work.Public, first, work.Public},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ledger := plan.NewLedger([]plan.Entry{{Target: at, Value: c.sent.Edit.Value, Written: true, Before: work.NewText("Low"), Audience: c.line}})
			home := func(work.RefID) (undo.Home, bool) { return undo.Home{}, false }
			if w := undo.FromLedger(ledger, []work.AuditEntry{c.sent}, home, nil); len(w) != 1 || w[0].Audience != c.want {
				t.Errorf("%+v, want %s", w, c.want)
			}
		})
	}
}

// TestS7WhatTheRulesNameForPublicPlacesComesBack, but for what only named people
// could read.
func TestS7WhatTheRulesNameForPublicPlacesComesBack(t *testing.T) {
	t.Parallel()
	schema := work.Schema{Kind: "jira", Labels: true, Fields: []work.NativeField{{Name: work.NativeLabels, Writable: true}}}
	rules, problems := mapping.Compile("", mapping.Spec{Fields: map[string]mapping.FieldSpec{
		"priority": {Owner: mapping.Tandem, Targets: map[string]mapping.TargetSpec{
			"jira": {Label: "p/{value}", Values: map[string]mapping.Spellings{"1": {"1"}, "2": {"2"}}, Allow: "public"},
		}},
	}}, mapping.Env{Schemas: map[string]work.Schema{"jira": schema}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, c := range map[string]struct {
		label string
		then  work.Audience
		edits int
	}{
		"named":                          {"p/1", work.Internal, 1},
		"named, but it was for few":      {"p/1", work.Restricted, 0},
		"named, but nobody knows":        {"p/1", work.UnknownAudience, 0},
		"a label that rules own no more": {"prio/1", work.Internal, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := target(work.NativeLabels, c.label)
			record := work.Record{Ref: work.Ref{RefID: at.RefID}, Place: "PAY", Audience: work.Public, Fields: map[string]work.Value{work.NativeLabels: work.NewList("team")}}
			w := undo.Write{Target: at, Field: work.Priority, Place: "PAY", Audience: c.then, Before: work.NewFlag(true), Wrote: work.NewFlag(false), Run: 1}
			p := undo.New([]undo.Write{w}, undo.Scene{
				Records: map[work.RefID]*work.Record{at.RefID: &record}, Rules: rules, Schemas: map[string]work.Schema{"jira": schema},
				Ledger: plan.NewLedger([]plan.Entry{{Target: at, Value: w.Wrote, Written: true, Before: w.Before}}),
			}, undo.Errand{Kind: work.Undo, By: "ana"})
			if len(p.Edits) != c.edits || len(p.Left) != 1-c.edits {
				t.Errorf("%+v", p)
			}
		})
	}
}
