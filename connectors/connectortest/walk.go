package connectortest

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// walk collects pages and the error that ends them.
func walk(t *testing.T, lab *Lab, pages iter.Seq2[connectors.Page, error]) ([]connectors.Page, error) {
	t.Helper()
	var all []connectors.Page
	var last error
	for page, err := range pages {
		if last != nil {
			t.Errorf("something follows the error %v", last)
		}
		if err != nil {
			if len(all) > 0 && all[len(all)-1].Done {
				t.Errorf("the error %v follows a page that says that all was read", err)
			}
			last = err
			lab.hear(err.Error(), err)
			continue
		}
		lab.hear(page.Rejects, string(page.Cursor))
		if len(page.Cursor) > 0 && !json.Valid(page.Cursor) {
			t.Errorf("cursor is no JSON: %s", page.Cursor)
		}
		all = append(all, page)
	}
	return all, last
}

func (w World) read(t *testing.T, lab *Lab, stream string, from connectors.Cursor) []connectors.Page {
	t.Helper()
	pages, err := walk(t, lab, w.Connector.Source.Pages(t.Context(), stream, from))
	if err != nil {
		t.Fatalf("read %s: %v", stream, err)
	}
	if len(pages) == 0 || !pages[len(pages)-1].Done {
		t.Fatalf("the last of %d pages of %s is not Done", len(pages), stream)
	}
	return pages
}

// MetricID names a row of usage in World.IDs: name, account and day.
func MetricID(m work.Metric) string {
	return m.Name + "/" + m.Account + "/" + m.Day.Format(time.DateOnly)
}

// idsOf lists the ids on the pages in order.
func idsOf(pages ...connectors.Page) []string {
	var ids []string
	for _, p := range pages {
		for _, r := range p.Records {
			ids = append(ids, r.ID)
		}
		for _, f := range p.Feedback {
			ids = append(ids, f.ID)
		}
		for _, in := range p.Insights {
			ids = append(ids, in.ID)
		}
		for _, m := range p.Metrics {
			ids = append(ids, MetricID(m))
		}
	}
	return ids
}

func (s Suite) walkIsComplete(t *testing.T, lab *Lab, w World) {
	t.Helper()
	long := false
	for _, stream := range slices.Sorted(maps.Keys(w.IDs)) {
		pages := w.read(t, lab, stream, nil)
		long = long || len(pages) > 1
		got := idsOf(pages...)
		slices.Sort(got)
		if diff := difference(slices.Sorted(slices.Values(w.IDs[stream])), got); diff != "" {
			t.Errorf("ids of %s (-want +got):\n%s", stream, diff)
		}
		for i, p := range pages {
			if p.Done != (i == len(pages)-1) {
				t.Errorf("page %d of %d of %s: Done is %v", i+1, len(pages), stream, p.Done)
			}
			for _, rec := range p.Records {
				checkRecord(t, s.Definition.Schema, rec)
			}
			checkVoices(t, p)
		}
	}
	if !long {
		t.Error("no stream of this world has two pages; make it larger")
	}
}

// checkVoices checks what is no record.
func checkVoices(t *testing.T, p connectors.Page) {
	t.Helper()
	for _, f := range p.Feedback {
		if f.Connector != Name || f.ID == "" || f.Version.IsZero() || f.Audience == work.UnknownAudience ||
			!f.Gone && (f.At.IsZero() || !slices.Contains(work.Methods(), f.Method)) {
			t.Errorf("feedback %s lacks connector, id, time, method, version or audience: %+v", f.Ref, f)
		}
	}
	for _, in := range p.Insights {
		if in.Connector != Name || in.ID == "" || in.Version.IsZero() || in.Audience == work.UnknownAudience || !in.Gone && in.Title == "" {
			t.Errorf("insight %s lacks connector, id, title, version or audience: %+v", in.Ref, in)
		}
	}
	for _, m := range p.Metrics {
		if m.Connector != Name || m.Name == "" || m.Day.IsZero() || !m.Day.Equal(m.Day.UTC().Truncate(24*time.Hour)) || m.Audience == work.UnknownAudience {
			t.Errorf("a metric lacks connector, name, day or audience: %+v", m)
		}
	}
}

func checkRecord(t *testing.T, schema work.Schema, rec work.Record) {
	t.Helper()
	if rec.Connector != Name || rec.ID == "" || rec.Key == "" || rec.Place == "" || rec.Version.IsZero() || rec.Audience == work.UnknownAudience {
		t.Errorf("record %s lacks connector, id, key, place, version or audience: %+v", rec.Ref, rec)
	}
	for name := range rec.Fields {
		if _, ok := schema.Field(name); !ok {
			t.Errorf("record %s has a field %q that the schema does not declare", rec.Ref, name)
		}
	}
}

func (s Suite) walkStops(t *testing.T, lab *Lab, w World) {
	t.Helper()
	for stream := range w.IDs {
		total := len(w.read(t, lab, stream, nil))
		for stop := 1; stop <= total; stop++ {
			n, calls := 0, 0
			for _, err := range w.Connector.Source.Pages(t.Context(), stream, nil) {
				if err != nil {
					t.Fatalf("read %s: %v", stream, err)
				}
				if n++; n == stop {
					calls = len(lab.Calls())
					break
				}
			}
			if got := len(lab.Calls()); got != calls {
				t.Errorf("%d requests after the reader of %s stopped", got-calls, stream)
			}
		}
	}
}

func (s Suite) walkIsCancelled(t *testing.T, lab *Lab, w World) {
	t.Helper()
	for stream := range w.IDs {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		var last error
		done := false
		for page, err := range w.Connector.Source.Pages(ctx, stream, nil) {
			cancel()
			last, done = err, page.Done
			n++
		}
		cancel()
		if !done && (n != 2 || !errors.Is(last, context.Canceled)) {
			t.Errorf("%s: %d pages and error %v after cancelling on the first page, want one more: context.Canceled", stream, n, last)
		}
		pages, err := walk(t, lab, w.Connector.Source.Pages(ctx, stream, nil))
		if len(idsOf(pages...)) > 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: a walk in a cancelled context gave %d pages and error %v", stream, len(pages), err)
		}
	}
}

func (s Suite) walkResumes(t *testing.T, lab *Lab, w World) {
	t.Helper()
	for stream, want := range w.IDs {
		pages := w.read(t, lab, stream, nil)
		for i := range pages {
			got := append(idsOf(pages[:i+1]...), idsOf(w.read(t, lab, stream, pages[i].Cursor)...)...)
			for _, id := range want {
				if !slices.Contains(got, id) {
					t.Errorf("%s: %s is lost when the walk goes on after page %d", stream, id, i+1)
				}
			}
		}
	}
}

func (s Suite) walkOverlaps(t *testing.T, lab *Lab, w World) {
	t.Helper()
	if w.Touch == nil {
		t.Skip("this connector never sees changes")
	}
	ends := map[string]connectors.Cursor{}
	for stream := range w.IDs {
		pages := w.read(t, lab, stream, nil)
		ends[stream] = pages[len(pages)-1].Cursor
	}
	stream, ref := w.Touch(t)
	first := w.read(t, lab, stream, ends[stream])
	if !slices.Contains(idsOf(first...), ref.ID) {
		t.Fatalf("%s was changed and not read", ref)
	}
	second := w.read(t, lab, stream, ends[stream])
	if diff := difference(recordsOf(first), recordsOf(second)); diff != "" {
		t.Errorf("reading again from the same cursor differs (-first +second):\n%s", diff)
	}
	quiet := w.read(t, lab, stream, first[len(first)-1].Cursor)
	t.Logf("a poll after a change yields %d records, the next %d", len(recordsOf(first)), len(recordsOf(quiet)))
}

func recordsOf(pages []connectors.Page) []work.Record {
	var all []work.Record
	for _, p := range pages {
		all = append(all, p.Records...)
	}
	return all
}

func (s Suite) unknownStream(t *testing.T, lab *Lab, w World) {
	t.Helper()
	pages, err := walk(t, lab, w.Connector.Source.Pages(t.Context(), "no_such_stream", nil))
	if err == nil || len(pages) > 0 {
		t.Errorf("got %d pages and error %v", len(pages), err)
	}
}

func (s Suite) readByID(t *testing.T, lab *Lab, w World) {
	t.Helper()
	if w.Connector.Reader == nil {
		t.Skip("this connector does not read by id")
	}
	want := map[string]work.Record{}
	refs := []work.Ref{w.Missing}
	for stream := range w.IDs {
		for _, r := range recordsOf(w.read(t, lab, stream, nil)) {
			want[r.ID] = r
			refs = append(refs, r.Ref)
		}
	}
	pages, err := walk(t, lab, w.Connector.Reader.Read(t.Context(), refs))
	if err != nil {
		t.Fatalf("read by id: %v", err)
	}
	got := map[string]work.Record{}
	for _, r := range recordsOf(pages) {
		got[r.ID] = r
	}
	if diff := difference(want, got); diff != "" {
		t.Errorf("records by id (-walked +read):\n%s", diff)
	}
}

func (s Suite) broken(t *testing.T, lab *Lab, w World) {
	t.Helper()
	if w.Break == nil {
		t.Skip("the transport is broken in other checks")
	}
	w.Break(t)
	for stream := range w.IDs {
		pages, err := walk(t, lab, w.Connector.Source.Pages(t.Context(), stream, nil))
		if err == nil || slices.ContainsFunc(pages, func(p connectors.Page) bool { return p.Done }) {
			t.Errorf("%s: a broken source gave %d pages and error %v", stream, len(pages), err)
		}
	}
}
