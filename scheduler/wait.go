package scheduler

import (
	"sync"
	"time"

	"tandem/internal/work"
)

// waits remembers until when services asked to be left alone (promise S10):
// a whole connector, or one record. A process that starts anew asks again.
type waits struct {
	mu         sync.Mutex
	connectors map[string]time.Time
	records    map[work.RefID]time.Time
}

// note takes the times from results.
func (w *waits) note(batch []work.Edit, results []work.Result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.connectors == nil {
		w.connectors, w.records = map[string]time.Time{}, map[work.RefID]time.Time{}
	}
	for i, r := range results {
		switch target := batch[i].Target; {
		case r.State != work.Deferred:
		case r.Scope == "issue":
			w.records[target.RefID] = r.Until
		case r.Until.After(w.connectors[target.Connector]):
			w.connectors[target.Connector] = r.Until
		}
	}
}

// over reports whether the edit may be sent again.
func (w *waits) over(e work.Edit, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return !now.Before(w.connectors[e.Target.Connector]) && !now.Before(w.records[e.Target.RefID])
}
