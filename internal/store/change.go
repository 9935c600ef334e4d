package store

import (
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

	at       int64  // now, by the clock of this process
	clock    string // now, by the clock of the store, in SQL
	lease    *work.Lease
	log      *slog.Logger
	seq      int64 // 0 until next was called
	prepared map[string]*sql.Stmt
}

// exec runs a statement, which is parsed once per transaction.
func (c *change) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if c.prepared == nil { // the driver remembers what it parsed
		return c.ExecContext(ctx, query, args...)
	}
	stmt := c.prepared[query]
	if stmt == nil {
		var err error
		if stmt, err = c.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		c.prepared[query] = stmt // the end of the transaction closes it
	}
	return stmt.ExecContext(ctx, args...)
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
	began := time.Now()
	err = s.transact(t.work, t.tx, d, do)
	if took := time.Since(began); took > slow {
		s.log.Debug("a write kept others waiting", "kind", act, "took", took)
	}
	return s.fault(act, err)
}

func (s *Store) transact(ctx context.Context, tx *sql.Tx, d durability, do func(context.Context, *change) error) error {
	c := &change{Tx: tx, at: s.now().UnixMicro(), clock: s.clock(), lease: s.lease, log: s.log}
	if s.base.prepares {
		c.prepared = map[string]*sql.Stmt{}
	}
	err := do(ctx, c)
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
	return tx.Commit()
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
