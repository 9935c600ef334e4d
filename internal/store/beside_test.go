package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

func TestReadersWorkBesideAWriter(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		r, err := store.OpenReadOnly(k.t.Context(), k.address, "acme-test", k.options())
		if err != nil {
			k.t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		k.page(issue("2", 1, "Low"))
		snap, err := r.Snapshot(k.t.Context(), today)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "records", []string{"1@1=High", "2@1=Low"}, byID(snap))
		k.page(issue("2", 2, "High"))
		if snap, err = r.Snapshot(k.t.Context(), today); err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "records", []string{"1@1=High", "2@2=High"}, byID(snap))
		if r.DB() != nil {
			k.t.Error("a reader has a connection that writes")
		}
	})
}

func TestPersonDecidesBesideADaemon(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.begin(edit("9", "High", "Low"))
		b, err := store.OpenBeside(k.t.Context(), k.address, "acme-test", k.options())
		if err != nil {
			k.t.Fatal(err)
		}
		defer func() { _ = b.Close() }()
		k.grows(true, "a pause beside the daemon", func() {
			if err := b.Pause(k.t.Context(), true, "ana", "release day"); err != nil {
				k.t.Fatal(err)
			}
		})
		wantError(k.t, k.Begin(k.t.Context(), 1, []work.Edit{edit("1", "High", "Low")}), store.ErrPaused, "ana", "release day")
		var group sync.WaitGroup
		before := k.seq()
		group.Go(func() {
			for i := range 30 {
				slot := plan.SlotRef{Ref: ref(strconv.Itoa(i)).RefID, Field: work.Priority}
				if err := b.Release(k.t.Context(), plan.Release{Slot: slot}, "ana"); err != nil {
					k.t.Errorf("release: %v", err)
				}
			}
		})
		for i := range 30 {
			k.page(issue(strconv.Itoa(i), 1, "High"))
		}
		group.Wait()
		if got := k.seq() - before; got != 60 {
			k.t.Errorf("60 changes of two writers moved seq by %d", got)
		}
		diff(k.t, "an edit on its way stays begun", []work.AuditEntry{{Edit: edit("9", "High", "Low"), Run: 1, State: work.Uncertain, Begun: noon}}, k.audit())
		_, err = store.OpenBeside(k.t.Context(), k.address, "acme-prod", k.options())
		wantError(k.t, err, store.ErrInstance)
	})
}

func (k *kept) audit() []work.AuditEntry {
	k.t.Helper()
	list, err := k.Audit(k.t.Context(), work.RefID{}, 10)
	if err != nil {
		k.t.Fatal(err)
	}
	return list
}

func TestReaderWritesNothing(t *testing.T) {
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		if err := k.Close(); err != nil {
			k.t.Fatal(err)
		}
		r, err := store.OpenReadOnly(k.t.Context(), k.address, "acme-test", k.options())
		if err != nil {
			k.t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		ctx := k.t.Context()
		_, page := r.SavePage(ctx, "jira", "issues", connectors.Page{}, nil)
		_, run := r.SaveRun(ctx, emptyRun())
		_, prune := r.Prune(ctx, noon)
		_, relink := r.Relink(ctx, "h", nil, 0)
		for what, err := range map[string]error{
			"page": page, "run": run, "prune": prune, "read": r.SaveRead(ctx, []work.Ref{ref("1")}, nil), "failure": r.SaveFailure(ctx, "jira", "", "x"),
			"begin": r.Begin(ctx, 1, nil), "finish": r.Finish(ctx, nil), "pause": r.Pause(ctx, true, "", ""),
			"release": r.Release(ctx, plan.Release{}, ""), "relink": relink,
		} {
			if !errors.Is(err, store.ErrReadOnly) {
				k.t.Errorf("%s: %v", what, err)
			}
		}
		snap, err := r.Snapshot(ctx, today)
		if err != nil {
			k.t.Fatal(err)
		}
		diff(k.t, "records", []string{"1@1=High"}, byID(snap))
	})
}

func TestReaderDoesNotBringAStoreUpToDate(t *testing.T) {
	onBoth(t, func(k *kept) {
		if _, err := k.DB().ExecContext(k.t.Context(), "UPDATE goose_db_version SET version_id = 0"); err != nil {
			k.t.Fatal(err)
		}
		if err := k.Close(); err != nil {
			k.t.Fatal(err)
		}
		_, err := store.OpenReadOnly(k.t.Context(), k.address, "acme-test", store.Options{})
		wantError(k.t, err, store.ErrOlder, "tandem run")
	})
}

func TestMissingStoreIsNotMadeByAReader(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tandem.db")
	_, err := store.OpenReadOnly(t.Context(), "sqlite:"+path, "acme-test", store.Options{})
	wantError(t, err, store.ErrMissing, path)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error("the reader made a file")
	}
}
