package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tandem/internal/work"
)

// durability says what a commit waits for.
type durability bool

const (
	// normal commits survive the end of the process, not a power cut.
	normal durability = false
	// durable commits are on the disk when they return.
	durable durability = true
)

// slow is how long a write may keep others from writing before it is told.
const slow = 50 * time.Millisecond

// change is one write transaction.
type change struct {
	*sql.Tx

	at     int64  // now, by the clock of this process
	clock  string // now, by the clock of the store, in SQL
	leases []work.Lease
	lost   map[string]bool // see late
	log    *slog.Logger
	seq    int64 // 0 until next was called
	memo   memo

	send    func(context.Context, []statement) error // see turn
	waiting []statement                              // to be sent
	failed  error                                    // of those that were
}

// atOnce is how many statements are sent at a time.
const atOnce = 500

// put runs a statement whose result nobody asks for. It may wait until
// something is asked, or until the end.
func (c *change) put(ctx context.Context, query string, args ...any) error {
	if c.send == nil {
		_, err := c.exec(ctx, query, args...)
		return err
	}
	c.waiting = append(c.waiting, statement{query, args})
	if len(c.waiting) < atOnce {
		return nil
	}
	return c.flush(ctx)
}

// flush sends what waits.
func (c *change) flush(ctx context.Context) error {
	if c.failed == nil && len(c.waiting) > 0 {
		c.failed = c.send(ctx, c.waiting)
		c.waiting = c.waiting[:0]
	}
	return c.failed
}

// QueryContext runs a query after everything that was put before.
func (c *change) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	return c.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query after everything that was put before. Where that
// failed, this fails too.
func (c *change) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	_ = c.flush(ctx) // c.failed is told at the end
	return c.Tx.QueryRowContext(ctx, query, args...)
}

// exec runs a statement after everything that was put before. Connections
// remember what they parsed.
func (c *change) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := c.flush(ctx); err != nil {
		return nil, err
	}
	return c.ExecContext(ctx, query, args...)
}

// next returns a new number of the sequence: something was changed that can
// alter an evaluation.
func (c *change) next(ctx context.Context) (int64, error) {
	if c.seq == 0 {
		if err := c.QueryRowContext(ctx, "SELECT value FROM sequence").Scan(&c.seq); err != nil {
			return 0, err
		}
	}
	c.seq++
	return c.seq, nil
}

// touch takes a new number where one of the rows was changed.
func (c *change) touch(ctx context.Context, r sql.Result) error {
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err
	}
	_, err := c.next(ctx)
	return err
}

// clock is the time of leases, in SQL: microseconds.
func (s *Store) clock() string { return s.base.clock(s.now()) }

// change runs do in one write transaction. Nothing of it stays where do fails.
// A context that ends keeps a transaction from beginning; one that began is
// short and is brought to its end.
func (s *Store) change(ctx context.Context, act string, d durability, do func(context.Context, *change) error) error {
	if s.writer == nil {
		return fmt.Errorf("%s: store %s: %w: it was opened to read", act, s.base.place, ErrReadOnly)
	}
	t, err := s.base.begin(ctx, s.writer, d)
	if err != nil {
		return s.fault(act, err)
	}
	defer t.done()
	ctx = context.WithoutCancel(ctx)
	if s.base.limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.base.limit)
		defer cancel()
	}
	began := time.Now()
	err = s.transact(ctx, t, d, do)
	if took := time.Since(began); took > slow {
		s.log.Debug("a write kept others waiting", "kind", act, "took", took)
	}
	return s.fault(act, err)
}

func (s *Store) transact(ctx context.Context, t turn, d durability, do func(context.Context, *change) error) error {
	tx := t.tx
	c := &change{Tx: tx, send: t.send, at: s.now().UnixMicro(), clock: s.clock(), leases: s.leases, log: s.log}
	err := do(ctx, c)
	if err == nil {
		err = c.flush(ctx)
	} else {
		err = cmp.Or(c.failed, err) // what failed first says why
	}
	switch {
	case err != nil:
	case c.seq > 0:
		_, err = tx.ExecContext(ctx, "UPDATE sequence SET value = ?", c.seq)
	case d == normal && s.base.light != "":
		_, err = tx.ExecContext(ctx, s.base.light)
	}
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	t.after(ctx, c.seq)
	return nil
}

// view runs do in one read transaction: everything it reads is of one moment.
func (s *Store) view(ctx context.Context, act string, do func(context.Context, *sql.Tx) error) error {
	tx, err := s.reader.BeginTx(ctx, s.base.views)
	if err != nil {
		return s.fault(act, err)
	}
	err = do(ctx, tx)
	if end := tx.Rollback(); err == nil && end != nil && !errors.Is(end, sql.ErrTxDone) {
		err = end
	}
	return s.fault(act, err)
}

// queryer is a connection pool or a transaction.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// each calls do for every row of a query.
func each(ctx context.Context, q queryer, query string, args []any, do func(scan func(...any) error) error) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err has the news
	for rows.Next() {
		if err := do(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
