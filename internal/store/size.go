package store

import (
	"context"
	"os"
	"path/filepath"
)

// size returns how many bytes the store takes, and how many its disk has left;
// -1 is not known.
func (s *Store) size(context.Context) (bytes, free int64) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(s.path + suffix); err == nil {
			bytes += info.Size()
		}
	}
	return bytes, diskFree(filepath.Dir(s.path))
}
