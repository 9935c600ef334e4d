package store

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Queue is where jobs are kept: beside the store's own tables. One of both is
// set.
type Queue struct {
	// File is the one connection that writes to the file: a second writing pool
	// on it ends in SQLITE_BUSY. Whoever uses it keeps transactions below 50 ms.
	File *sql.DB
	// Server is a pool of connections whose search_path is Schema. The store
	// closes it.
	Server *pgxpool.Pool
	Schema string
}

// Queue returns where jobs are kept. It is empty in a store that was opened to
// read. It is asked for once, by who runs jobs.
func (s *Store) Queue(ctx context.Context) (Queue, error) {
	p, ok := s.ground.(*server)
	if !ok || s.writer == nil {
		return Queue{File: s.writer}, nil
	}
	if p.pool == nil {
		config, err := pgxpool.ParseConfig("")
		if err == nil {
			config.ConnConfig = p.with(patience())
			p.pool, err = pgxpool.NewWithConfig(ctx, config)
		}
		if err != nil {
			return Queue{}, s.fault("open the queue", err)
		}
	}
	return Queue{Server: p.pool, Schema: p.schema}, nil
}
