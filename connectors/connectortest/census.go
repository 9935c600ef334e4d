package connectortest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tandem/internal/work"
)

// census checks that a census lists what a walk yields, by Ref alone, and that
// one that does not come to its end says so.
func (s Suite) census(t *testing.T, lab *Lab, w World) {
	t.Helper()
	if w.Connector.Census == nil {
		t.Skip("this connector takes no census")
	}
	var want []string
	for stream := range w.IDs {
		for _, r := range recordsOf(w.read(t, lab, stream, nil)) {
			want = append(want, r.ID+" "+r.Key)
		}
	}
	pages, err := walk(t, lab, w.Connector.Census.IDs(t.Context(), time.Now(), nil))
	if err != nil {
		t.Fatalf("census: %v", err)
	}
	if len(pages) == 0 || !pages[len(pages)-1].Done {
		t.Fatalf("the last of %d pages of the census is not Done", len(pages))
	}
	var got []string
	for _, r := range recordsOf(pages) {
		got = append(got, r.ID+" "+r.Key)
		if diff := difference(work.Record{Ref: work.NewRef(Name, r.ID, r.Key)}, r); diff != "" {
			t.Errorf("the census yields more than a ref (-want +got):\n%s", diff)
		}
	}
	for i := range pages { // whoever goes on behind a page misses nothing
		if pages[i].Cursor == nil {
			continue
		}
		rest, err := walk(t, lab, w.Connector.Census.IDs(t.Context(), time.Now(), pages[i].Cursor))
		if err != nil {
			t.Fatalf("census from page %d: %v", i+1, err)
		}
		var on []string
		for _, r := range recordsOf(slices.Concat(pages[:i+1], rest)) {
			on = append(on, r.ID+" "+r.Key)
		}
		if diff := difference(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(on))); diff != "" {
			t.Errorf("a census that goes on behind page %d lists something else (-want +got):\n%s", i+1, diff)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	for _, one := range want {
		if _, listed := slices.BinarySearch(got, one); !listed {
			t.Errorf("the census does not list %s", one)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	pages, err = walk(t, lab, w.Connector.Census.IDs(ctx, time.Now(), nil))
	if len(recordsOf(pages)) > 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("a census in a cancelled context gave %d pages and error %v", len(pages), err)
	}
}
