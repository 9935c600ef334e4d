package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// broken reports whether a connection broke: nothing of the transaction stays.
func broken(err error) bool {
	if native, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(native.Code, "57P") || native.Code == "25P03" // the server stops, or gave up on us
	}
	var network net.Error
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &network) || pgconn.SafeToRetry(err) || strings.Contains(err.Error(), "conn closed")
}

// explain puts errors of PostgreSQL into words.
func (p *server) explain(err error) error {
	say := func(what error, remedy string) error {
		return fmt.Errorf("store %s: %w; %s (%w)", p.place, what, remedy, err)
	}
	var native *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &native):
		if remedy, what := p.remedy(native.Code); what != nil {
			return say(what, remedy)
		}
		return fmt.Errorf("store %s: %w", p.place, err)
	case errors.As(err, &connect), broken(err):
		return say(ErrUnreachable, "see that the server runs and that the network lets this host reach it; whatever was not confirmed is tried again")
	default:
		return err
	}
}

// say returns what an answer with a code would be.
func (p *server) say(code string) error {
	remedy, what := p.remedy(code)
	return fmt.Errorf("%w; %s", what, remedy)
}

// remedy returns what a person can do about an answer of the server, and what it means.
func (p *server) remedy(code string) (remedy string, what error) {
	c := p.config
	switch code {
	case "28P01":
		return "correct the password in PGPASSWORD, in the file that PGPASSFILE names, or in TANDEM_STORE", ErrAccess
	case "28000":
		return fmt.Sprintf("create the role %s, and let it in from this host in pg_hba.conf", c.User), ErrAccess
	case "3D000":
		return fmt.Sprintf("create it: CREATE DATABASE %s ENCODING 'UTF8' OWNER %s", c.Database, c.User), ErrMissing
	case "42501":
		return fmt.Sprintf("make its role the owner: CREATE SCHEMA %s AUTHORIZATION %s, or ALTER SCHEMA %[1]s OWNER TO %[2]s with all its tables; to read it needs USAGE on the schema and SELECT on its tables",
			p.schema, c.User), ErrReadOnly
	case "25006":
		return "name the primary server, not a standby, and a role whose default_transaction_read_only is off", ErrReadOnly
	case "53100":
		return "free space on the server; what was stored before is safe", ErrFull
	case "53300":
		return "it has too many connections; raise max_connections, a node of Tandem needs about 20", ErrUnreachable
	case "55P03":
		return "another node has been writing for too long; see pg_stat_activity for what it waits for", ErrInUse
	case "57P01", "57P02", "57P03", "25P03":
		return "the server stops or starts, or the process stood still in the middle of a write; it is tried again", ErrUnreachable
	case "XX001", "XX002":
		return "restore the backup", ErrDamaged
	case "42P01", "42703":
		return "a table or a column is missing; restore the backup", ErrDamaged
	default:
		return "", nil
	}
}
