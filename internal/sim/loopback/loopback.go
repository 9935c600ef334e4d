// Package loopback keeps addresses for servers that begin later: a process
// that is told where to listen, is killed, and begins again at the same place.
//
//	Keep ──► 127.0.0.1:41233, bound and not listened at
//	           │   a server that is told of it listens there, again and again
//	           │   any other connection or listener that asks for a free port
//	           ▼   is given another one
//	         release
//
// Who looks for a free port and lets go of it before the server begins may
// find it taken: every connection that goes out on the machine has a port of
// the same range.
package loopback

import "testing"

// Address keeps an address, host:port, until the test is over.
func Address(tb testing.TB) string {
	tb.Helper()
	address, release, err := Keep(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := release(); err != nil {
			tb.Error(err)
		}
	})
	return address
}
