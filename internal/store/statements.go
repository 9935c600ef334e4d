package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"strings"

	"modernc.org/sqlite"
)

// openFile opens connections to a file that remember what they parsed: to parse
// a statement takes SQLite longer than to run most of them.
func openFile(address string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(address)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(liteConnector{c}), nil
}

type liteConnector struct{ driver.Connector }

// liteDriven is what a connection to SQLite can do.
type liteDriven interface { //nolint:interfacebloat // database/sql asks for all of them
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	driver.Pinger
}

// Connect opens a connection.
func (c liteConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &liteConn{liteDriven: conn.(liteDriven), parsed: map[string]*liteStmt{}}, nil //nolint:forcetypeassert // the driver makes no other
}

// remembered is how many statements a connection remembers; each takes some
// kilobytes.
const remembered = 128

// liteConn is one connection. It is used by one goroutine at a time.
type liteConn struct {
	liteDriven

	parsed map[string]*liteStmt
	uses   int64
}

// liteStmt is a statement that was parsed.
type liteStmt struct {
	driver.Stmt

	used int64 // when, by the count of uses
	busy bool  // its rows are being read
}

// statement returns the parsed statement, nil where it is not to be kept: it is
// in use, or it may do its work while it is parsed, as pragmas do.
func (c *liteConn) statement(ctx context.Context, query string) (*liteStmt, error) {
	s := c.parsed[query]
	if s == nil {
		if !keeps(query) {
			return nil, nil //nolint:nilnil // there is none
		}
		parsed, err := c.PrepareContext(ctx, steady(query))
		if err != nil {
			return nil, err
		}
		if len(c.parsed) >= remembered {
			c.forget()
		}
		s = &liteStmt{Stmt: parsed}
		c.parsed[query] = s
	}
	if s.busy {
		return nil, nil //nolint:nilnil // there is none
	}
	c.uses++
	s.used = c.uses
	return s, nil
}

const space = " \t\r\n"

// keeps reports whether a statement is one that reads or writes rows.
func keeps(query string) bool {
	word := strings.TrimLeft(query, space)
	for strings.HasPrefix(word, "--") { // the names that River gives its statements
		_, word, _ = strings.Cut(word, "\n")
		word = strings.TrimLeft(word, space)
	}
	if end := strings.IndexAny(word, space); end > 0 {
		word = word[:end]
	}
	switch word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return true
	default:
		return false
	}
}

// named begins the name that River gives each of its statements.
const named = "-- name:"

var handedLimit = regexp.MustCompile(`\bLIMIT (\?\d*)`)

// steady keeps a statement of River from being parsed again whenever it is run.
// SQLite plans by a LIMIT that is handed in, and so parses anew for each one; it
// does not look into a sum. River asks for jobs all the time.
func steady(query string) string {
	if !strings.HasPrefix(query, named) {
		return query
	}
	return handedLimit.ReplaceAllString(query, "LIMIT ($1+0)")
}

// forget closes the statement that was not used for longest.
func (c *liteConn) forget() {
	oldest := ""
	for query, s := range c.parsed {
		if !s.busy && (oldest == "" || s.used < c.parsed[oldest].used) {
			oldest = query
		}
	}
	if s := c.parsed[oldest]; s != nil {
		_ = s.Close() // what it did was told when it was done
		delete(c.parsed, oldest)
	}
}

// ExecContext runs a statement.
func (c *liteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteDriven.ExecContext(ctx, query, args)
	}
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args) //nolint:forcetypeassert // the driver's can
}

// QueryContext runs a query.
func (c *liteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.liteDriven.QueryContext(ctx, query, args)
	}
	rows, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args) //nolint:forcetypeassert // the driver's can
	if err != nil {
		return nil, err
	}
	s.busy = true
	return &liteRows{rows, s}, nil
}

// liteRows are the rows of a statement that is remembered.
type liteRows struct {
	driver.Rows

	of *liteStmt
}

// Close lets the statement be used again.
func (r *liteRows) Close() error {
	err := r.Rows.Close()
	r.of.busy = false
	return err
}

// Close forgets all statements and closes the connection.
func (c *liteConn) Close() error {
	var errs []error
	for _, s := range c.parsed {
		errs = append(errs, s.Close())
	}
	clear(c.parsed)
	return errors.Join(append(errs, c.liteDriven.Close())...)
}
