package store_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/internal/store"
)

// refused opens a store and checks the error and what it says.
func refused(tb testing.TB, address, instance string, want error, says ...string) {
	tb.Helper()
	s, err := store.Open(tb.Context(), address, instance, store.Options{})
	if err == nil {
		_ = s.Close()
		tb.Fatalf("%s was opened", address)
	}
	wantError(tb, err, want, says...)
}

func wantError(tb testing.TB, err, want error, says ...string) {
	tb.Helper()
	if want != nil && !errors.Is(err, want) {
		tb.Errorf("error is not %q: %v", want, err)
	}
	if err == nil {
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			tb.Errorf("the error does not say %q: %v", part, err)
		}
	}
}

func TestStoreOfAnotherInstanceIsRefused(t *testing.T) {
	t.Parallel()
	for where, openStore := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			k := openStore(t)
			if err := k.Close(); err != nil {
				t.Fatal(err)
			}
			refused(t, k.address, "acme-prod", store.ErrInstance, `"acme-test"`, `"acme-prod"`, "instance:")
			_, err := store.OpenReadOnly(t.Context(), k.address, "acme-prod", store.Options{})
			wantError(t, err, store.ErrInstance)
			k.open()
		})
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	refused(t, k.address, "acme-test", store.ErrInUse, "process", "stop it first")
	link := filepath.Join(t.TempDir(), "other.db") // another spelling of the same file
	if err := os.Symlink(k.path(), link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	refused(t, "sqlite:"+link, "acme-test", store.ErrInUse)
	k.page(issue("1", 1, "High"))
	k.reopen()
}

func TestStoreOfANewerVersionIsRefused(t *testing.T) {
	onBoth(t, func(k *kept) {
		if _, err := k.DB().ExecContext(k.t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, TRUE)"); err != nil {
			k.t.Fatal(err)
		}
		if err := k.Close(); err != nil {
			k.t.Fatal(err)
		}
		refused(k.t, k.address, "acme-test", store.ErrNewer, "99", "newer version")
		_, err := store.OpenReadOnly(k.t.Context(), k.address, "acme-test", store.Options{})
		wantError(k.t, err, store.ErrNewer)
	})
}

func TestAddressesThatNameNoStore(t *testing.T) {
	t.Parallel()
	refused(t, "postgres://u:secret@127.0.0.1:1/tandem", "acme-test", store.ErrUnreachable, "schema=tandem")
	_, err := store.Open(t.Context(), "postgres://u:secret@127.0.0.1:1/tandem", "acme-test", store.Options{})
	if err != nil && strings.Contains(err.Error(), "secret") {
		t.Errorf("the error holds a secret: %v", err)
	}
	refused(t, "sqlite:", "acme-test", nil, "names no file")
	refused(t, "sqlite:"+filepath.Join(t.TempDir(), "no", "tandem.db"), "acme-test", store.ErrMissing, "folder does not exist")
	refused(t, "sqlite:"+filepath.Join(t.TempDir(), "tandem.db"), "", nil, "instance:")
	refused(t, "sqlite:"+t.TempDir(), "acme-test", nil)
}

func TestOddFileNamesWork(t *testing.T) {
	t.Parallel()
	k := &kept{t: t, address: "sqlite:" + filepath.Join(t.TempDir(), "a b?c#d%41&é.db"), clock: newClock()}
	k.open()
	k.page(issue("1", 1, "High"))
	k.reopen()
	diff(t, "records", []string{"1@1=High"}, byID(k.snapshot()))
	if _, err := os.Stat(k.path()); err != nil {
		t.Errorf("the file has another name: %v", err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOnlyItsUserReadsAStore(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(k.path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%q has the mode %v", suffix, info.Mode())
		}
	}
}

func TestStoreInMemoryIsGoneWhenClosed(t *testing.T) {
	t.Parallel()
	for range 2 {
		k := &kept{t: t, address: "sqlite::memory:", clock: newClock()}
		k.open()
		diff(t, "records", []string(nil), byID(k.snapshot()))
		k.page(issue("1", 1, "High"))
		diff(t, "records", []string{"1@1=High"}, byID(k.snapshot()))
		if err := k.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFileOfAnotherProgramIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE theirs (x)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "sqlite:"+path, "acme-test", store.ErrForeign, "name another file")
	after, err := os.ReadFile(path)
	if err != nil || string(before) != string(after) {
		t.Errorf("the file was changed, %v", err)
	}

	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database at all\n", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, "sqlite:"+text, "acme-test", store.ErrForeign, text)
}

func TestFirstStartThatWasCutShortIsTakenUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tandem.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	// What the list of migrations leaves behind before the first migration.
	_, err = db.ExecContext(t.Context(), `CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now'))); INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	k := &kept{t: t, address: "sqlite:" + path, clock: newClock()}
	k.open()
	k.page(issue("1", 1, "High"))
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
}
