package store

import (
	"context"
	"database/sql"
	"time"
)

// base is what differs between the databases below a store. All else is SQL
// that SQLite and PostgreSQL both understand; ? stands for a value in both.
type base struct {
	place  string         // as errors name it
	array  string         // the function that makes a JSON list
	tables string         // before the name of a table that a view of the connection hides
	views  *sql.TxOptions // of a transaction that reads one moment

	// texts is a query for table and name of every column of text.
	texts string
	// shrink lets unused memory of the connection that writes go; empty where
	// there is none.
	shrink string
	// erase overwrites what was deleted and may still stand somewhere; nil where
	// the database does that in its own time.
	erase func(ctx context.Context, db *sql.DB) error

	// shared is a store that several processes write to.
	shared bool

	// clock is the time of leases, in SQL: microseconds.
	clock func(now time.Time) string
	// begin starts a write transaction, and waits until nobody else writes. It
	// goes on when the context ends.
	begin func(ctx context.Context, db *sql.DB, d durability) (turn, error)
	// limit is how long a transaction may take; 0 is as long as it takes.
	limit time.Duration
	// light is what a transaction says at its end that need not wait for the
	// disk, where that is not said at its beginning.
	light string
	// looking opens one connection that may have views of its own.
	looking func() (*sql.DB, error)
	// explain puts errors of the database into words.
	explain func(error) error
	// here tells where the store is, and size how large; here is nil where it
	// lasts no longer than the process.
	here func(ctx context.Context, q rower) (home, error)
	size func(ctx context.Context, q rower) (bytes, free int64)
}

// turn is a write transaction that has begun.
type turn struct {
	tx *sql.Tx
	// done is called when it is over.
	done func()
	// send runs statements whose results nobody asks for, all in one way to the
	// server and back. Where it is nil they need not wait for each other.
	send func(context.Context, []statement) error
	// after is called when the transaction is stored, with the Seq that it left,
	// 0 where it did not move it.
	after func(ctx context.Context, seq int64)
}

// statement is one that waits to be sent.
type statement struct {
	query string
	args  []any
}

// inList is the condition that a column has one of the values of a JSON list.
const inList = "IN (SELECT value FROM json_each(?))"

// real names a table that a view of the connection hides.
func (b *base) real(table string) string { return b.tables + table }

// ground is where a store is kept: a file or a server.
type ground interface {
	// open makes what is missing, and opens it to read and write.
	open(ctx context.Context, s *Store) error
	// openBeside opens what is there to read, and to note what people decide.
	openBeside(ctx context.Context, s *Store) error
	// openReader opens what is there to read.
	openReader(ctx context.Context, s *Store) error
	base() *base
	close() error
}
