package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// ofVersion makes a store of an older version, with rows of that time, and opens it
// with this one.
func ofVersion(t *testing.T, version int64, rows ...string) *Store {
	t.Helper()
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
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	for _, query := range rows {
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
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestAnOlderStoreLearnsTheKeysOfItsRecords(t *testing.T) {
	t.Parallel()
	s := ofVersion(t, 1,
		`INSERT INTO record_version (seq, connector, id, version, hash, body, stored) VALUES (1, 'jira', '7', 5, 'h', '{"connector":"jira","id":"7","key":"PAY-7"}', 1)`,
		`INSERT INTO record (connector, id, seq, version, hash, moved) VALUES ('jira', '7', 1, 5, 'h', 1)`,
	)
	var key, former string
	if err := s.reader.QueryRowContext(t.Context(), "SELECT key, former FROM record").Scan(&key, &former); err != nil || key != "PAY-7" || former != "[]" {
		t.Errorf("key %q, former %s: %v", key, former, err)
	}
}

func TestAnOlderStoreCountsAsReadButForFirstReadsThatRun(t *testing.T) {
	t.Parallel()
	s := ofVersion(t, 10,
		`INSERT INTO stream (connector, stream, cursor, last_read) VALUES ('jira', 'issues', CAST('{"scope":"x"}' AS BLOB), 5)`,
		`INSERT INTO stream (connector, stream, cursor, last_read) VALUES ('jira', 'census', CAST('{}' AS BLOB), 5)`,
		`INSERT INTO stream (connector, stream, cursor, last_read, failure) VALUES ('github', 'issues', CAST('{"repositories":{"acme/pay":{"next":"https://x"}}}' AS BLOB), 5, '')`,
		`INSERT INTO stream (connector, stream, cursor, last_read) VALUES ('other', 'issues', CAST('{"walk":{"token":"t"}}' AS BLOB), 5)`,
		`INSERT INTO stream (connector, stream, cursor, last_read) VALUES ('plan', 'items', NULL, 5)`,
		`INSERT INTO stream (connector, stream, failure) VALUES ('late', 'issues', '401')`,
	)
	snap, err := s.Snapshot(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	want := []work.StreamName{{Connector: "jira", Stream: "issues"}, {Connector: "plan", Stream: "items"}}
	if diff := cmp.Diff(want, snap.Whole); diff != "" {
		t.Errorf("read whole (-want +got):\n%s", diff)
	}
}

func TestAnOlderStoreDoesNotKnowSinceWhenAHorizonLasts(t *testing.T) {
	t.Parallel()
	s := ofVersion(t, 15, `INSERT INTO placement (item, place, tier, tier_since, horizon, score) VALUES ('jira:1', 3, '2', 0, 'now', 1.5)`)
	snap, err := s.Snapshot(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	want := map[work.ItemID]engine.Previous{"jira:1": {Place: 3, Tier: "2", TierSince: time.Unix(0, 0).UTC(), Horizon: "now", Score: 1.5}}
	if diff := cmp.Diff(want, snap.Previous); diff != "" {
		t.Errorf("placements (-want +got):\n%s", diff)
	}
}
