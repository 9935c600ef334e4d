package store

import (
	"context"
	"database/sql"
)

// meta returns a stored setting, empty where there is none.
func (s *Store) meta(ctx context.Context, key string) (string, error) {
	return metaOf(ctx, s.reader, key)
}

// rower is a connection pool or a transaction.
type rower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func metaOf(ctx context.Context, q rower, key string) (string, error) {
	var value string
	err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(&value)
	return value, ignoreNone(err)
}

func (c *change) setMeta(ctx context.Context, key, value string) error {
	err := c.put(ctx, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
	return err
}
