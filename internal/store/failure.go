package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tandem/internal/work"
)

// What can be wrong with a store. Each error that a Store returns says what to
// do; these are for those who tell them apart.
var (
	ErrInUse    = errors.New("in use by another process")
	ErrInstance = errors.New("belongs to another instance")
	ErrNewer    = errors.New("written by a newer version of Tandem")
	ErrOlder    = errors.New("written by an older version of Tandem")
	ErrForeign  = errors.New("not a store of Tandem")
	ErrMissing  = errors.New("no such store")
	ErrReadOnly = errors.New("cannot be written")
	ErrFull     = errors.New("the disk is full")
	ErrDamaged  = errors.New("the file is damaged")
	ErrPaused   = work.ErrPaused

	ErrAccess      = errors.New("the server refuses access")
	ErrUnreachable = errors.New("the server does not answer")
	ErrTooOld      = errors.New("the server is too old")
)

// fault says what was being done and, where the database's answer has a remedy
// that a person can apply, names it.
func (s *Store) fault(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", act, s.base.explain(err))
}

// explain puts errors of SQLite into words.
func explain(path string, err error) error {
	var native *sqlite.Error
	if !errors.As(err, &native) {
		return err
	}
	say := func(what error, remedy string) error {
		return fmt.Errorf("store %s: %w; %s (%w)", path, what, remedy, err)
	}
	switch native.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return say(ErrFull, "free space; what was stored before is safe")
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return say(ErrReadOnly, "give this user the right to write to the file and to its folder")
	case sqlite3.SQLITE_CANTOPEN:
		return say(ErrReadOnly, "the folder must exist, and this user must be allowed to write to it")
	case sqlite3.SQLITE_NOTADB:
		return say(ErrForeign, "name another file, or restore the backup")
	case sqlite3.SQLITE_CORRUPT:
		return say(ErrDamaged, "restore the backup; without one, move the file away and let Tandem read everything again")
	case sqlite3.SQLITE_IOERR:
		return say(ErrDamaged, "the disk does not answer; look at the system's log")
	case sqlite3.SQLITE_BUSY:
		return say(ErrInUse, "another program holds the file; close it")
	default:
		return fmt.Errorf("store %s: %w", path, err)
	}
}

// damaged reports stored content that cannot be understood.
func damaged(what string, err error) error {
	return fmt.Errorf("%s: %w; restore the backup (%w)", what, ErrDamaged, err)
}
