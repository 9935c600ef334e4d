package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pgConnector opens connections to PostgreSQL that understand the statements
// of this package: ? and ?1 stand for values.
type pgConnector struct {
	driver.Connector

	only  *atomic.Bool // where set, there is one connection and never another
	reads bool         // its connections write nothing
}

func connectorOf(config *pgx.ConnConfig) pgConnector {
	return pgConnector{Connector: stdlib.GetConnector(*config)}
}

var errAgain = errors.New("the connection broke; ask again")

// Connect opens a connection.
func (c pgConnector) Connect(ctx context.Context) (driver.Conn, error) {
	if c.only != nil && c.only.Swap(true) {
		return nil, errAgain // what its views showed is gone with the first one
	}
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &pgConn{Conn: conn.(*stdlib.Conn), texts: map[string]string{}, reads: c.reads}, nil //nolint:forcetypeassert // stdlib makes no other
}

// pgConn is one connection.
type pgConn struct {
	*stdlib.Conn

	texts map[string]string // statements as PostgreSQL has them
	reads bool              // see pgConnector
}

// again lets database/sql ask another connection where this one broke while
// nobody used it. Only who reads may ask twice.
func (c *pgConn) again(err error) error {
	if err != nil && c.reads && broken(err) {
		return driver.ErrBadConn
	}
	return err
}

// BeginTx begins a transaction.
func (c *pgConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, o)
	return tx, c.again(err)
}

func (c *pgConn) text(query string) string {
	text, ok := c.texts[query]
	if !ok {
		text = numbered(query)
		c.texts[query] = text
	}
	return text
}

// ExecContext runs a statement.
func (c *pgConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.Conn.ExecContext(ctx, c.text(query), args)
}

// QueryContext runs a query.
func (c *pgConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.QueryContext(ctx, c.text(query), args)
	return rows, c.again(err)
}

// PrepareContext prepares a statement.
func (c *pgConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.Conn.PrepareContext(ctx, c.text(query))
}

// CheckNamedValue makes values what SQLite would keep: flags are 0 and 1. A
// text of PostgreSQL is UTF-8 without NUL; what is none comes from bodies that
// were not understood, and is shown to people only.
func (c *pgConn) CheckNamedValue(v *driver.NamedValue) error {
	value, err := driver.DefaultParameterConverter.ConvertValue(v.Value)
	if err != nil {
		return err
	}
	switch known := value.(type) {
	case bool:
		value = int64(0)
		if known {
			value = int64(1)
		}
	case string:
		value = strings.ReplaceAll(strings.ToValidUTF8(known, "\uFFFD"), "\x00", "\uFFFD")
	}
	v.Value = value
	return nil
}

// send runs statements in one way to the server and back.
func send(ctx context.Context, conn *sql.Conn, list []statement) error {
	return conn.Raw(func(driven any) error {
		c := driven.(*pgConn) //nolint:forcetypeassert // pgConnector makes no other
		batch := new(pgx.Batch)
		for _, s := range list {
			args := make([]any, len(s.args))
			for i, arg := range s.args {
				value := driver.NamedValue{Ordinal: i + 1, Value: arg}
				if err := c.CheckNamedValue(&value); err != nil {
					return err
				}
				args[i] = value.Value
			}
			batch.Queue(c.text(s.query), args...)
		}
		return c.Conn.Conn().SendBatch(ctx, batch).Close()
	})
}

// numbered writes ? as $1, $2 …, and ?3 as $3. What stands in quotes stays.
func numbered(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	quoted, n := false, 0
	for i := 0; i < len(query); i++ {
		ch := query[i]
		if ch == '\'' {
			quoted = !quoted
		}
		if ch != '?' || quoted {
			b.WriteByte(ch)
			continue
		}
		b.WriteByte('$')
		if i+1 == len(query) || query[i+1] < '0' || query[i+1] > '9' {
			n++
			b.WriteString(strconv.Itoa(n))
		}
	}
	return b.String()
}
