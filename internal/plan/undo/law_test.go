package undo_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/plan/undo"
	"tandem/internal/work"
)

var day = time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)

// place is a service, its ledger and its journal, as far as undo sees them.
type place struct {
	fields map[string]work.Value
	order  []string
	ledger map[work.Target]plan.Entry
	undone map[work.Target]plan.Undone
	sent   []work.AuditEntry
	pins   []backlog.Pin
}

func newPlace() *place {
	return &place{
		fields: map[string]work.Value{
			"p": work.Empty(), "q": work.NewText("old"), work.NativeLabels: work.NewList("team"), work.NativeMarker: work.Empty(),
		},
		order:  []string{"1", "2", "3", "4", "5", "6"},
		ledger: map[work.Target]plan.Entry{}, undone: map[work.Target]plan.Undone{},
	}
}

func target(path, element string) work.Target {
	return work.Target{RefID: work.RefID{Connector: "jira", ID: "1"}, Path: path, Element: element}
}

func mover(id string) work.Target {
	return work.Target{RefID: work.RefID{Connector: "jira", ID: id}, Path: work.NativeRank, Element: "PAY"}
}

// write is what Tandem's run does to one target.
func (p *place) write(run int64, t work.Target, v work.Value) {
	e := work.Edit{Target: t, Key: "PAY-1", Place: "PAY", Value: v, Field: work.Priority, Audience: work.Internal}
	switch {
	case t.Path == work.NativeRank:
		anchor, _ := work.ParseAnchor(v)
		after, moved := backlog.Follow(p.order, t.ID, anchor)
		if !moved || slices.Equal(after, p.order) {
			return
		}
		e.Verb, e.From, e.Field = work.MoveInBacklog, backlog.Stood(p.order, t.ID), work.Rank
		p.order = after
	case t.Element != "":
		on, _ := v.Flag()
		e.Verb, e.Expect = work.AddLabel, work.NewFlag(!on)
		if p.fields[t.Path].Has(t.Element) == on {
			return
		}
		p.label(t.Element, on)
	default:
		if e.Verb, e.Expect = work.SetField, p.fields[t.Path]; e.Expect == v {
			return
		}
		p.fields[t.Path] = v
	}
	p.journal(run, e)
	before := e.Expect
	if e.Verb == work.MoveInBacklog {
		before = e.From
	}
	if old, ok := p.ledger[t]; ok {
		before = old.Before
	}
	p.ledger[t] = plan.Entry{Target: t, Value: v, Written: true, Before: before, At: day}
	delete(p.undone, t)
	p.pins = slices.DeleteFunc(p.pins, func(pin backlog.Pin) bool { return t.Path == work.NativeRank && pin.ID == t.ID })
}

func (p *place) label(name string, on bool) {
	kept := slices.DeleteFunc(p.fields[work.NativeLabels].List(), func(l string) bool { return l == name })
	if on {
		kept = append(kept, name)
	}
	p.fields[work.NativeLabels] = work.NewList(kept...)
}

func (p *place) journal(run int64, e work.Edit) {
	p.sent = append(p.sent, work.AuditEntry{Edit: e, Run: run, State: work.Applied, Begun: day})
}

// scene is what undo looks at.
func (p *place) scene() undo.Scene {
	s := undo.Scene{
		Records: map[work.RefID]*work.Record{}, Ledger: plan.NewLedger(slices.Collect(maps.Values(p.ledger))), Undone: p.undone,
		Schemas: map[string]work.Schema{"jira": {Fields: []work.NativeField{
			{Name: "p"}, {Name: "q", Required: true}, {Name: work.NativeLabels}, {Name: work.NativeMarker},
		}}},
		Backlogs: []backlog.State{{Connector: "jira", Order: work.Order{Scope: "PAY", IDs: p.order}, Pins: p.pins}}, Moved: map[work.Target]int64{},
	}
	for _, id := range p.order {
		ref := work.NewRef("jira", id, "PAY-"+id)
		s.Records[ref.RefID] = &work.Record{Ref: ref, Place: "PAY", Fields: p.fields, Audience: work.Internal}
	}
	for _, e := range p.sent {
		s.Moved[e.Edit.Target] = e.Run
	}
	return s
}

func (p *place) of(run int64) []undo.Write {
	return undo.Fold(slices.DeleteFunc(slices.Clone(p.sent), func(e work.AuditEntry) bool { return e.Run != run }))
}

func (p *place) plan(run int64) undo.Plan {
	return undo.New(p.of(run), p.scene(), undo.Errand{Kind: work.Undo, By: "ana"})
}

// carry does what the edits of an undo say, as service and store would.
func (p *place) carry(t *rapid.T, run int64, edits []work.Edit) {
	for _, e := range edits {
		switch e.Verb {
		case work.MoveInBacklog:
			anchor, _ := work.ParseAnchor(e.Value)
			after, moved := backlog.Follow(p.order, e.Target.ID, anchor)
			if !moved {
				t.Fatalf("the move %+v cannot be made in %v", e, p.order)
			}
			p.order = after
			p.pins = append(p.pins, backlog.Pin{ID: e.Target.ID, Since: day, By: e.By})
		case work.AddLabel, work.RemoveLabel:
			on := e.Verb == work.AddLabel
			if p.fields[work.NativeLabels].Has(e.Target.Element) == on || e.Expect != work.NewFlag(!on) {
				t.Fatalf("the edit %+v does nothing", e)
			}
			p.label(e.Target.Element, on)
		default:
			if p.fields[e.Target.Path] != e.Expect {
				t.Fatalf("%+v expects what does not stand there: %v", e, p.fields[e.Target.Path])
			}
			p.fields[e.Target.Path] = e.Value
		}
		p.journal(run, e)
		if p.ledger[e.Target].Value == e.Value {
			delete(p.undone, e.Target)
			continue
		}
		p.undone[e.Target] = plan.Undone{Target: e.Target, Field: e.Field, Value: e.Value, By: e.By, At: day, Run: run}
	}
}

// acts draws what a run writes.
func (p *place) acts(t *rapid.T, run int64) {
	for range rapid.IntRange(1, 6).Draw(t, "writes") {
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			p.write(run, target("p", ""), work.NewText(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "p")))
		case 1:
			p.write(run, target("q", ""), work.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "q")))
		case 2:
			p.write(run, target(work.NativeLabels, rapid.SampledFrom([]string{"x/1", "x/2", "team"}).Draw(t, "label")), work.NewFlag(rapid.Bool().Draw(t, "on")))
		default:
			id := rapid.SampledFrom(p.order).Draw(t, "id")
			to := rapid.SampledFrom(p.order).Draw(t, "to")
			if id != to && !slices.ContainsFunc(p.of(run), func(w undo.Write) bool { return w.Target == mover(id) }) {
				p.write(run, mover(id), work.Anchor{ID: to, Before: p.order[0] == to && rapid.Bool().Draw(t, "before")}.Value())
			}
		}
	}
}

func (p *place) shows() string { return fmt.Sprint(p.fields, p.order) }

func TestS14ApplyThenUndoEqualsBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlace()
		p.acts(t, 1)
		before := p.shows()
		p.actsButMoves(t, 2)
		v := p.plan(2)
		if len(v.Changed)+len(v.Left) > 0 {
			t.Fatalf("nobody changed anything: %+v", v)
		}
		p.carry(t, 3, v.Edits)
		if after := p.shows(); after != before {
			t.Fatalf("before %s\nafter  %s", before, after)
		}
		again := p.plan(2)
		if len(again.Edits)+len(again.Changed)+len(again.Left) > 0 {
			t.Fatalf("undo twice is not undo once: %+v", again)
		}
	})
}

// actsButMoves writes fields and, as one plan of moves does, moves from the
// top to the bottom of a new order.
func (p *place) actsButMoves(t *rapid.T, run int64) {
	order := slices.Clone(p.order)
	p.acts(t, run+100)
	p.order = order
	for i := range p.sent {
		if e := &p.sent[i]; e.Run == run+100 && e.Edit.Verb != work.MoveInBacklog {
			e.Run = run
		}
	}
	p.undoMovesOf(run + 100)
	want := rapid.Permutation(p.order).Draw(t, "order")
	planned := slices.Clone(p.order)
	for i, id := range want {
		if p.order[i] == id {
			continue
		}
		anchor := work.Anchor{Before: true, ID: p.order[0]}
		if i > 0 {
			anchor = work.Anchor{ID: want[i-1]}
		}
		p.write(run, mover(id), anchor.Value())
		for n := range p.sent { // a plan knows where all stood before its first move
			if e := &p.sent[n]; e.Run == run && e.Edit.Target == mover(id) {
				e.Edit.From = backlog.Stood(planned, id)
			}
		}
	}
}

// undoMovesOf takes moves back without a trace.
func (p *place) undoMovesOf(run int64) {
	p.sent = slices.DeleteFunc(p.sent, func(e work.AuditEntry) bool { return e.Run == run })
}

func TestS14UndoListsExactlyWhatSomebodyChanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlace()
		p.acts(t, 1)
		want := []string{}
		for _, w := range p.of(1) {
			if w.Target.Path == work.NativeRank || w.Target.Element != "" || w.Before == w.Wrote || !rapid.Bool().Draw(t, "somebody") {
				continue
			}
			p.fields[w.Target.Path] = work.NewText("somebody's")
			want = append(want, w.Target.Path)
		}
		v := p.plan(1)
		got := []string{}
		for _, c := range v.Changed {
			got = append(got, c.Target.Path)
		}
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		for _, e := range v.Edits {
			if slices.Contains(want, e.Target.Path) {
				t.Fatalf("a person's value is overwritten: %+v", e)
			}
		}
	})
}

func TestUndoOfAnUndoIsTandemsAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlace()
		p.actsButMoves(t, 2)
		written := fmt.Sprint(p.fields)
		p.carry(t, 3, p.plan(2).Edits)
		p.pins = nil
		p.carry(t, 4, p.plan(3).Edits)
		if after := fmt.Sprint(p.fields); after != written {
			t.Fatalf("Tandem wrote %s\nafter  %s", written, after)
		}
		for target := range p.undone {
			if target.Path != work.NativeRank {
				t.Fatalf("%+v still counts as undone", target)
			}
		}
	})
}

func TestALaterRunIsUndoneFirst(t *testing.T) {
	t.Parallel()
	p := newPlace()
	p.write(1, target("p", ""), work.NewText("a"))
	p.write(2, target("p", ""), work.NewText("b"))
	v := p.plan(1)
	if len(v.Edits) > 0 || len(v.Left) != 1 {
		t.Fatalf("%+v", v)
	}
}

func TestWhatCannotBeEmptyStays(t *testing.T) {
	t.Parallel()
	p := newPlace()
	p.fields["q"] = work.Empty()
	p.write(1, target("q", ""), work.NewText("a"))
	if v := p.plan(1); len(v.Edits) > 0 || len(v.Left) != 1 || v.Left[0].Why != "q cannot be empty there, so it stays a" {
		t.Fatalf("%+v", v)
	}
}

func TestARecordWhoseNeighbourSomebodyMovedStays(t *testing.T) {
	t.Parallel()
	p := newPlace()
	p.write(1, mover("3"), work.Anchor{ID: "6"}.Value())
	p.order = []string{"1", "4", "5", "6", "3", "2"}
	p.pins = []backlog.Pin{{ID: "2", Since: day, By: "cy"}}
	if v := p.plan(1); len(v.Edits) > 0 || len(v.Left) != 1 || v.Left[0].Why != "its former neighbour was moved by somebody since" {
		t.Fatalf("%+v", v)
	}
}
