package httpx

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"tandem/internal/work"
)

// Gauge shows how the limit of a service stood at its last answer that told of
// it. The zero value works; several goroutines may use it.
type Gauge struct {
	mu    sync.Mutex
	stand work.LimitState
}

// bucketSteps is into how many steps a bucket is divided for people: it fills
// within seconds, and the exact number is old before anybody reads it.
const bucketSteps = 10

// Limits returns how the limit stands, nothing before the service told of one.
// The caller fills in Connector.
func (g *Gauge) Limits() []work.LimitState {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stand.Limit <= 0 {
		return nil
	}
	return []work.LimitState{g.stand}
}

// note reads what an answer says of the limit.
func (g *Gauge) note(h http.Header, reserve float64, now time.Time) {
	limit, errLimit := strconv.ParseFloat(h.Get("X-Ratelimit-Limit"), 64)
	left, errLeft := strconv.ParseFloat(h.Get("X-Ratelimit-Remaining"), 64)
	sane := limit >= 1 && limit <= 1e9 && left >= 0 && left <= limit // NaN is none of these
	if g == nil || errLimit != nil || errLeft != nil || !sane {
		return
	}
	s := work.LimitState{Resource: "requests", Limit: int(limit), Remaining: int(left), Reserve: int(limit * reserve)}
	if fill, _ := bucket(h); fill > 0 {
		s.Remaining -= s.Remaining % max(s.Limit/bucketSteps, 1)
	} else if wait := until(h.Get("X-Ratelimit-Reset"), now); wait > 0 {
		s.Reset = now.Add(wait).UTC().Truncate(time.Second)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.stand = s
}
