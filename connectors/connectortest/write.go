package connectortest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/work"
)

// send applies edits batch by batch and returns the results by edit id.
func (w World) send(ctx context.Context, t *testing.T, lab *Lab, edits []work.Edit) map[string]work.Result {
	t.Helper()
	results := map[string]work.Result{}
	for _, batch := range w.Connector.Sink.Batches(edits) {
		got := w.Connector.Sink.Send(ctx, batch)
		lab.hear(got)
		if len(got) != len(batch) {
			t.Fatalf("%d results for %d edits", len(got), len(batch))
		}
		for i, r := range got {
			if r.EditID != batch[i].ID {
				t.Errorf("result %d is of edit %q, want %q", i, r.EditID, batch[i].ID)
			}
			checkResult(t, r)
			results[r.EditID] = r
		}
	}
	return results
}

func checkResult(t *testing.T, r work.Result) {
	t.Helper()
	switch r.State {
	case work.Applied, work.Unchanged:
		return
	case work.Deferred:
		if !r.Until.After(time.Now()) || r.Scope != "issue" && r.Scope != "connector" {
			t.Errorf("a deferred edit needs Until in the future and a scope: %+v", r)
		}
	case work.Conflict, work.Rejected, work.Uncertain:
	default:
		t.Errorf("%q is no state", r.State)
	}
	if r.Detail == "" {
		t.Errorf("result %+v says no cause", r)
	}
}

func (w World) skipWithoutSink(t *testing.T) {
	t.Helper()
	if w.Connector.Sink == nil {
		t.Skip("this connector does not write")
	}
	if len(w.Edits) < 3 {
		t.Fatal("the world offers fewer than three edits")
	}
}

func (s Suite) batches(t *testing.T, _ *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	edits := slices.Concat(w.Edits, opposites(w.Edits), w.Edits)
	for i := range edits {
		edits[i].ID = strings.Repeat("i", i+1)
	}
	before := slices.Clone(edits)
	first, second := w.Connector.Sink.Batches(edits), w.Connector.Sink.Batches(edits)
	if diff := difference(first, second); diff != "" {
		t.Errorf("the same edits give other batches:\n%s", diff)
	}
	if diff := difference(before, edits); diff != "" {
		t.Errorf("the edits were changed:\n%s", diff)
	}
	order := func(all []work.Edit) map[work.Target][]string {
		m := map[work.Target][]string{}
		for _, e := range all {
			m[e.Target] = append(m[e.Target], e.ID)
		}
		return m
	}
	if diff := difference(order(edits), order(slices.Concat(first...))); diff != "" {
		t.Errorf("edits by target (-given +batched):\n%s", diff)
	}
	if got := w.Connector.Sink.Batches(nil); len(got) != 0 {
		t.Errorf("no edits give %d batches", len(got))
	}
}

// opposites undo label edits: order matters among them.
func opposites(edits []work.Edit) []work.Edit {
	undo := slices.Clone(edits)
	for i := range undo {
		switch undo[i].Verb {
		case work.AddLabel:
			undo[i].Verb = work.RemoveLabel
		case work.RemoveLabel:
			undo[i].Verb = work.AddLabel
		case work.SetField, work.ClearField, work.PutLink, work.MoveInBacklog:
		}
	}
	return undo
}

func (s Suite) applyTwice(t *testing.T, lab *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	for id, r := range w.send(t.Context(), t, lab, w.Edits) {
		if r.State != work.Applied {
			t.Errorf("edit %s: %s (%s), want applied", id, r.State, r.Detail)
		}
	}
	after := w.records(t, lab)
	for _, e := range w.Edits {
		if rec := after[e.Target.RefID]; !shows(rec, e, s.Definition.Schema.LabelsFold) {
			t.Errorf("%s after %s %s %s: reads %s", rec.Ref, e.Verb, e.Target.Path, e.Target.Element, rec.Fields[e.Target.Path])
		}
	}
	writes := lab.writes(w)
	for id, r := range w.send(t.Context(), t, lab, w.Edits) {
		if r.State != work.Unchanged {
			t.Errorf("edit %s, sent again: %s (%s), want unchanged", id, r.State, r.Detail)
		}
	}
	if got := lab.writes(w); got != writes {
		t.Errorf("%d writes for edits that were done", got-writes)
	}
	if diff := difference(after, w.records(t, lab)); diff != "" {
		t.Errorf("sending again changed records:\n%s", diff)
	}
}

// records reads the records of the world's edits by id.
func (w World) records(t *testing.T, lab *Lab) map[work.RefID]work.Record {
	t.Helper()
	var refs []work.Ref
	for _, e := range slices.Concat(w.Edits, w.Stale) {
		refs = append(refs, e.Ref())
	}
	pages, err := walk(t, lab, w.Connector.Reader.Read(t.Context(), refs))
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	found := map[work.RefID]work.Record{}
	for _, r := range recordsOf(pages) {
		found[r.RefID] = r
	}
	return found
}

// shows reports whether the record is as the edit wants it.
func shows(rec work.Record, e work.Edit, fold bool) bool {
	have := rec.Fields[e.Target.Path]
	same := func(l string) bool { return l == e.Target.Element || fold && strings.EqualFold(l, e.Target.Element) }
	has := slices.ContainsFunc(have.List(), same)
	switch e.Verb {
	case work.AddLabel:
		return has
	case work.RemoveLabel:
		return !has
	case work.ClearField:
		return !have.Present()
	case work.SetField:
		return have.Text() == e.Value.Text()
	default:
		return false
	}
}

func (s Suite) conflict(t *testing.T, lab *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	if len(w.Stale) == 0 {
		t.Fatal("the world offers no stale edit")
	}
	before := w.records(t, lab)
	for id, r := range w.send(t.Context(), t, lab, w.Stale) {
		if r.State != work.Conflict {
			t.Errorf("edit %s: %s (%s), want conflict", id, r.State, r.Detail)
		}
	}
	if diff := difference(before, w.records(t, lab)); diff != "" {
		t.Errorf("stale edits changed records:\n%s", diff)
	}
	if n := lab.writes(w); n > 0 {
		t.Errorf("%d writes for stale edits", n)
	}
}

func (s Suite) cancelledWrite(t *testing.T, lab *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := w.records(t, lab)
	for id, r := range w.send(ctx, t, lab, w.Edits) {
		if r.State != work.Deferred {
			t.Errorf("edit %s: %s (%s), want deferred", id, r.State, r.Detail)
		}
	}
	if diff := difference(before, w.records(t, lab)); diff != "" || lab.writes(w) > 0 {
		t.Errorf("a cancelled write was sent:\n%s", diff)
	}
}

func (s Suite) check(t *testing.T, lab *Lab, w World) {
	t.Helper()
	if w.Connector.Checker == nil {
		t.Fatal("a connector needs a Checker")
	}
	findings := w.Connector.Checker.Check(t.Context())
	lab.hear(findings)
	if len(findings) == 0 {
		t.Error("a check of a healthy world says nothing")
	}
	for _, f := range findings {
		if f.Level == work.Fatal {
			t.Errorf("healthy world: %+v", f)
		}
		if f.What == "" || f.Subject == "" || f.Level == work.Warning && f.Remedy == "" {
			t.Errorf("finding %+v needs a subject, a what, and a remedy", f)
		}
	}
	if n := lab.writes(w); n > 0 {
		t.Errorf("a check sent %d writes", n)
	}
}
