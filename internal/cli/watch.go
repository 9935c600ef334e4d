package cli

import (
	"context"
	"maps"
	"time"

	"tandem/internal/monitor"
	"tandem/internal/store"
	"tandem/scheduler"
)

// stuckAfter is how many of the longest pauses may pass without a move.
const stuckAfter = 3

// monitor counts what this process does.
func (s *setup) monitor(version string, db *store.Store) *monitor.Monitor {
	c := monitor.Config{
		Version: version, Write: s.settings.Write, Store: db,
		Quiet: 5*time.Minute + stuckAfter*time.Duration(s.interval()),
	}
	for _, connector := range s.settings.Connectors {
		c.Connectors = append(c.Connectors, connector.Name)
	}
	return monitor.New(c)
}

// note counts a cycle, and keeps what other processes ask the store for.
func (s *session) note(ctx context.Context, r scheduler.Report) {
	s.watch.Cycle(r.Took)
	if r.Evaluated {
		s.watch.Decided(&r.Outcome.Plan, r.Deciding)
	}
	skews := s.watch.Skews()
	if maps.Equal(skews, s.skews) {
		return
	}
	if err := s.store.SaveSkews(ctx, skews); err != nil {
		s.log.Warn("the clocks of the services could not be noted", "err", err)
		return
	}
	s.skews = skews
}
