package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// OpenBeside opens an existing store to read, and to note what a person
// decides (Pause, Release), beside a daemon or without one. It takes no lock:
// these are single short transactions that wait for the daemon's, and the
// daemon sees them at its next cycle.
func OpenBeside(ctx context.Context, address, instance string, o Options) (*Store, error) {
	s, err := prepare(address, instance, o)
	if err != nil {
		return nil, err
	}
	if err := s.openReader(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", address, explain(s.path, err)), s.Close())
	}
	if s.writer, err = sql.Open("sqlite", writing(s.path)); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", address, explain(s.path, err)), s.Close())
	}
	s.writer.SetMaxOpenConns(1)
	return s, nil
}
