package chaos_test

import (
	"flag"
	"testing"
	"time"
)

// stores says where the stores of the lives are.
var stores = flag.String("store", "sqlite", "where the stores of the lives are: sqlite or postgres")

// ground is where stores of lives are.
type ground interface {
	// plot makes a store in which nothing stands yet, not even whose it is, for
	// one life. It is called outside of the bubble in which the life is played.
	plot(t *testing.T) plot
}

// plot is where the store of one life is. It is used inside of the bubble.
type plot interface {
	// address is that of the store.
	address() string
	// strikes tells the clock of the store what time it is; processes ask for the
	// time before the store asks its own clock.
	strikes(now time.Time)
	// wired is how processes reach a server; nil where it is a file. Several nodes
	// may use a server: a process that died has its duties until its leases end.
	wired() *wire
	// copied makes a copy of the store that nobody uses now, and returns its
	// address.
	copied() (string, error)
	// texts is whatever stands in the store.
	texts() ([]byte, error)
}

// groundOf returns where lives are played.
func groundOf(t *testing.T, name string) ground {
	t.Helper()
	switch name {
	case "sqlite":
		return files{}
	case "postgres":
		postgres.Server(t) // the test is skipped where there is none
		return soil
	default:
		t.Fatalf("-store %s: write sqlite or postgres", name)
		return nil
	}
}
