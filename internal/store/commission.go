package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"tandem/internal/work"
)

// Commission places an order. It reports false where another one is not over:
// there is one at a time.
func (s *Store) Commission(ctx context.Context, order work.Commission) (bool, error) {
	body, err := encode(order)
	if err != nil {
		return false, err
	}
	placed := false
	err = s.change(ctx, "place an order", durable, func(ctx context.Context, c *change) error {
		var open int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM commission WHERE stage <> ?", work.Over).Scan(&open); err != nil || open > 0 {
			return err
		}
		placed = true
		return c.put(ctx, "INSERT INTO commission (id, body, at, stage, tries, run, targets, told) VALUES (?, ?, ?, ?, 0, 0, '[]', '')",
			order.ID, body, c.at, work.Placed)
	})
	return placed, err
}

// Commissioned returns an order; false where there is none of this name.
func (s *Store) Commissioned(ctx context.Context, id string) (work.Commission, bool, error) {
	order, found, err := commissionOf(ctx, s.reader, "id = ?", id)
	return order, found, s.fault("read an order", err)
}

// NextCommission returns the order that is not over; false where there is none.
func (s *Store) NextCommission(ctx context.Context) (work.Commission, bool, error) {
	order, found, err := commissionOf(ctx, s.reader, "stage <> ?", work.Over)
	return order, found, s.fault("read an order", err)
}

// TakeCommission returns the order that is not over, and counts that somebody
// set about it.
func (s *Store) TakeCommission(ctx context.Context) (order work.Commission, found bool, err error) {
	err = s.change(ctx, "take an order", normal, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Alone); err != nil {
			return err
		}
		if order, found, err = commissionOf(ctx, c, "stage <> ?", work.Over); err != nil || !found {
			return err
		}
		order.Tries++
		return c.put(ctx, "UPDATE commission SET tries = ? WHERE id = ?", order.Tries, order.ID)
	})
	return order, found, err
}

// BeginCommission notes, before anything of it goes out, what of an order was
// confirmed, and under which run it is journalled. It reports false where the
// order is over.
func (s *Store) BeginCommission(ctx context.Context, id string, run int64, targets []work.Target) (bool, error) {
	body, err := encode(append([]work.Target{}, targets...))
	if err != nil {
		return false, err
	}
	return s.atCommission(ctx, "begin an order", "UPDATE commission SET stage = ?, run = ?, targets = ? WHERE id = ? AND stage = ?",
		work.Begun, run, body, id, work.Placed)
}

// EndCommission notes what became of an order. It reports false where that was
// noted before.
func (s *Store) EndCommission(ctx context.Context, id string, told []byte) (bool, error) {
	return s.atCommission(ctx, "end an order", "UPDATE commission SET stage = ?, told = ?, ended = ? WHERE id = ? AND stage <> ?",
		work.Over, string(told), s.now().UnixMicro(), id, work.Over)
}

// WithdrawCommission ends an order that nobody began, with what clients are told
// of it. It reports false where it began, or is over.
func (s *Store) WithdrawCommission(ctx context.Context, id string, told []byte) (bool, error) {
	return s.atCommission(ctx, "withdraw an order", "UPDATE commission SET stage = ?, told = ?, ended = ? WHERE id = ? AND stage = ?",
		work.Over, string(told), s.now().UnixMicro(), id, work.Placed)
}

func (s *Store) atCommission(ctx context.Context, act, query string, args ...any) (bool, error) {
	was := false
	err := s.change(ctx, act, durable, func(ctx context.Context, c *change) error {
		if err := c.fence(ctx, work.Alone); err != nil {
			return err
		}
		r, err := c.exec(ctx, query, args...)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		was = n > 0
		return err
	})
	return was, err
}

func commissionOf(ctx context.Context, q rower, where string, value any) (work.Commission, bool, error) {
	var order work.Commission
	var body, targets, told string
	var at int64
	err := q.QueryRowContext(ctx, "SELECT id, body, at, stage, tries, run, targets, told FROM commission WHERE "+where+" ORDER BY num LIMIT 1", value).
		Scan(&order.ID, &body, &at, &order.Stage, &order.Tries, &order.Number, &targets, &told)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return order, false, nil
	case err != nil:
		return order, false, err
	}
	order.At, order.Told = timeOf(at), []byte(told)
	if err := errors.Join(json.Unmarshal([]byte(body), &order), json.Unmarshal([]byte(targets), &order.Targets)); err != nil {
		return order, false, fmt.Errorf("order %s: %w", order.ID, damaged("order", err))
	}
	return order, true, nil
}
