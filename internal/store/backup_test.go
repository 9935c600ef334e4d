package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"tandem/internal/store"
	"tandem/internal/work"
)

func TestABackupIsTheStoreAsItWasAtOneMomentWhileADaemonGoesOn(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := openFile(t, filepath.Join(folder, "tandem.db"))
	if err := s.Begin(t.Context(), 1, []work.Edit{edit("1", "High", "Low")}); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(folder, "copy.db")
	if err := os.WriteFile(to+".part", []byte("what a killed backup left"), 0o600); err != nil {
		t.Fatal(err)
	}
	writes := make(chan error, 1)
	var stop atomic.Bool
	go func() { // people go on meanwhile
		var err error
		for !stop.Load() && err == nil {
			err = s.Pause(t.Context(), true, "ana", "meanwhile")
		}
		writes <- err
	}()
	beside, err := store.OpenReadOnly(t.Context(), "sqlite:"+filepath.Join(folder, "tandem.db"), "acme", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = beside.Close() }()
	size, err := beside.Backup(t.Context(), to)
	stop.Store(true)
	if err != nil || size == 0 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	if err := <-writes; err != nil {
		t.Errorf("who wrote meanwhile: %v", err)
	}
	info, err := os.Stat(to)
	if err != nil || info.Size() != size || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if left, _ := filepath.Glob(to + ".part*"); left != nil {
		t.Errorf("left %v", left)
	}
	restored := openFile(t, to)
	entries, err := restored.Audit(t.Context(), edit("1", "", "").Target.RefID, 10)
	if err != nil || len(entries) != 1 {
		t.Errorf("audit of the backup: %v, %v", entries, err)
	}
	if err := restored.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}); err == nil {
		t.Error("a copy in another place writes")
	}
}

func TestABackupOverwritesNothing(t *testing.T) {
	t.Parallel()
	to := filepath.Join(t.TempDir(), "old.db")
	if err := os.WriteFile(to, []byte("an older backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openFile(t, filepath.Join(t.TempDir(), "tandem.db"))
	if _, err := s.Backup(t.Context(), to); err == nil || !strings.Contains(err.Error(), "name a new file") {
		t.Errorf("got %v", err)
	}
	if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "missing", "new.db")); !errors.Is(err, store.ErrMissing) {
		t.Errorf("got %v", err)
	}
	if body, _ := os.ReadFile(to); string(body) != "an older backup" {
		t.Errorf("the older backup is %q", body)
	}
}

func TestAStoreOnAServerIsBackedUpByTheServersTools(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), postgres.Address(t), "acme", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "tandem.db")); !errors.Is(err, store.ErrServer) {
		t.Errorf("got %v", err)
	}
}
