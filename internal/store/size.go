package store

import (
	"context"
	"os"
	"path/filepath"
)

// size returns how many bytes the file takes with its log, and how many its
// disk has left; -1 is not known.
func (f *file) size(context.Context, rower) (bytes, free int64) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(f.path + suffix); err == nil {
			bytes += info.Size()
		}
	}
	return bytes, diskFree(filepath.Dir(f.path))
}

// size returns how many bytes the tables of the schema take. How full the
// server's disk is cannot be seen from here.
func (p *server) size(ctx context.Context, q rower) (bytes, free int64) {
	const query = `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND n.nspname = ?`
	if err := q.QueryRowContext(ctx, query, p.schema).Scan(&bytes); err != nil {
		bytes = -1
	}
	return bytes, -1
}
