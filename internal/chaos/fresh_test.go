package chaos_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tandem/internal/store"
)

// fresh is a store in which nothing stands yet, not even whose it is: all lives
// on files begin with a copy of it, so that its tables are made once.
type fresh struct {
	once sync.Once
	file []byte
	err  error
}

// make makes the file.
func (f *fresh) make() ([]byte, error) {
	f.once.Do(func() {
		folder, err := os.MkdirTemp("", "tandem-fresh-")
		if err != nil {
			f.err = err
			return
		}
		defer func() { _ = os.RemoveAll(folder) }() // what is left lies among temporary files
		path := filepath.Join(folder, "tandem.db")
		db, err := store.Open(context.Background(), "sqlite:"+path, "nobody", store.Options{})
		if err == nil {
			_, err = db.DB().ExecContext(context.Background(), "DELETE FROM meta")
		}
		if err == nil {
			err = db.Close()
		}
		if err == nil {
			f.file, err = os.ReadFile(path)
		}
		f.err = err
	})
	return f.file, f.err
}

// blank is what all lives on files of this process begin with.
var blank = &fresh{}

// kept is how long connections to the store are kept that nobody uses: longer
// than any life, for to open one takes as long as half a cycle.
const kept = 10 * 365 * 24 * time.Hour

func (f *fresh) plot(t *testing.T) plot {
	t.Helper()
	file, err := f.make()
	if err != nil {
		t.Fatal(err)
	}
	p := filePlot(t.TempDir())
	if err := os.WriteFile(p.path(), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// filePlot is the folder of a store in a file.
type filePlot string

func (p filePlot) path() string      { return filepath.Join(string(p), "tandem.db") }
func (p filePlot) address() string   { return "sqlite:" + p.path() }
func (p filePlot) strikes(time.Time) {}
func (p filePlot) wired() *wire      { return nil }

func (p filePlot) copied() (string, error) {
	b, err := os.ReadFile(p.path())
	if err != nil {
		return "", err
	}
	folder := filepath.Join(string(p), "copy")
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", err
	}
	c := filePlot(folder)
	return c.address(), os.WriteFile(c.path(), b, 0o600)
}

func (p filePlot) texts() (all []byte, err error) {
	for _, name := range []string{p.path(), p.path() + "-wal"} {
		if b, err := os.ReadFile(name); err == nil { // there may be none
			all = append(all, b...)
		}
	}
	return all, nil
}
