package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"tandem/internal/work"
)

// readers is how many connections read at a time: a snapshot, and some pages.
const readers = 4

// Options are what a Store may be given; the zero value works.
type Options struct {
	// Log gets what a person should know of; nothing is logged where it is nil.
	Log *slog.Logger
	// Now is the clock; time.Now where it is nil.
	Now func() time.Time
}

// Store is one open file. Its methods may be called side by side.
type Store struct {
	path     string
	instance string
	log      *slog.Logger
	now      func() time.Time

	writer *sql.DB // nil where the store was opened to read
	reader *sql.DB
	lock   *lock
	scrap  string // folder to remove on Close

	warm *warm       // records as the last snapshot saw them
	runs *sync.Mutex // what SaveRun compares and what it writes belong together

	lease *work.Lease // see Under; nil where nothing is fenced
}

// Open opens the store at an address such as "sqlite:tandem.db" to read and
// write, and creates it where it does not exist. "sqlite::memory:" is a store
// that Close removes. A store of another instance, of a newer version of
// Tandem, or one that another process writes to, is refused. Edits that an
// earlier process had begun and not finished count as unknown from here on.
func Open(ctx context.Context, address, instance string, o Options) (*Store, error) {
	s, err := prepare(address, instance, o)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", address, explain(s.path, err)), s.Close())
	}
	return s, nil
}

// OpenReadOnly opens an existing store to read, beside a daemon or without
// one. Methods that change something fail with ErrReadOnly.
func OpenReadOnly(ctx context.Context, address, instance string, o Options) (*Store, error) {
	s, err := prepare(address, instance, o)
	if err != nil {
		return nil, err
	}
	if err := s.openReader(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", address, explain(s.path, err)), s.Close())
	}
	return s, nil
}

func prepare(address, instance string, o Options) (*Store, error) {
	path, err := pathOf(address)
	if err != nil {
		return nil, err
	}
	if instance == "" {
		return nil, fmt.Errorf("open %s: the instance has no name; write instance: in the configuration", address)
	}
	s := &Store{path: path, instance: instance, log: o.Log, now: o.Now, warm: new(warm), runs: new(sync.Mutex)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if path == memory {
		if s.scrap, err = os.MkdirTemp("", "tandem-store-"); err != nil {
			return nil, fmt.Errorf("open %s: %w", address, err)
		}
		s.path = filepath.Join(s.scrap, "tandem.db")
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	var err error
	if s.lock, err = acquire(ctx, s.path, s.now()); err != nil {
		return err
	}
	if err := create(s.path); err != nil {
		return err
	}
	if err := s.look(ctx); err != nil {
		return err
	}
	if s.writer, err = sql.Open("sqlite", writing(s.path)); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if err := migrate(ctx, s.writer); err != nil {
		return fmt.Errorf("prepare tables: %w", err)
	}
	if err := s.claim(ctx); err != nil {
		return err
	}
	if err := s.settleHome(ctx); err != nil {
		return err
	}
	return s.openReader(ctx)
}

// look inspects the file before anything is changed in it.
func (s *Store) look(ctx context.Context) error {
	if info, err := os.Stat(s.path); err != nil || info.Size() == 0 {
		return err
	}
	db, err := sql.Open("sqlite", reading(s.path))
	if err != nil {
		return err
	}
	f, err := inspect(ctx, db)
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	return f.accept(s.instance)
}

// claim writes the instance's name into a new store, and settles what a
// process that ended left open: nobody waits for these answers any more.
func (s *Store) claim(ctx context.Context) error {
	return s.change(ctx, "claim the store", durable, func(ctx context.Context, c *change) error {
		if _, err := c.exec(ctx, "INSERT OR IGNORE INTO meta VALUES ('instance', ?)", s.instance); err != nil {
			return err
		}
		if err := c.cut(ctx, "", "Tandem ended before the answer came"); err != nil {
			return err
		}
		for _, query := range []string{"UPDATE lease SET expires = 0", "DELETE FROM node"} {
			if _, err := c.exec(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) openReader(ctx context.Context) error {
	if info, err := os.Stat(s.path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return fmt.Errorf("%w: tandem run and tandem plan create it, or correct store: in the configuration", ErrMissing)
	}
	var err error
	if s.reader, err = sql.Open("sqlite", reading(s.path)); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	f, err := inspect(ctx, s.reader)
	if err != nil {
		return err
	}
	known, err := newest()
	if err == nil && f.version < known {
		return fmt.Errorf("it was %w (schema %d, this one needs %d); tandem run brings it up to date", ErrOlder, f.version, known)
	}
	return errors.Join(err, f.accept(s.instance))
}

// Close ends all work with the store and lets other processes write.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	if s.scrap != "" {
		errs = append(errs, os.RemoveAll(s.scrap))
	}
	return errors.Join(errs...)
}

// DB returns the one connection that writes, for the job queue: a second
// writing pool on one file ends in SQLITE_BUSY. It is nil in a store that was
// opened to read. Whoever uses it keeps transactions below 50 ms.
func (s *Store) DB() *sql.DB { return s.writer }
