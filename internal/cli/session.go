package cli

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"tandem/config"
	"tandem/connectors"
	"tandem/internal/store"
	"tandem/internal/view"
	"tandem/scheduler"
)

// session is a setup with its store and connectors open.
type session struct {
	*setup

	store *store.Store
	live  []scheduler.Live
	wide  []*connectors.Connector // beside live
	log   *slog.Logger
	cycle *scheduler.Cycle
	// alone keeps others from a store that several nodes share; nil where
	// nothing has to.
	alone *alone
	// kept are the connectors that were taken over from the configuration
	// before a reload, by name.
	kept map[string]bool
	// skews are how the clocks of services stood when they were last stored.
	skews  map[string]time.Duration
	noting sync.Mutex
	// front is what the daemon shows and tells people by; nil in commands.
	front *view.Desk
}

// begin loads the settings and opens the store and all connectors.
func (a *app) begin(cmd *cobra.Command) (*session, error) {
	s, err := a.load(cmd)
	if err != nil {
		return nil, err
	}
	log := a.logger(s.settings)
	if a.tells(cmd) {
		log = a.logger(quiet(s.settings))
	}
	db, err := store.Open(cmd.Context(), s.settings.Store, s.settings.Instance, store.Options{Log: log})
	if err != nil {
		return nil, err
	}
	if s.owner, err = s.sign(cmd.Context(), db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if s.pseudonyms, err = s.pseudonymKey(cmd.Context(), db, log); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.watch = s.monitor(a.version, db)
	live := s.openAll(cmd.Context(), nil, log)
	return &session{setup: s, store: db, live: live, log: log, cycle: s.cycle(db, live, log)}, nil
}

// tells reports whether the command says itself what it did, so that a line of
// log for each value would only bury it. Who asks for a level gets it.
func (a *app) tells(cmd *cobra.Command) bool {
	asked := cmd.Flags().Changed("log-level") || os.Getenv("TANDEM_LOG_LEVEL") != ""
	return !asked && slices.Contains([]string{"plan", "apply", "undo", "retire", "init"}, cmd.Name())
}

// quiet are the settings with a log of warnings alone, where they had the usual
// one.
func quiet(s config.Settings) config.Settings {
	if s.Log.SlogLevel() == slog.LevelInfo {
		s.Log.Level = "warn"
	}
	return s
}

// end closes what begin opened.
func (s *session) end() {
	closeAll(s.wide)
	s.discard(nil)
	if s.alone != nil {
		if err := s.alone.end(context.Background()); err != nil {
			s.log.Warn("the duties could not be given back; they are free within half a minute", "err", err)
		}
	}
	if err := s.store.Close(); err != nil {
		s.log.Warn("the store did not close", "err", err)
	}
}

// look opens only the store, to read, beside a daemon that may be running.
func (a *app) look(cmd *cobra.Command, use func(ctx context.Context, s *setup, db *store.Store) error) error {
	return a.withStore(cmd, store.OpenReadOnly, use)
}

// desk opens only the store, to note what a person decides.
func (a *app) desk(cmd *cobra.Command, use func(ctx context.Context, s *setup, db *store.Store) error) error {
	return a.withStore(cmd, store.OpenBeside, use)
}

type opener func(ctx context.Context, address, instance string, o store.Options) (*store.Store, error)

func (a *app) withStore(cmd *cobra.Command, open opener, use func(ctx context.Context, s *setup, db *store.Store) error) error {
	s, err := a.load(cmd)
	if err != nil {
		return err
	}
	db, err := open(cmd.Context(), s.settings.Store, s.settings.Instance, store.Options{Log: a.logger(s.settings)})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }() // nothing is left to be written
	return use(cmd.Context(), s, db)
}
