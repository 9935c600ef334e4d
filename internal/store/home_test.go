package store_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"tandem/internal/store"
	"tandem/internal/work"
)

// copyFile copies a closed store as a person would.
func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func openFile(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+path, "acme", store.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestNothingBeginsFromACopiedStoreUntilItIsAdopted(t *testing.T) {
	t.Parallel()
	first, second := filepath.Join(t.TempDir(), "tandem.db"), filepath.Join(t.TempDir(), "tandem.db")
	s := openFile(t, first)
	id, _, err := s.Names(t.Context())
	if err != nil || id == "" {
		t.Fatalf("name %q, %v", id, err)
	}
	if err := errors.Join(s.Begin(t.Context(), 1, []work.Edit{edit("1", "High", "Low")}), s.Close()); err != nil {
		t.Fatal(err)
	}
	copyFile(t, first, second)

	again := openFile(t, first)
	if err := again.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}); err != nil {
		t.Errorf("the original does not write: %v", err)
	}
	s = openFile(t, second)
	wantError(t, s.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}), store.ErrPaused, first, second, "tandem resume --here")
	if err := s.Pause(t.Context(), false, "ana", ""); err != nil {
		t.Fatal(err)
	}
	wantError(t, s.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}), store.ErrPaused, "copied")
	if o, err := s.Status(t.Context()); err != nil || !o.Paused || o.PausedBy != "Tandem" {
		t.Errorf("status %+v, %v", o, err)
	}
	if f, err := s.Figures(t.Context()); err != nil || f.Copied == nil {
		t.Errorf("figures %+v, %v", f.Copied, err)
	}

	if ok, err := s.Adopt(t.Context()); err != nil || !ok {
		t.Fatalf("adopted %v, %v", ok, err)
	}
	if err := s.Begin(t.Context(), 1, []work.Edit{edit("2", "High", "Low")}); err != nil {
		t.Errorf("after adoption: %v", err)
	}
	now, former, err := s.Names(t.Context())
	if err != nil || now == id || len(former) != 1 || former[0] != id {
		t.Errorf("names %q, %q after %q, %v", now, former, id, err)
	}
	if ok, err := s.Adopt(t.Context()); err != nil || ok {
		t.Errorf("adopted twice: %v, %v", ok, err)
	}
}

func TestAStoreThatComesHomeOrIsRestoredThereWrites(t *testing.T) {
	t.Parallel()
	home, away := filepath.Join(t.TempDir(), "tandem.db"), filepath.Join(t.TempDir(), "tandem.db")
	if err := openFile(t, home).Close(); err != nil {
		t.Fatal(err)
	}
	copyFile(t, home, away)
	if err := openFile(t, away).Close(); err != nil { // notes that it is a copy
		t.Fatal(err)
	}
	if err := os.Remove(home); err != nil {
		t.Fatal(err)
	}
	copyFile(t, away, home)
	s := openFile(t, home)
	f, err := s.Figures(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f.Copied != nil && !contained() {
		t.Errorf("%v", f.Copied)
	}
}

// contained reports whether the test runs in a container, where a restored file
// cannot be told from a copy.
func contained() bool {
	_, docker := os.Lstat("/.dockerenv")
	_, podman := os.Lstat("/run/.containerenv")
	machine, _ := os.ReadFile("/etc/machine-id")
	return docker == nil || podman == nil || os.Getenv("KUBERNETES_SERVICE_HOST") != "" || len(machine) < 16
}
