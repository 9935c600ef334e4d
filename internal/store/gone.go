package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// GoneSince tells since when a record is no longer there: it was deleted, left
// what is read, or cannot be seen any more. False where it is there, or nobody
// ever knew it.
func (s *Store) GoneSince(ctx context.Context, connector, key string) (time.Time, bool, error) {
	var at int64
	err := s.reader.QueryRowContext(ctx, `SELECT v.stored FROM record r JOIN record_version v ON v.seq = r.seq
		WHERE r.connector = ? AND r.key = ? AND r.gone <> 0 ORDER BY v.stored DESC LIMIT 1`, connector, key).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return timeOf(at), err == nil, s.fault("look for what became of a record", err)
}
