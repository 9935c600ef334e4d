package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"tandem/internal/work"
)

// Options are what a Store may be given; the zero value works.
type Options struct {
	// Log gets what a person should know of; nothing is logged where it is nil.
	Log *slog.Logger
	// Now is the clock; time.Now where it is nil.
	Now func() time.Time
	// Spare is how long a connection that reads is kept while nobody needs it,
	// where the store is a file; 30 s where it is 0. Each has a cache of its own.
	Spare time.Duration
}

// Store is one open file, or one schema of a server. Its methods may be called
// side by side.
type Store struct {
	ground   ground
	base     *base
	instance string
	log      *slog.Logger
	now      func() time.Time
	spare    time.Duration

	writer *sql.DB // nil where the store was opened to read
	reader *sql.DB

	warm *warm       // records as the last snapshot saw them
	runs *sync.Mutex // what SaveRun compares and what it writes belong together
	// counted is of the plan whose gates were counted last.
	counted *counted

	leases []work.Lease // see Under; none where nothing is fenced
}

// Open opens the store at an address to read and write, and creates it where
// it does not exist: "sqlite:tandem.db" is a file, "postgres://host/database"
// a schema of a server (tandem, or the one that ?schema= names), and
// "sqlite::memory:" a store that Close removes. A store of another instance or
// of a newer version of Tandem is refused, and so is a file that another
// process writes to. Edits that an earlier process had begun in a file and not
// finished count as unknown from here on; on a server, where other nodes may
// be at work, Acquire sees to that.
func Open(ctx context.Context, address, instance string, o Options) (*Store, error) {
	return start(ctx, address, instance, o, ground.open)
}

// OpenReadOnly opens an existing store to read, beside a daemon or without
// one. Methods that change something fail with ErrReadOnly.
func OpenReadOnly(ctx context.Context, address, instance string, o Options) (*Store, error) {
	return start(ctx, address, instance, o, ground.openReader)
}

// OpenBeside opens an existing store to read, and to note what a person
// decides (Pause, Release), beside a daemon or without one. It takes no lock:
// these are single short transactions that wait for the daemon's, and the
// daemon sees them at its next cycle.
func OpenBeside(ctx context.Context, address, instance string, o Options) (*Store, error) {
	return start(ctx, address, instance, o, ground.openBeside)
}

func start(ctx context.Context, address, instance string, o Options, open func(ground, context.Context, *Store) error) (*Store, error) {
	g, err := groundOf(address)
	if err != nil {
		return nil, err
	}
	s := &Store{ground: g, base: g.base(), instance: instance, log: o.Log, now: o.Now, spare: cmp.Or(o.Spare, spare), warm: new(warm), runs: new(sync.Mutex), counted: new(counted)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if instance == "" {
		err = errors.New("the instance has no name; write instance: in the configuration")
	} else {
		err = open(g, ctx, s)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", s.base.place, s.base.explain(err)), s.Close())
	}
	return s, nil
}

// claim writes the instance's name into a new store. A process that is alone
// also settles what the one before left open: nobody waits for these answers
// any more, and nobody holds a lease.
func (s *Store) claim(ctx context.Context, alone bool) error {
	return s.change(ctx, "claim the store", durable, func(ctx context.Context, c *change) error {
		err := c.put(ctx, "INSERT INTO meta (key, value) VALUES ('instance', ?) ON CONFLICT DO NOTHING", s.instance)
		if err != nil || !alone {
			return err
		}
		if err := c.cut(ctx, "", "Tandem ended before the answer came", 0); err != nil {
			return err
		}
		for _, query := range []string{"UPDATE lease SET expires = 0", "DELETE FROM node"} {
			if err := c.put(ctx, query); err != nil {
				return err
			}
		}
		return nil
	})
}

// Close ends all work with the store and lets other processes write.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, s.ground.close())...)
}

// DB returns the pool that writes; nil in a store that was opened to read.
// Whoever uses it keeps transactions below 50 ms. The job queue gets Queue.
func (s *Store) DB() *sql.DB { return s.writer }
