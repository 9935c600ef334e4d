package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
)

// oldest is the first version of PostgreSQL that is good enough.
const oldest = 13

// prepare makes the schema, or brings it up to date; one process at a time.
func (p *server) prepare(ctx context.Context, instance string) error {
	db := stdlib.OpenDB(*p.config)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // the end of the session gives the lock back
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", p.turn+1); err != nil {
		return err
	}
	found, err := p.inspect(ctx, conn)
	if err != nil {
		return err
	}
	known, err := newest()
	if err = errors.Join(err, found.accept(instance)); err != nil || found.version == known {
		return err
	}
	if !found.made {
		if _, err := conn.ExecContext(ctx, "CREATE SCHEMA "+p.schema); err != nil {
			return fmt.Errorf("create the schema: %w", err)
		}
	}
	if err := migrate(ctx, db, postgresMigrations); err != nil {
		return fmt.Errorf("prepare tables: %w", err)
	}
	return nil
}

// inspect looks at server, database and schema without changing anything.
func (p *server) inspect(ctx context.Context, q rower) (found, error) {
	var f found
	var number, tables int
	var encoding string
	var list, meta sql.NullString
	err := q.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS integer), current_setting('server_encoding'),
		to_regnamespace($1) IS NOT NULL, CAST(to_regclass($1 || '.goose_db_version') AS text), CAST(to_regclass($1 || '.meta') AS text),
		(SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> 'goose_db_version' AND c.relname NOT LIKE 'river%')`, p.schema).
		Scan(&number, &encoding, &f.made, &list, &meta, &tables)
	switch {
	case err != nil:
		return f, err
	case number/10000 < oldest:
		return f, fmt.Errorf("%w: it is PostgreSQL %d; Tandem needs %d or newer", ErrTooOld, number/10000, oldest)
	case encoding != "UTF8":
		return f, fmt.Errorf("the database %w: its encoding is %s; create it with ENCODING 'UTF8'", ErrForeign, encoding)
	case tables == 0:
		return f, nil
	case !list.Valid || !meta.Valid:
		return f, p.foreign()
	}
	f.filled = true
	var application string
	err = q.QueryRowContext(ctx, `SELECT (SELECT coalesce(max(version_id), 0) FROM `+p.schema+`.goose_db_version WHERE is_applied),
		coalesce((SELECT value FROM `+p.schema+`.meta WHERE key = 'instance'), ''),
		coalesce((SELECT value FROM `+p.schema+`.meta WHERE key = 'application'), '')`).Scan(&f.version, &f.instance, &application)
	if err == nil && application != "tandem" {
		err = p.foreign()
	}
	return f, err
}

func (p *server) foreign() error {
	return fmt.Errorf("the schema is %w: it has tables of another program; name another one in the address, such as ?schema=tandem_store", ErrForeign)
}
