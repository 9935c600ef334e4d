package cli

import (
	"context"
	"maps"
	"time"

	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/monitor"
	"tandem/internal/store"
	"tandem/scheduler"
)

// stuckAfter is how many of the longest pauses may pass without a move.
const stuckAfter = 3

// monitor counts what this process does.
func (s *setup) monitor(version string, db *store.Store) *monitor.Monitor {
	c := monitor.Config{
		Version: version, Write: s.settings.Write, Store: db, Queue: db, Leases: db,
		Quiet: 5*time.Minute + stuckAfter*time.Duration(s.interval()),
	}
	for _, connector := range s.settings.Connectors {
		c.Connectors = append(c.Connectors, connector.Name)
		if silent(connector.Kind) {
			c.Silent = append(c.Silent, connector.Name)
		}
	}
	return monitor.New(c)
}

// silent reports whether connectors of a kind only take deliveries.
func silent(kind string) bool {
	d, ok := all.Lookup(kind)
	return ok && d.Silent
}

// sign is who this Tandem is in markers.
func (s *setup) sign(ctx context.Context, db *store.Store) (connectors.Owner, error) {
	id, former, err := db.Names(ctx)
	return connectors.Owner{Instance: s.settings.Instance, Store: id, Former: former, Pages: s.settings.Web.PublicURL}, err
}

// note counts what a job or a cycle decided, and keeps what other processes ask the store for.
func (s *session) note(ctx context.Context, r scheduler.Report) {
	if r.Evaluated && r.Outcome != nil {
		s.watch.Decided(&r.Outcome.Plan, r.Deciding)
		if st := r.Outcome.Stability; st != nil && !r.Outcome.Plan.RulesHeld { // held rules move nothing
			s.watch.Steady(monitor.Steadiness{
				Tau: st.Tau, Top10: st.Top10, Top50: st.Top50,
				Places: st.Moved, Priorities: st.Priorities, Horizons: st.Horizons, Routes: st.Routes,
			})
		}
	}
	skews := s.watch.Skews()
	s.noting.Lock()
	defer s.noting.Unlock()
	if maps.Equal(skews, s.skews) {
		return
	}
	if err := s.store.SaveSkews(ctx, skews); err != nil {
		s.log.Warn("the clocks of the services could not be noted", "err", err)
		return
	}
	s.skews = skews
}
