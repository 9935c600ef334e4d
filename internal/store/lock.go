package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// lock keeps a second process from writing. It is a tiny SQLite file beside
// the store in which a write transaction stays open: the operating system ends
// it with the process, however that ends, and others can still read who holds
// it.
type lock struct {
	db   *sql.DB
	conn *sql.Conn
}

// acquire takes the lock or says who has it.
func acquire(ctx context.Context, path string, now time.Time) (*lock, error) {
	path += ".lock"
	if err := create(path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", uri(path, "rw", "busy_timeout(300)"))
	if err != nil {
		return nil, explain(path, err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(explain(path, err), db.Close())
	}
	l := &lock{db: db, conn: conn}
	if err := l.take(ctx, now); err != nil {
		err = l.refusal(ctx, path, err)
		return nil, errors.Join(err, l.release())
	}
	return l, nil
}

// take writes down who holds the lock, then takes it for good.
func (l *lock) take(ctx context.Context, now time.Time) error {
	host, err := os.Hostname()
	if err != nil {
		host = "a nameless host"
	}
	steps := []struct {
		sql  string
		args []any
	}{
		{"BEGIN IMMEDIATE", nil},
		{"CREATE TABLE IF NOT EXISTS holder (one INTEGER PRIMARY KEY CHECK (one = 1), process INTEGER, host TEXT, since INTEGER)", nil},
		{"INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)", []any{os.Getpid(), host, now.UnixMicro()}},
		{"COMMIT", nil},
		{"BEGIN IMMEDIATE", nil},
	}
	for _, s := range steps {
		if _, err := l.conn.ExecContext(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// refusal turns "busy" into a sentence that names the holder.
func (l *lock) refusal(ctx context.Context, path string, err error) error {
	var native *sqlite.Error
	if !errors.As(err, &native) || native.Code()&0xff != sqlite3.SQLITE_BUSY {
		return explain(path, err)
	}
	var process, since int64
	var host string
	who := "another process"
	row := l.conn.QueryRowContext(ctx, "SELECT process, host, since FROM holder")
	if row.Scan(&process, &host, &since) == nil {
		who = fmt.Sprintf("process %d on %s since %s", process, host, timeOf(since).Format(time.RFC3339))
	}
	return fmt.Errorf("the store is %w: %s; stop it first, or only look and decide: status, plan and explain read beside it, apply, reject and release note what you decide, and a daemon that runs does undo and retire itself", ErrInUse, who)
}

// release gives the lock back. The file stays: removing it could take away the
// lock that another process has just opened.
func (l *lock) release() error {
	return errors.Join(l.conn.Close(), l.db.Close())
}

// create makes an empty file that only this user can read: a store holds what
// people said. It never opens an existing file, since closing that would drop
// the locks of this process on it.
func create(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case errors.Is(err, os.ErrExist):
		return nil
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("store %s: the folder does not exist; create it, or name another: %w", path, ErrMissing)
	case err != nil:
		return fmt.Errorf("store %s: %w; give this user the right to write to the folder (%w)", path, ErrReadOnly, err)
	}
	return f.Close()
}
