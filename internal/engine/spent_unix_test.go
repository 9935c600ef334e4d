//go:build unix

package engine_test

import (
	"syscall"
	"time"
)

// spent is the processor time of the process so far: what else runs on the
// machine does not count in it.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
