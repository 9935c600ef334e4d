package loopback

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
)

// Keep finds an address of the loopback, host:port, that nobody has, and keeps
// it until it is released. A socket is bound to it that does not listen: Linux
// gives such a port to nobody who asks for any, and lets servers listen there
// that set SO_REUSEADDR, as those of Go and Node.js do.
func Keep(context.Context) (address string, release func() error, err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return "", nil, fmt.Errorf("keep an address: %w", err)
	}
	at, err := bind(fd)
	if err != nil {
		return "", nil, errors.Join(fmt.Errorf("keep an address: %w", err), syscall.Close(fd))
	}
	return at.String(), sync.OnceValue(func() error { return syscall.Close(fd) }), nil
}

func bind(fd int) (netip.AddrPort, error) {
	loopback := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := syscall.Bind(fd, loopback); err != nil {
		return netip.AddrPort{}, err
	}
	// Set before the port is chosen, Linux might choose one that another
	// socket keeps in the same way.
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return netip.AddrPort{}, err
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		return netip.AddrPort{}, err
	}
	is, ok := name.(*syscall.SockaddrInet4)
	if !ok {
		return netip.AddrPort{}, fmt.Errorf("a socket of %T", name)
	}
	return netip.AddrPortFrom(netip.AddrFrom4(is.Addr), uint16(is.Port)), nil //nolint:gosec // a port has 16 bits
}
