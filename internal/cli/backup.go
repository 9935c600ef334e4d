package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/store"
)

func (a *app) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Copy the store into a new file, beside a daemon that goes on",
		Long: "backup writes the whole store, as it is at one moment, into FILE, which must not exist yet, and checks the copy.\n" +
			"To restore it: stop the daemon, remove the store's file and those beside it that end in -wal and -shm, put FILE\n" +
			"in its place, start. A store on PostgreSQL is backed up by pg_dump.",
		Example: "  tandem backup /backup/tandem-$(date +%F).db",
		Args:    exactArgs(1, "name the file to write, such as: tandem backup /backup/tandem.db"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withStore(cmd, store.OpenReadOnly, func(ctx context.Context, _ *setup, db *store.Store) error {
				began := time.Now()
				size, err := db.Backup(ctx, args[0])
				if errors.Is(err, store.ErrServer) {
					return codedError{exitWrong, err}
				}
				if err != nil {
					return err
				}
				return a.say(map[string]any{"file": args[0], "bytes": size},
					fmt.Sprintf("The store is in %s: %s bytes, checked, in %s. Keep it as you keep the store: it holds titles, comments and feedback.",
						args[0], thousands(int(size)), time.Since(began).Round(time.Millisecond)))
			})
		},
	}
}
