package github

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// budget leaves a share of the hourly quota to people who use the same
// credentials.
type budget struct {
	// resource is the quota that is watched: core or graphql.
	resource string
	reserve  float64
	now      func() time.Time

	mu    sync.Mutex
	until time.Time
	stand work.LimitState
}

// note reads what an answer says of the quota.
func (b *budget) note(h http.Header) {
	limit, errLimit := strconv.ParseFloat(h.Get("X-Ratelimit-Limit"), 64)
	left, errLeft := strconv.ParseFloat(h.Get("X-Ratelimit-Remaining"), 64)
	reset, errReset := strconv.ParseInt(h.Get("X-Ratelimit-Reset"), 10, 64)
	resource := cmp.Or(h.Get("X-Ratelimit-Resource"), "core")
	if errLimit != nil || errLeft != nil || errReset != nil || limit <= 0 || resource != b.resource {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stand = work.LimitState{
		Resource: resource, Limit: int(limit), Remaining: int(left), Reset: time.Unix(reset, 0).UTC(), Reserve: int(limit * b.reserve),
	}
	b.until = time.Time{}
	if left <= limit*b.reserve {
		// No quota runs longer than an hour, whatever a clock says.
		b.until = time.Unix(reset, 0)
		if latest := b.now().Add(time.Hour); b.until.After(latest) {
			b.until = latest
		}
	}
}

// allowed reports when the share for people begins.
func (b *budget) allowed() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.now().Before(b.until) {
		return nil
	}
	return &httpx.LimitError{Until: b.until, Reason: "the rest of the hourly quota is left to people, see reserve: in the settings", Status: http.StatusTooManyRequests}
}

// Limits tells how the hourly quotas stand that answers told of. An Enterprise
// Server has none.
func (c *client) Limits() []work.LimitState {
	var all []work.LimitState
	for _, b := range []*budget{c.budget, c.graph.budget} {
		b.mu.Lock()
		if b.stand.Limit > 0 {
			all = append(all, b.stand)
		}
		b.mu.Unlock()
	}
	return all
}
