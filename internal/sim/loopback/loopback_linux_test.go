package loopback_test

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"testing"

	"tandem/internal/sim/loopback"
)

func TestAServerListensAtAKeptAddressAgainAndAgain(t *testing.T) {
	t.Parallel()
	address := loopback.Address(t)
	for range 3 {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		accepted := make(chan error, 1)
		go func() {
			conn, err := l.Accept()
			if err == nil {
				err = conn.Close() // it stays in TIME_WAIT on the server's side
			}
			accepted <- err
		}()
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(<-accepted, conn.Close(), l.Close()); err != nil {
			t.Error(err)
		}
	}
}

// A socket that may choose among one port only says what all others would meet
// that happen to come to this one.
func TestNobodyWhoAsksForAnyPortIsGivenAKeptOne(t *testing.T) {
	t.Parallel()
	server, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	address, release, err := loopback.Keep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	port := netip.MustParseAddrPort(address).Port()
	dial := func() error {
		conn, err := (&net.Dialer{Control: among(port)}).DialContext(t.Context(), "tcp4", server.Addr().String())
		if err == nil {
			err = conn.Close()
		}
		return err
	}
	listen := func() error {
		l, err := (&net.ListenConfig{Control: among(port)}).Listen(t.Context(), "tcp4", "127.0.0.1:0")
		if err == nil {
			err = l.Close()
		}
		return err
	}
	if err := listen(); errors.Is(err, syscall.ENOPROTOOPT) {
		t.Skip("this kernel lacks IP_LOCAL_PORT_RANGE, which says among which ports to choose; run this on Linux 6.3 or newer")
	}
	if err := dial(); !errors.Is(err, syscall.EADDRNOTAVAIL) {
		t.Errorf("a connection that goes out: %v", err)
	}
	if err := listen(); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a listener at any port: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(listen(), dial()); err != nil {
		t.Errorf("once it is released: %v", err)
	}
}

// among lets a socket choose this port only (ip(7), IP_LOCAL_PORT_RANGE).
func among(port uint16) func(network, address string, c syscall.RawConn) error {
	const ipLocalPortRange = 51
	return func(_, _ string, c syscall.RawConn) error {
		var set error
		err := c.Control(func(fd uintptr) {
			set = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_IP, ipLocalPortRange, int(port)<<16|int(port))
		})
		return errors.Join(err, set)
	}
}
