//go:build linux || darwin || freebsd

package store

import (
	"os"
	"syscall"
)

// diskFree returns how many bytes this user may still write to a folder's
// disk; -1 is not known.
func diskFree(folder string) int64 {
	var s syscall.Statfs_t
	if syscall.Statfs(folder, &s) != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize)
}

// fileID names a file on its disk; 0 is not known.
func fileID(path string) (device, inode uint64) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0
	}
	return uint64(s.Dev), s.Ino
}
