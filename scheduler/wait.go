package scheduler

import (
	"errors"
	"sync"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// waits remembers until when services asked to be left alone (promise S10):
// a whole connector, or one record. A process that starts anew asks again.
type waits struct {
	mu         sync.Mutex
	connectors map[string]time.Time
	records    map[work.RefID]time.Time
	// limits are errors of reads that asked for a pause, by connector.
	limits map[string]connectors.LimitedError
}

// heard takes the time from the error of a read. Until then the connector is
// neither read nor written.
func (w *waits) heard(connector string, err error) {
	limit, ok := errors.AsType[connectors.LimitedError](err)
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.limits == nil {
		w.limits = map[string]connectors.LimitedError{}
	}
	w.limits[connector] = limit
}

// reading returns until when a connector is not to be read, and why; without
// an error it may be.
func (w *waits) reading(connector string, now time.Time) (time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	limit, ok := w.limits[connector]
	if !ok || !now.Before(limit.ResumeAt()) {
		return time.Time{}, nil
	}
	return limit.ResumeAt(), limit
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

// limited reports whether a connector is not to be read.
func (w *waits) limited(connector string, now time.Time) bool {
	_, limit := w.reading(connector, now)
	return limit != nil
}

// next returns when the first of the pauses that edits wait for is over; false
// where none lasts.
func (w *waits) next(now time.Time) (first time.Time, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	soonest := func(until time.Time) {
		if until.After(now) && (!ok || until.Before(first)) {
			first, ok = until, true
		}
	}
	for _, until := range w.connectors {
		soonest(until)
	}
	for ref, until := range w.records {
		if soonest(until); !until.After(now) {
			delete(w.records, ref)
		}
	}
	return first, ok
}

// over reports whether the edit may be sent again.
func (w *waits) over(e work.Edit, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if limit, ok := w.limits[e.Target.Connector]; ok && now.Before(limit.ResumeAt()) {
		return false
	}
	return !now.Before(w.connectors[e.Target.Connector]) && !now.Before(w.records[e.Target.RefID])
}
