package chaos_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tandem/internal/store"
	"tandem/internal/store/fresh"
	"tandem/internal/store/pgtest"
)

// postgres is the server of all lives of this process.
var postgres = pgtest.Shared{Under: memory()}

// memory is a folder in memory, where there is room: to copy a database on a
// disk takes as long as half a life. It is empty where there is none.
func memory() string {
	const folder, room = "/dev/shm", 2 << 30
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) == nil && s.Bavail*uint64(s.Bsize) > room { //nolint:gosec // sizes are not negative
		return folder
	}
	return ""
}

// soil is where all lives of this process are that have their stores on it.
var soil = &nursery{}

// nursery makes databases of PostgreSQL, one for each life: copies of one in
// which nothing stands yet.
type nursery struct {
	once sync.Once
	err  error
	next atomic.Int64
}

// nursed is the database that all others are copies of.
const nursed = "fresh"

// ownClock lets a database ask the clock of the life, which stands in a file,
// where it would ask its own: in a bubble it is another time.
const ownClock = `CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
	$$ SELECT timestamptz 'epoch' + CAST(pg_read_file('%s/clock_' || substring(current_database() FROM '^life_[0-9]+')) AS bigint) * interval '1 microsecond' $$`

func (n *nursery) make(ctx context.Context, server *pgtest.Server) error {
	n.once.Do(func() {
		address := server.Address(nursed, "")
		n.err = pgtest.Exec(ctx, server.Address("postgres", ""), "CREATE DATABASE "+nursed)
		if n.err != nil {
			return
		}
		db, err := store.Open(ctx, address, "nobody", store.Options{})
		if err == nil {
			err = db.Close()
		}
		if err == nil {
			err = pgtest.Exec(
				ctx, address,
				"SET search_path TO tandem; "+fresh.Disown,
				"ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO clock_of_the_server",
				fmt.Sprintf(ownClock, server.Socket()),
				"ANALYZE", // as the server would in a minute
			)
		}
		n.err = err
	})
	return n.err
}

func (n *nursery) plot(t *testing.T) plot {
	t.Helper()
	server := postgres.Server(t)
	ctx := context.WithoutCancel(t.Context()) // it outlives the first life
	if err := n.make(ctx, server); err != nil {
		t.Fatal(err)
	}
	p := &bed{server: server, name: fmt.Sprintf("life_%d", n.next.Add(1))}
	clock, err := os.Create(filepath.Join(server.Socket(), "clock_"+p.name))
	if err == nil {
		p.clock = clock
		p.strikes(time.Now())
		err = clock.Chmod(0o644) //nolint:gosec // the server may be another user
	}
	if err == nil {
		err = pgtest.Exec(ctx, server.Address("postgres", ""), "CREATE DATABASE "+p.name+" TEMPLATE "+nursed)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.end = filepath.Join(server.Socket(), p.name)
	p.wire = strung(t, p.end, server.Socket())
	t.Cleanup(func() {
		_ = clock.Close()
		_ = os.Remove(clock.Name()) // it goes with the server
		if err := pgtest.Exec(ctx, server.Address("postgres", ""), "DROP DATABASE "+p.name+" WITH (FORCE)", "DROP DATABASE IF EXISTS "+p.copy()+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return p
}

// bed is the database of one life.
type bed struct {
	server *pgtest.Server
	name   string
	clock  *os.File
	wire   *wire
	end    string // the folder of the wire's end
}

func (b *bed) address() string { return b.through(b.name) }
func (b *bed) wired() *wire    { return b.wire }

// through is the address of a database at the other end of the wire.
func (b *bed) through(name string) string {
	return strings.Replace(b.server.Address(name, ""), url.QueryEscape(b.server.Socket()), url.QueryEscape(b.end), 1)
}

func (b *bed) copy() string { return b.name + "_copy" }

func (b *bed) strikes(now time.Time) {
	_, _ = fmt.Fprintf(offset{b.clock}, "%019d", now.UnixMicro()) // the server complains of a clock that it cannot read
}

// offset writes over the beginning of a file.
type offset struct{ file *os.File }

// Write writes at the beginning.
func (o offset) Write(p []byte) (int, error) { return o.file.WriteAt(p, 0) }

func (b *bed) copied() (string, error) {
	err := pgtest.Exec(context.Background(), b.server.Address("postgres", ""), "CREATE DATABASE "+b.copy()+" TEMPLATE "+b.name)
	return b.through(b.copy()), err
}

// texts is every row of every table.
func (b *bed) texts() (all []byte, err error) {
	ctx := context.Background()
	db, err := sql.Open("pgx", b.address())
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	var columns string
	err = db.QueryRowContext(ctx, `SELECT string_agg('SELECT ' || CASE data_type WHEN 'bytea' THEN format('encode(%I, ''escape'')', column_name) ELSE format('CAST(%I AS text)', column_name) END ||
		format(' FROM %I.%I', table_schema, table_name), ' UNION ALL ') FROM information_schema.columns WHERE table_schema = 'tandem'`).Scan(&columns)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, columns)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err has the news
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, strings.ToValidUTF8(text.String, "?")+"\n"...)
	}
	return all, rows.Err()
}
