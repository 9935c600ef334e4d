package chaos_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/store/fresh"
)

// files is where lives on files begin: with a store of their own.
type files struct{}

// kept is how long connections to the store are kept that nobody uses: longer
// than any life, for to open one takes as long as half a cycle.
const kept = 10 * 365 * 24 * time.Hour

func (files) plot(t *testing.T) plot {
	t.Helper()
	p := filePlot(t.TempDir())
	fresh.Lay(t, p.path())
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
