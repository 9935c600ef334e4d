// Package fresh lays stores in files for tests: with all tables, and in which
// nothing stands yet, not even whose they are. To make the tables takes longer
// than most tests, so each binary of tests makes them once, and copies.
package fresh

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tandem/internal/store"
)

// Disown makes a store nobody's: whoever opens it next is its owner, as of one
// that was made just now.
const Disown = "DELETE FROM meta WHERE key IN ('instance', 'home', 'store_id')"

// Lay lays a store at a path where no file is.
func Lay(tb testing.TB, path string) {
	tb.Helper()
	file, err := made()
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		tb.Fatalf("lay a store: %v", err)
	}
}

var made = sync.OnceValues(func() (file []byte, err error) { //nolint:gochecknoglobals // the one of this process
	folder, err := os.MkdirTemp("", "tandem-fresh-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "tandem.db")
	db, err := store.Open(context.Background(), "sqlite:"+path, "nobody", store.Options{})
	if err != nil {
		return nil, err
	}
	_, err = db.DB().ExecContext(context.Background(), Disown)
	if err = errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
