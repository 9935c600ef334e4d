package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrServer says that what was asked for is the work of the database server's
// own tools.
var ErrServer = errors.New("the store is on a server; use pg_dump --format=custom, which needs nobody to stop")

// Backup writes the store as it is at one moment into a new file, beside a
// daemon that goes on, and returns its size in bytes. The file is whole or not
// there: it is checked before it gets its name, which nothing may have yet. A
// store on a server is refused with ErrServer.
//
// It is a store like any other: put in the place of the first it goes on, in
// another place nothing is written from it (see Adopt).
func (s *Store) Backup(ctx context.Context, to string) (size int64, err error) {
	const act = "back up the store"
	if s.base.shared {
		return 0, fmt.Errorf("%s: %w", act, ErrServer)
	}
	if to, err = filepath.Abs(to); err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = fmt.Errorf("%s is there already; name a new file", to)
		}
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // of one that was killed
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	if err := create(part); err != nil { // nobody else may read it
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part) // the error that is told says more
		}
	}()
	if err := s.copyTo(ctx, part); err != nil {
		return 0, s.fault(act, err)
	}
	if err := sound(ctx, part); err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	if err := os.Rename(part, to); err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	info, err := os.Stat(to)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", act, err)
	}
	return info.Size(), settled(filepath.Dir(to))
}

// copyTo writes everything into an empty file, as it is at one moment, and
// without the room that nobody uses.
func (s *Store) copyTo(ctx context.Context, path string) error {
	db, err := s.base.looking()
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path)
	return errors.Join(err, db.Close())
}

// sound checks a file that was written, and waits until it is on the disk.
func sound(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", reading(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("the copy is damaged: %s; look at the disk", verdict)
	}
	return settled(path)
}

// settled waits until a file or folder is on the disk.
func settled(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
