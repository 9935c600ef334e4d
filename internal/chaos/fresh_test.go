package chaos_test

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"tandem/internal/store"
)

// fresh is a store in which nothing stands yet, not even whose it is: all lives
// begin with a copy of it, so that its tables are made once.
type fresh struct {
	once sync.Once
	file []byte
	err  error
}

// make makes the file.
func (f *fresh) make() ([]byte, error) {
	f.once.Do(func() {
		folder, err := os.MkdirTemp("", "tandem-fresh-")
		if err != nil {
			f.err = err
			return
		}
		defer func() { _ = os.RemoveAll(folder) }() // what is left lies among temporary files
		path := filepath.Join(folder, "tandem.db")
		db, err := store.Open(context.Background(), "sqlite:"+path, "nobody", store.Options{})
		if err == nil {
			_, err = db.DB().ExecContext(context.Background(), "DELETE FROM meta")
		}
		if err == nil {
			err = db.Close()
		}
		if err == nil {
			f.file, err = os.ReadFile(path)
		}
		f.err = err
	})
	return f.file, f.err
}

// blank is what all lives of this process begin with.
var blank = &fresh{}

// kept is how long connections to the store are kept that nobody uses: longer
// than any life, for to open one takes as long as half a cycle.
const kept = 10 * 365 * 24 * time.Hour
