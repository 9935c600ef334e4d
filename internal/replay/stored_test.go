package replay

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/work"
)

// areStored stores page by page, as the scheduler does: what came in one version
// with two contents is read by id.
func areStored(t *testing.T, w *world) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite::memory:", "replay", store.Options{Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	saved := work.Saved{}
	w.standIn.forget()
	for i, wave := range w.standIn.waves() {
		w.standIn.show(wave)
		s := w.save(t, db, w.shown[i])
		saved.New, saved.Changed, saved.Suspects = saved.New+s.New, saved.Changed+s.Changed, append(saved.Suspects, s.Suspects...)
	}
	t.Logf("%d new records, %d times a newer version, %d times another content of the same version", saved.New, saved.Changed, len(saved.Suspects))
	snap, err := db.Snapshot(t.Context(), day())
	if err != nil {
		t.Fatal(err)
	}
	got := map[work.RefID]work.Record{}
	for _, r := range snap.Records {
		got[r.RefID] = *r
	}
	if diff := cmp.Diff(w.newest, got, comparable()...); diff != "" {
		t.Errorf("read and stored (-read +stored):\n%s", diff)
	}
	if saved.New != len(w.newest) || len(snap.Stale) > 0 {
		t.Errorf("%d new records of %d; stale: %v", saved.New, len(w.newest), snap.Stale)
	}
	w.checkDeadLetters(t, db)
	fromStore, fromMemory := evaluate(w.rules, snap), evaluate(w.rules, w.snapshot())
	if diff := cmp.Diff(describe(t, w.rules, &fromMemory), describe(t, w.rules, &fromStore)); diff != "" {
		t.Errorf("decisions differ (-memory +store):\n%s", diff)
	}
}

// save stores the pages of one poll and settles what is suspect.
func (w *world) save(t *testing.T, db *store.Store, pages []connectors.Page) work.Saved {
	t.Helper()
	var all work.Saved
	for _, page := range pages {
		s, err := db.SavePage(t.Context(), w.name, issueStream, page, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Rejects != len(page.Rejects) {
			t.Errorf("the store set %d records aside, the connector %d", s.Rejects, len(page.Rejects))
		}
		all.New, all.Changed, all.Suspects = all.New+s.New, all.Changed+s.Changed, append(all.Suspects, s.Suspects...)
	}
	if len(all.Suspects) > 0 {
		if err := db.SaveRead(t.Context(), all.Suspects, slices.Collect(maps.Values(w.readBack(t, all.Suspects)))); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// checkDeadLetters wants a dead letter with its cause for each issue whose last
// body was set aside, and none for the others.
func (w *world) checkDeadLetters(t *testing.T, db *store.Store) {
	t.Helper()
	want := map[string]string{}
	for _, pages := range w.shown {
		for _, p := range pages {
			for _, r := range p.Records {
				delete(want, r.String())
			}
			for _, r := range p.Rejects {
				want[w.name+":"+r.Where] = r.Cause
			}
		}
	}
	letters, err := db.DeadLetters(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, l := range letters {
		got[l.Ref] = l.Cause
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
}
