package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"tandem/internal/work"
)

// readWhole notes that a stream was read to its end, where that is the first
// time. It is kept for good: what is missing later was there, and has a twin or
// an owner that is known.
func (c *change) readWhole(ctx context.Context, connector, stream string) error {
	var known bool
	err := c.QueryRowContext(ctx, "SELECT whole IS NOT NULL FROM stream WHERE connector = ? AND stream = ?", connector, stream).Scan(&known)
	if err != nil || known {
		return err
	}
	seq, err := c.next(ctx)
	if err != nil {
		return err
	}
	return c.put(ctx, "UPDATE stream SET whole = ? WHERE connector = ? AND stream = ?", seq, connector, stream)
}

// BelieveRead lets a connector count as read whole though it was not: a person
// knows that what could not be read has no twin and owns nothing.
func (s *Store) BelieveRead(ctx context.Context, connector string) error {
	return s.change(ctx, "let "+connector+" count as read", durable, func(ctx context.Context, c *change) error {
		seq, err := c.person(ctx)
		if err != nil {
			return err
		}
		return c.put(ctx, `INSERT INTO stream (connector, stream, whole) VALUES (?, '', ?)
			ON CONFLICT (connector, stream) DO UPDATE SET whole = coalesce(stream.whole, excluded.whole)`, connector, seq)
	})
}

// isWhole tells of a row s of the table whether it counts as read whole.
const isWhole = "s.whole IS NOT NULL OR EXISTS (SELECT 1 FROM stream a WHERE a.connector = s.connector AND a.stream = '' AND a.whole IS NOT NULL)"

// wholeOf lists the streams that had been read whole at a number of the
// sequence.
func wholeOf(ctx context.Context, q queryer, seq int64) ([]work.StreamName, error) {
	var all []work.StreamName
	err := each(ctx, q, "SELECT connector, stream FROM stream WHERE whole <= ? AND stream <> '"+censusStream+"' ORDER BY connector, stream", []any{seq},
		func(scan func(...any) error) error {
			var s work.StreamName
			err := scan(&s.Connector, &s.Stream)
			all = append(all, s)
			return err
		})
	return all, err
}

// firstReadOf returns the connectors that the last run waited for.
func firstReadOf(ctx context.Context, q rower) ([]string, error) {
	var body string
	err := q.QueryRowContext(ctx, "SELECT p.body FROM run r JOIN plan_text p ON p.hash = r.plan_hash ORDER BY r.num DESC LIMIT 1").Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if c, ok := coverOf(body); ok {
		return c.FirstRead, nil
	}
	i := strings.LastIndex(body, `"first_read":[`) // at the end of the plan
	if err != nil || i < 0 {
		return nil, err
	}
	var plan struct {
		FirstRead []string `json:"first_read"`
	}
	if err := json.Unmarshal([]byte("{"+body[i:]), &plan); err != nil {
		return nil, damaged("plan", err)
	}
	return plan.FirstRead, nil
}
