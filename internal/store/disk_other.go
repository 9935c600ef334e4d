//go:build !(linux || darwin || freebsd)

package store

// diskFree is not known on this system.
func diskFree(string) int64 { return -1 }

// fileID is not known on this system.
func fileID(string) (device, inode uint64) { return 0, 0 }
