package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

func TestAnOlderStoreLearnsTheKeysOfItsRecords(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tandem.db")
	if err := create(path); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", writing(path))
	if err != nil {
		t.Fatal(err)
	}
	sub, err := fs.Sub(migrations, sqliteMigrations)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, sub, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO record_version (seq, connector, id, version, hash, body, stored) VALUES (1, 'jira', '7', 5, 'h', '{"connector":"jira","id":"7","key":"PAY-7"}', 1)`,
		`INSERT INTO record (connector, id, seq, version, hash, moved) VALUES ('jira', '7', 1, 5, 'h', 1)`,
	} {
		if _, err := db.ExecContext(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), "sqlite:"+path, "acme-test", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	var key, former string
	if err := s.reader.QueryRowContext(t.Context(), "SELECT key, former FROM record").Scan(&key, &former); err != nil || key != "PAY-7" || former != "[]" {
		t.Errorf("key %q, former %s: %v", key, former, err)
	}
}
