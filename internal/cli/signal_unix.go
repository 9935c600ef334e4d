//go:build !windows

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// reloads tells when somebody asks to read the configuration again (SIGHUP),
// until the returned function is called.
func reloads() (asked <-chan os.Signal, quit func()) {
	signals := make(chan os.Signal, 1) // what is asked while one reload runs is one more
	signal.Notify(signals, syscall.SIGHUP)
	return signals, func() { signal.Stop(signals) }
}
