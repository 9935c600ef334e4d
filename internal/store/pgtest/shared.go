package pgtest

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// Shared is one server for all tests of a binary. It starts when the first test
// asks for it, and ends with Close, in TestMain. The zero value is ready.
type Shared struct {
	// Under is the folder in which the server makes its own, such as one in
	// memory; everybody may enter it. It is /tmp where it is empty.
	Under string

	once   sync.Once
	server *Server // nil where TANDEM_POSTGRES names another one
	base   string
	err    error
	next   atomic.Int64
}

// Address returns the address of a schema that does not exist yet, and goes
// with the test. It skips the test where there is no PostgreSQL.
func (s *Shared) Address(tb testing.TB) string {
	tb.Helper()
	s.ready(tb)
	schema := "test_" + strconv.Itoa(os.Getpid()) + "_" + strconv.FormatInt(s.next.Add(1), 10)
	tb.Cleanup(func() {
		if s.server != nil {
			return // it goes as a whole
		}
		if err := Exec(context.WithoutCancel(tb.Context()), s.base, "DROP SCHEMA IF EXISTS "+schema+" CASCADE"); err != nil {
			tb.Logf("drop the schema: %v", err)
		}
	})
	return WithSchema(s.base, schema)
}

// Server returns the private server. It skips the test where there is none.
func (s *Shared) Server(tb testing.TB) *Server {
	tb.Helper()
	s.ready(tb)
	if s.server == nil {
		tb.Skip("this test makes roles and databases: it needs a private server of PostgreSQL, without TANDEM_POSTGRES")
	}
	return s.server
}

func (s *Shared) ready(tb testing.TB) {
	tb.Helper()
	s.once.Do(func() {
		if s.base = os.Getenv("TANDEM_POSTGRES"); s.base != "" {
			return
		}
		ctx := context.WithoutCancel(tb.Context()) // it outlives the first test
		if s.server, s.err = newUnder(ctx, cmp.Or(s.Under, "/tmp"), "fsync=off", "full_page_writes=off"); s.err == nil {
			s.base, s.err = s.server.Address("postgres", ""), s.server.Run(ctx)
		}
	})
	if errors.Is(s.err, ErrNone) {
		tb.Skip(s.err.Error())
	}
	if s.err != nil {
		tb.Fatalf("start PostgreSQL: %v", s.err)
	}
}

// Close ends the server, if it ever began.
func (s *Shared) Close() error {
	if s.server == nil {
		return nil
	}
	return s.server.Close()
}

// WithSchema adds the name of a schema to an address.
func WithSchema(address, schema string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // whoever opens it says what is wrong
	}
	query := u.Query()
	query.Set("schema", schema)
	u.RawQuery = query.Encode()
	return u.String()
}

// Exec runs statements at an address.
func Exec(ctx context.Context, address string, statements ...string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
