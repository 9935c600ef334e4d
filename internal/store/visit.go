package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Visited notes that a person looks today, and returns the last day before on
// which they did; zero where there was none. It writes once a day.
func (s *Store) Visited(ctx context.Context, person string, today time.Time) (time.Time, error) {
	before, latest, err := visitOf(ctx, s.reader, person)
	if err != nil {
		return before, s.fault("read a visit", err)
	}
	if !latest.Before(today) {
		return before, nil
	}
	err = s.change(ctx, "note a visit", normal, func(ctx context.Context, c *change) error {
		var latest time.Time
		if before, latest, err = visitOf(ctx, c, person); err != nil || !latest.Before(today) {
			return err
		}
		var last sql.NullInt64
		if before = latest; !latest.IsZero() {
			last = sql.NullInt64{Int64: latest.UnixMicro(), Valid: true}
		}
		return c.put(ctx, "INSERT INTO visit (person, before, latest) VALUES (?, ?, ?) ON CONFLICT (person) DO UPDATE SET before = excluded.before, latest = excluded.latest",
			person, last, today.UnixMicro())
	})
	return before, err
}

func visitOf(ctx context.Context, q rower, person string) (before, latest time.Time, err error) {
	var b sql.NullInt64
	var l int64
	err = q.QueryRowContext(ctx, "SELECT before, latest FROM visit WHERE person = ?", person).Scan(&b, &l)
	if errors.Is(err, sql.ErrNoRows) {
		return before, latest, nil
	}
	if b.Valid {
		before = timeOf(b.Int64)
	}
	return before, timeOf(l), err
}
