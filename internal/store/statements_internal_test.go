package store

import (
	"cmp"
	"path/filepath"
	"testing"
)

func TestStatementsThatReadOrWriteRowsAreParsedOnce(t *testing.T) {
	for query, want := range map[string]bool{
		"SELECT 1":                        true,
		"\n\tWITH a AS (SELECT 1) SELECT": true,
		"-- name: JobGetAvailable :many\nUPDATE river_job SET attempt = 1":  true,
		"-- name: QueueGet :one\n  -- of one name\n SELECT name FROM queue": true,
		"PRAGMA wal_checkpoint":         false,
		"-- name: Vacuum :exec\nVACUUM": false,
		"-- only a remark":              false,
		"CREATE TABLE t (id INTEGER)":   false,
		"-- SELECT\nDROP TABLE t":       false,
		"BEGIN IMMEDIATE":               false,
		"":                              false,
		"SAVEPOINT a; -- so that it can be taken back": false,
	} {
		if got := keeps(query); got != want {
			t.Errorf("%q is kept: %t, want %t", query, got, want)
		}
	}
}

func TestALimitOfRiverIsNoReasonToParseAgain(t *testing.T) {
	for query, want := range map[string]string{
		"-- name: JobGetAvailable :many\nSELECT id FROM river_job LIMIT ?4\n)": "-- name: JobGetAvailable :many\nSELECT id FROM river_job LIMIT (?4+0)\n)",
		"-- name: QueueList :many\nSELECT * FROM river_queue LIMIT ?":          "-- name: QueueList :many\nSELECT * FROM river_queue LIMIT (?+0)",
		"-- name: QueueGet :one\nSELECT * FROM river_queue LIMIT 1":            "-- name: QueueGet :one\nSELECT * FROM river_queue LIMIT 1",
		"SELECT id FROM record LIMIT ?":                                        "SELECT id FROM record LIMIT ?",
	} {
		if got := steady(query); got != want {
			t.Errorf("%q is read as %q", query, got)
		}
	}
}

// BenchmarkAStatementOfRiver asks for jobs where there are none, as a node does
// all the time; steady=false is the statement as River writes it.
func BenchmarkAStatementOfRiver(b *testing.B) {
	const query = `UPDATE job SET attempt = attempt + 1 WHERE id IN (
		SELECT id FROM job WHERE state = 'available' AND queue = ?1 AND scheduled_at <= coalesce(?2, datetime('now', 'subsec')) ORDER BY priority, scheduled_at, id LIMIT ?3) RETURNING *`
	for name, text := range map[string]string{"steady=true": named + " JobGetAvailable :many\n" + query, "steady=false": query} {
		b.Run(name, func(b *testing.B) {
			db, err := openFile("file:" + filepath.Join(b.TempDir(), "jobs.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = db.Close() }()
			db.SetMaxOpenConns(1)
			if _, err := db.ExecContext(b.Context(), "CREATE TABLE job (id INTEGER PRIMARY KEY, state, queue, attempt, priority, scheduled_at)"); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				rows, err := db.QueryContext(b.Context(), text, "poll", nil, 10)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
					b.Fatal("a job came from nowhere")
				}
				if err := cmp.Or(rows.Err(), rows.Close()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
