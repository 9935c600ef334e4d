package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/store/fresh"
	"tandem/internal/store/pgtest"
)

// postgres is the server of all tests of this binary.
var postgres pgtest.Shared

// opener makes a new store for a test.
type opener func(tb testing.TB) *kept

// stores are the stores that every test runs on.
func stores() map[string]opener {
	return map[string]opener{"sqlite": openStore, "postgres": openServer}
}

// onBoth tells a story beside itself on a new store of each kind.
func onBoth(t *testing.T, story func(k *kept)) {
	t.Helper()
	t.Parallel()
	for where, open := range stores() {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			story(open(t))
		})
	}
}

// openStore makes a store in a file.
func openStore(tb testing.TB) *kept {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "tandem.db")
	fresh.Lay(tb, path)
	return openKept(tb, "sqlite:"+path)
}

// openServer makes a store in a schema of a server.
func openServer(tb testing.TB) *kept {
	tb.Helper()
	return openKept(tb, postgres.Address(tb))
}

func openKept(tb testing.TB, address string) *kept {
	tb.Helper()
	k := &kept{t: tb, address: address, clock: newClock()}
	k.open()
	tb.Cleanup(func() { _ = k.Close() })
	return k
}

// onServer reports whether the store is on PostgreSQL.
func (k *kept) onServer() bool { return strings.HasPrefix(k.address, "postgres:") }

// later lets time pass, for leases too: those of a server have its clock.
func (k *kept) later(d time.Duration) {
	k.t.Helper()
	k.clock.pass(d)
	if k.onServer() {
		k.exec("UPDATE lease SET expires = greatest(expires - ?, 0) WHERE expires > 0", d.Microseconds())
		k.exec("UPDATE node SET until = until - ?", d.Microseconds())
	}
}

// exec changes what is stored behind the back of the store.
func (k *kept) exec(query string, args ...any) {
	k.t.Helper()
	if _, err := k.DB().ExecContext(k.t.Context(), query, args...); err != nil {
		k.t.Fatalf("%s: %v", query, err)
	}
}
