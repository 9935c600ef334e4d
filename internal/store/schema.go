package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// The folders of migrations. Both end at the same number, and the tables are
// the same then.
const (
	sqliteMigrations   = "migrations/sqlite"
	postgresMigrations = "migrations/postgres"
)

// applicationID marks a SQLite file as a store of Tandem; the first migration
// sets it.
const applicationID = 1414415437

// newest returns the version of the newest migration in this program.
func newest() (int64, error) {
	files, err := fs.Glob(migrations, sqliteMigrations+"/*.sql")
	if err != nil {
		return 0, err
	}
	number, _, _ := strings.Cut(path.Base(files[len(files)-1]), "_")
	return strconv.ParseInt(number, 10, 64)
}

// migrate brings a database to the newest schema.
func migrate(ctx context.Context, db *sql.DB, folder string) error {
	sub, err := fs.Sub(migrations, folder)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if folder == postgresMigrations {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db, sub, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx) // the provider is not closed: that would close db
	return err
}

// found is what a file turned out to be.
type found struct {
	version  int64 // of the schema; 0 where the file is empty
	instance string
	made     bool // a schema of a server is there, with tables or without
	filled   bool // and Tandem's tables are in it
}

// inspect looks at a file without changing it.
func inspect(ctx context.Context, db *sql.DB) (found, error) {
	var f found
	var tables, id int64
	err := db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM sqlite_master), (SELECT application_id FROM pragma_application_id)").Scan(&tables, &id)
	switch {
	case err != nil:
		return f, err
	case tables == 0:
		return f, nil
	case id != applicationID:
		return f, unfinished(ctx, db)
	}
	err = db.QueryRowContext(ctx, `SELECT (SELECT max(version_id) FROM goose_db_version WHERE is_applied),
		coalesce((SELECT value FROM meta WHERE key = 'instance'), '')`).Scan(&f.version, &f.instance)
	return f, err
}

// unfinished accepts a file in which a first start was cut short after the
// list of migrations was made; any other file is somebody else's.
func unfinished(ctx context.Context, db *sql.DB) error {
	var foreign int
	err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE tbl_name NOT IN ('goose_db_version', 'sqlite_sequence')").Scan(&foreign)
	if err != nil {
		return err
	}
	if foreign > 0 {
		return fmt.Errorf("it is %w but a database of another program; name another file", ErrForeign)
	}
	return nil
}

// ready refuses a store that this program cannot read as it is.
func (f found) ready(instance string) error {
	known, err := newest()
	if err == nil && f.version < known {
		return fmt.Errorf("it was %w (schema %d, this one needs %d); tandem run brings it up to date", ErrOlder, f.version, known)
	}
	return errors.Join(err, f.accept(instance))
}

// accept refuses a file that this program must not touch.
func (f found) accept(instance string) error {
	known, err := newest()
	switch {
	case err != nil:
		return err
	case f.version > known:
		return fmt.Errorf("it was %w (schema %d, this one knows %d); start the newer version, or restore the backup that was made before", ErrNewer, f.version, known)
	case f.instance != "" && instance != "" && f.instance != instance:
		return fmt.Errorf("it %w, %q, and the configuration says %q; a copied store must not write: correct instance: in the configuration, or name another file",
			ErrInstance, f.instance, instance)
	default:
		return nil
	}
}
