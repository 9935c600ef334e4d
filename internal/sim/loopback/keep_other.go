//go:build !linux

package loopback

import (
	"context"
	"net"
)

// Keep finds an address of the loopback, host:port, that nobody has. Only
// Linux can keep it: here somebody else may take it before it is used.
func Keep(ctx context.Context) (address string, release func() error, err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	return l.Addr().String(), func() error { return nil }, l.Close()
}
