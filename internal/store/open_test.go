package store_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tandem/connectors"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"
)

// refused opens a store and checks the error and what it says.
func refused(t *testing.T, address, instance string, want error, says ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), address, instance, store.Options{})
	if err == nil {
		_ = s.Close()
		t.Fatalf("%s was opened", address)
	}
	wantError(t, err, want, says...)
}

func wantError(t *testing.T, err, want error, says ...string) {
	t.Helper()
	if want != nil && !errors.Is(err, want) {
		t.Errorf("error is not %q: %v", want, err)
	}
	if err == nil {
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q: %v", part, err)
		}
	}
}

func TestStoreOfAnotherInstanceIsRefused(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, k.address, "acme-prod", store.ErrInstance, `"acme-test"`, `"acme-prod"`, "instance:")
	_, err := store.OpenReadOnly(t.Context(), k.address, "acme-prod", store.Options{})
	wantError(t, err, store.ErrInstance)
	k.open()
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

func TestReadersWorkBesideAWriter(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"))
	r, err := store.OpenReadOnly(t.Context(), k.address, "acme-test", k.options())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	k.page(issue("2", 1, "Low"))
	snap, err := r.Snapshot(t.Context(), today)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "records", []string{"1@1=High", "2@1=Low"}, byID(snap))
	k.page(issue("2", 2, "High"))
	if snap, err = r.Snapshot(t.Context(), today); err != nil {
		t.Fatal(err)
	}
	diff(t, "records", []string{"1@1=High", "2@2=High"}, byID(snap))
	if r.DB() != nil {
		t.Error("a reader has a connection that writes")
	}
}

func TestReaderWritesNothing(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"))
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := store.OpenReadOnly(t.Context(), k.address, "acme-test", k.options())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	ctx := t.Context()
	_, page := r.SavePage(ctx, "jira", "issues", connectors.Page{}, nil)
	_, run := r.SaveRun(ctx, emptyRun())
	_, prune := r.Prune(ctx, noon)
	for what, err := range map[string]error{
		"page": page, "run": run, "prune": prune, "read": r.SaveRead(ctx, []work.Ref{ref("1")}, nil), "failure": r.SaveFailure(ctx, "jira", "", "x"),
		"begin": r.Begin(ctx, 1, nil), "finish": r.Finish(ctx, nil), "pause": r.Pause(ctx, true, "", ""),
		"release": r.Release(ctx, plan.SlotRef{}, ""), "relink": r.Relink(ctx, "h", nil),
	} {
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("%s: %v", what, err)
		}
	}
	snap, err := r.Snapshot(ctx, today)
	if err != nil {
		t.Fatal(err)
	}
	diff(t, "records", []string{"1@1=High"}, byID(snap))
}

func TestStoreOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	if _, err := k.DB().ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, k.address, "acme-test", store.ErrNewer, "99", "newer version")
	_, err := store.OpenReadOnly(t.Context(), k.address, "acme-test", store.Options{})
	wantError(t, err, store.ErrNewer)
}

func TestReaderDoesNotBringAStoreUpToDate(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	if _, err := k.DB().ExecContext(t.Context(), "UPDATE goose_db_version SET version_id = 0"); err != nil {
		t.Fatal(err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.OpenReadOnly(t.Context(), k.address, "acme-test", store.Options{})
	wantError(t, err, store.ErrOlder, "tandem run")
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

func TestAddressesThatNameNoStore(t *testing.T) {
	t.Parallel()
	refused(t, "postgres://u:secret@db/tandem", "acme-test", nil, "sqlite:tandem.db", "postgres:…")
	_, err := store.Open(t.Context(), "postgres://u:secret@db/tandem", "acme-test", store.Options{})
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

func TestDamagedFileIsNamed(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	for i := range 400 {
		k.page(issue(string(rune('a'+i%26))+strings.Repeat("x", i), 1, strings.Repeat("long ", 50)))
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(k.path())
	if err != nil {
		t.Fatal(err)
	}
	for i := 40 * 4096; i < len(content); i++ { // the schema stays readable
		content[i] = byte(i * 7)
	}
	if err := os.WriteFile(k.path(), content, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), k.address, "acme-test", k.options())
	if err == nil {
		_, err = s.Snapshot(t.Context(), today)
		_ = s.Close()
	}
	wantError(t, err, store.ErrDamaged, k.path(), "restore the backup")
	if err == nil {
		t.Error("a damaged file was read without an error")
	}
}

func TestStoredJSONThatIsDamagedIsNamed(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"))
	if _, err := k.DB().ExecContext(t.Context(), "UPDATE record_version SET body = '{'"); err != nil {
		t.Fatal(err)
	}
	_, err := k.Snapshot(t.Context(), today)
	wantError(t, err, store.ErrDamaged, "record jira:1")
}

func TestFullDiskIsNamedAndLeavesTheStoreWhole(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	k.page(issue("1", 1, "High"))
	if _, err := k.DB().ExecContext(t.Context(), "PRAGMA max_page_count = 70"); err != nil {
		t.Fatal(err)
	}
	var err error
	for i := 2; i < 200 && err == nil; i++ {
		r := issue("1", i, strings.Repeat("much ", 1000))
		_, err = k.SavePage(t.Context(), "jira", "issues", connectors.Page{Records: []work.Record{r}}, nil)
	}
	wantError(t, err, store.ErrFull, k.path(), "free space")
	if _, err := k.DB().ExecContext(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	k.page(issue("1", 1000, "Low"))
	diff(t, "records", []string{"1@1000=Low"}, byID(k.snapshot()))
}

func TestFileThatCannotBeWrittenIsNamed(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	if _, err := k.DB().ExecContext(t.Context(), "PRAGMA query_only = 1"); err != nil { // the same answer as for a file without rights
		t.Fatal(err)
	}
	_, err := k.SavePage(t.Context(), "jira", "issues", connectors.Page{Records: []work.Record{issue("1", 1, "High")}}, nil)
	wantError(t, err, store.ErrReadOnly, k.path(), "right to write")

	if os.Getuid() == 0 {
		t.Log("the rights of files are not tested: this user may write everywhere")
		return
	}
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	refused(t, "sqlite:"+filepath.Join(locked, "tandem.db"), "acme-test", store.ErrReadOnly, "right to write")
}

func TestEndedContextIsToldAsSuch(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, page := k.SavePage(ctx, "jira", "issues", connectors.Page{Records: []work.Record{issue("1", 1, "High")}}, nil)
	_, snap := k.Snapshot(ctx, today)
	for what, err := range map[string]error{"page": page, "snapshot": snap, "begin": k.Begin(ctx, 1, []work.Edit{edit("1", "a", "b")})} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", what, err)
		}
	}
	k.page(issue("1", 1, "High")) // the store is as before
}
