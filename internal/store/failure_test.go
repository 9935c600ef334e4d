package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/work"
)

func TestDamagedFileIsNamed(t *testing.T) {
	t.Parallel()
	k := openStore(t)
	var records []work.Record
	for i := range 800 {
		records = append(records, issue(strconv.Itoa(i), 1, strings.Repeat("long ", 100)))
	}
	k.page(records...)
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
	onBoth(t, func(k *kept) {
		k.page(issue("1", 1, "High"))
		if _, err := k.DB().ExecContext(k.t.Context(), "UPDATE record_version SET body = '{'"); err != nil {
			k.t.Fatal(err)
		}
		_, err := k.Snapshot(k.t.Context(), today)
		wantError(k.t, err, store.ErrDamaged, "record jira:1")
	})
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
	onBoth(t, func(k *kept) {
		ctx, cancel := context.WithCancel(k.t.Context())
		cancel()
		_, page := k.SavePage(ctx, "jira", "issues", connectors.Page{Records: []work.Record{issue("1", 1, "High")}}, nil)
		_, snap := k.Snapshot(ctx, today)
		for what, err := range map[string]error{"page": page, "snapshot": snap, "begin": k.Begin(ctx, 1, []work.Edit{edit("1", "a", "b")})} {
			if !errors.Is(err, context.Canceled) {
				k.t.Errorf("%s: %v", what, err)
			}
		}
		k.page(issue("1", 1, "High")) // the store is as before
	})
}
