package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// readers is how many connections read at a time: a snapshot, and some pages.
const readers = 4

// spare is the usual Options.Spare.
const spare = 30 * time.Second

// file is a store in one file of SQLite.
type file struct {
	path  string
	lock  *lock
	scrap string // folder to remove at the end
}

func newFile(path string) (*file, error) {
	f := &file{path: path}
	if path == memory {
		var err error
		if f.scrap, err = os.MkdirTemp("", "tandem-store-"); err != nil {
			return nil, err
		}
		f.path = filepath.Join(f.scrap, "tandem.db")
	}
	return f, nil
}

func (f *file) base() *base {
	b := &base{
		place: f.path, array: "json_array", tables: "main.", views: &sql.TxOptions{ReadOnly: true},
		clock:   func(now time.Time) string { return strconv.FormatInt(now.UnixMicro(), 10) },
		begin:   f.begin,
		looking: func() (*sql.DB, error) { return openFile(looking(f.path)) },
		explain: func(err error) error { return explain(f.path, err) },
		here:    f.here, size: f.size, erase: erase, shrink: "PRAGMA shrink_memory",
		texts: "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type IN ('TEXT', 'BLOB') ORDER BY 1, 2",
	}
	if f.scrap != "" {
		b.here = nil
	}
	return b
}

// erase empties the log of the file, in which what was deleted may still stand;
// in the file itself it is overwritten as it goes.
func erase(ctx context.Context, db *sql.DB) error {
	var busy, frames, done int
	return db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &done)
}

// begin takes the one connection that writes. A context that ends keeps a
// transaction from beginning; one that began is short and is brought to its
// end.
func (f *file) begin(ctx context.Context, db *sql.DB, d durability) (turn, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return turn{}, err
	}
	ctx = context.WithoutCancel(ctx)
	done := func() {
		if d == durable {
			_, _ = conn.ExecContext(ctx, "PRAGMA synchronous = NORMAL")
		}
		_ = conn.Close() // it goes back to the pool
	}
	if d == durable {
		_, err = conn.ExecContext(ctx, "PRAGMA synchronous = FULL")
	}
	var tx *sql.Tx
	if err == nil {
		tx, err = conn.BeginTx(ctx, nil)
	}
	if err != nil {
		done()
	}
	return turn{tx: tx, done: done, after: func(context.Context, int64) {}}, err
}

func (f *file) open(ctx context.Context, s *Store) error {
	var err error
	if f.lock, err = acquire(ctx, f.path, s.now()); err != nil {
		return err
	}
	if err := create(f.path); err != nil {
		return err
	}
	if err := f.look(ctx, s.instance); err != nil {
		return err
	}
	if err := f.openWriter(s); err != nil {
		return err
	}
	if err := migrate(ctx, s.writer, sqliteMigrations); err != nil {
		return fmt.Errorf("prepare tables: %w", err)
	}
	if err := s.claim(ctx, true); err != nil {
		return err
	}
	if err := s.settleHome(ctx); err != nil {
		return err
	}
	return f.openReader(ctx, s)
}

func (f *file) openWriter(s *Store) (err error) {
	if s.writer, err = openFile(writing(f.path)); err == nil {
		s.writer.SetMaxOpenConns(1)
	}
	return err
}

// look inspects the file before anything is changed in it.
func (f *file) look(ctx context.Context, instance string) error {
	if info, err := os.Stat(f.path); err != nil || info.Size() == 0 {
		return err
	}
	db, err := sql.Open("sqlite", reading(f.path))
	if err != nil {
		return err
	}
	found, err := inspect(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	return found.accept(instance)
}

func (f *file) openReader(ctx context.Context, s *Store) error {
	if info, err := os.Stat(f.path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return fmt.Errorf("%w: tandem run and tandem plan create it, or correct store: in the configuration", ErrMissing)
	}
	var err error
	if s.reader, err = openFile(reading(f.path)); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	s.reader.SetConnMaxIdleTime(s.spare)
	found, err := inspect(ctx, s.reader)
	if err != nil {
		return err
	}
	return found.ready(s.instance)
}

func (f *file) openBeside(ctx context.Context, s *Store) error {
	if err := f.openReader(ctx, s); err != nil {
		return err
	}
	return f.openWriter(s)
}

func (f *file) close() error {
	var errs []error
	if f.lock != nil {
		errs = append(errs, f.lock.release())
	}
	if f.scrap != "" {
		errs = append(errs, os.RemoveAll(f.scrap))
	}
	return errors.Join(errs...)
}
