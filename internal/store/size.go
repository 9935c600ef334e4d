package store

import (
	"context"
	"os"
	"path/filepath"
)

// size returns how many bytes the store takes, and how many its disk has left;
// -1 is not known.
func (s *Store) size(ctx context.Context) (bytes, free int64) { return s.base.size(ctx, s.reader) }

func (p *server) size(ctx context.Context, q rower) (bytes, free int64) {
	err := q.QueryRowContext(ctx, `SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bigint) FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relkind = 'r'`, p.schema).Scan(&bytes)
	if err != nil {
		return -1, -1 // it is asked again
	}
	return bytes, -1
}

func (f *file) size(context.Context, rower) (bytes, free int64) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(f.path + suffix); err == nil {
			bytes += info.Size()
		}
	}
	return bytes, diskFree(filepath.Dir(f.path))
}
