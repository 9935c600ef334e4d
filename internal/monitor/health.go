package monitor

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"tandem/internal/work"
)

// Answer is what /healthz and /readyz say. Anybody may ask, so it holds no
// text of a service and no name of a record.
type Answer struct {
	// Status is ok, stuck, or waiting.
	Status string `json:"status"`
	// Causes say what is waited for.
	Causes []string `json:"causes,omitempty"`
	// Notes say what is not as it should be and no reason to wait with asking.
	Notes []string `json:"notes,omitempty"`
	// Quiet is for how many seconds nothing has moved.
	Quiet int `json:"quiet_seconds"`
}

// Health tells whether this process is to be started anew: 200 while its work
// goes on or rests in order, 503 once nothing has moved for too long. It asks
// neither the store nor a service: a service that is down is no reason to
// start anew.
func (m *Monitor) Health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		a := m.answer()
		if quiet := m.config.Now().Sub(m.lastMoved()); quiet > m.config.Quiet {
			a.Status, a.Causes = "stuck", []string{"nothing has moved for " + quiet.Round(time.Second).String()}
		}
		say(w, a)
	})
}

// Ready tells whether this node can be relied on: the store answers, its
// duties are somebody's, and every connector was read once or failed with a
// cause that tandem status tells.
func (m *Monitor) Ready() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := m.answer()
		now := m.reading.now(r.Context())
		if now.err != nil {
			a.Causes = append(a.Causes, "the store does not answer")
		} else {
			a.Causes = append(a.Causes, unread(m.config.polled(), now.figures.Streams)...)
			for _, name := range now.figures.FirstRead {
				a.Notes = append(a.Notes, "nothing is written before "+name+" was read whole once; tandem status says why it was not")
			}
			if m.config.Leases != nil {
				a.Causes = append(a.Causes, orphaned(m.config.Connectors, now.leases, now.at)...)
			}
		}
		if len(a.Causes) > 0 {
			a.Status = "waiting"
		}
		say(w, a)
	})
}

func (m *Monitor) answer() Answer {
	return Answer{Status: "ok", Quiet: int(m.config.Now().Sub(m.lastMoved()).Seconds())}
}

// polled are the connectors that are read.
func (c Config) polled() []string {
	return slices.DeleteFunc(slices.Clone(c.Connectors), func(name string) bool { return slices.Contains(c.Silent, name) })
}

// unread lists the connectors of which nobody knows yet whether they can be
// read.
func unread(names []string, streams []work.StreamStatus) []string {
	var causes []string
	for _, name := range names {
		if !slices.ContainsFunc(streams, func(s work.StreamStatus) bool {
			return s.Connector == name && (!s.LastRead.IsZero() || s.Failure != "")
		}) {
			causes = append(causes, name+" was not read yet")
		}
	}
	return causes
}

// orphaned lists the duties that no node has.
func orphaned(names []string, leases []work.Lease, now time.Time) []string {
	var causes []string
	for _, duty := range append(slices.Clone(names), work.Deciding) {
		if !slices.ContainsFunc(leases, func(l work.Lease) bool { return l.Duty == duty && l.Expires.After(now) }) {
			causes = append(causes, "no node has taken "+duty+" yet")
		}
	}
	return causes
}

func say(w http.ResponseWriter, a Answer) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if a.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(a) // whoever asked is gone
}
