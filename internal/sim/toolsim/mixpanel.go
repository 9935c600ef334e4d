package toolsim

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Mixpanel answers the raw export.
type Mixpanel struct {
	presetDesk
	User, Secret, Project string
	Events                []MixpanelEvent
}

// MixpanelEvent is one event.
type MixpanelEvent struct {
	Event, InsertID, DistinctID string
	At                          time.Time
}

// ServeHTTP answers /api/2.0/export.
func (m *Mixpanel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if _, ok := m.asks(w, r, http.MethodGet, "/api/2.0/export"); !ok || !m.basic(w, r, m.User, m.Secret) || !m.only(w, q, "project_id", "from_date", "to_date", "event", "where", "limit") {
		return
	}
	from, err1 := time.Parse(time.DateOnly, q.Get("from_date"))
	to, err2 := time.Parse(time.DateOnly, q.Get("to_date"))
	var events []string
	err3 := json.Unmarshal([]byte(q.Get("event")), &events)
	if q.Get("project_id") != m.Project || err1 != nil || err2 != nil || err3 != nil || to.Before(from) {
		m.refuse(w, http.StatusBadRequest, "project_id, from_date, to_date (inclusive) and event (a JSON list) are needed")
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	for _, e := range m.Events {
		if e.At.Before(from) || !e.At.Before(to.AddDate(0, 0, 1)) || !slices.Contains(events, e.Event) {
			continue
		}
		m.write(w, map[string]any{"event": e.Event, "properties": map[string]any{
			"time": e.At.Unix(), "$insert_id": e.InsertID, "distinct_id": e.DistinctID, "mp_processing_time_ms": e.At.UnixMilli(),
		}})
	}
}
