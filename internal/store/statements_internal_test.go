package store

import "testing"

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
