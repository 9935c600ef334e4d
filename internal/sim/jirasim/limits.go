package jirasim

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
)

// limiter counts what arrived lately, by the published limits: bursts per
// endpoint and method, and writes per issue.
type limiter struct {
	mu     sync.Mutex
	recent map[string][]time.Time
}

// window is one limit: so many in so long.
type window struct {
	calls int
	span  time.Duration
}

func burst(method string) window {
	if method == http.MethodPut || method == http.MethodDelete {
		return window{50, time.Second}
	}
	return window{100, time.Second}
}

// take counts a call, or returns how long to wait.
func (l *limiter) take(key string, now time.Time, limits ...window) (wait time.Duration, limit int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.recent == nil {
		l.recent = map[string][]time.Time{}
	}
	longest := limits[len(limits)-1].span
	recent := l.recent[key]
	for len(recent) > 0 && now.Sub(recent[0]) >= longest {
		recent = recent[1:]
	}
	for _, w := range limits {
		if n := len(recent) - w.calls; n >= 0 && now.Sub(recent[n]) < w.span {
			l.recent[key] = recent
			return w.span - now.Sub(recent[n]), w.calls
		}
	}
	l.recent[key] = append(recent, now)
	return 0, 0
}

// admit answers 429 when a limit is exceeded.
func (s *Site) admit(w http.ResponseWriter, r *http.Request, write bool) bool {
	now := s.options.Now()
	wait, limit := s.limits.take(r.Method+" "+sim.CallOf(r.Context()).Route, now, burst(r.Method))
	reason := "jira-burst-based"
	if issue := r.PathValue("issueIdOrKey"); wait == 0 && write && issue != "" {
		wait, limit = s.limits.take("issue "+strings.ToUpper(issue), now, window{20, 2 * time.Second}, window{100, 30 * time.Second})
		reason = "jira-per-issue-on-write"
	}
	if wait == 0 {
		return true
	}
	fault := RateLimited(reason, wait, now)
	maps.Copy(w.Header(), fault.Header)
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(limit))
	w.WriteHeader(fault.Status)
	_, _ = w.Write([]byte(fault.Body))
	return false
}

// RateLimited returns a fault that answers 429 for one of the published
// reasons: jira-quota-global-based, jira-quota-tenant-based, jira-burst-based
// or jira-per-issue-on-write.
func RateLimited(reason string, retryAfter time.Duration, now time.Time) *sim.Fault {
	seconds := max(int((retryAfter+time.Second-1)/time.Second), 1)
	return &sim.Fault{
		Name: "rate limit", Status: http.StatusTooManyRequests,
		Header: http.Header{
			"Content-Type":          {"application/json;charset=UTF-8"},
			"Retry-After":           {strconv.Itoa(seconds)},
			"X-Ratelimit-Remaining": {"0"},
			"X-Ratelimit-Reset":     {now.Add(retryAfter).UTC().Format("2006-01-02T15:04Z")},
			"Ratelimit-Reason":      {reason},
		},
		Body: `{"errorMessages":["Rate limit exceeded."],"errors":{}}`,
	}
}
