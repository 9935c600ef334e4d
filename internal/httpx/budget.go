package httpx

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The pauses of a budget.
const (
	// nearPause is the pause between requests once a service says that a limit
	// is near, and nothing more.
	nearPause = time.Second
	// longestHold is how long a budget believes numbers: after it, one request
	// finds out how things stand now.
	longestHold = time.Minute
	// longestQuota is the longest that a quota runs.
	longestQuota = time.Hour
)

// reserved is the reason of a hold.
const reserved = "the rest of the limit is left to people who use the same account"

// budget keeps a share of a service's limit for people. It reads the state of
// the limit from every answer:
//
//	X-RateLimit-Limit, -Remaining, -Reset              a window: pause until it ends
//	… -Limit, -Remaining, -FillRate, -Interval-Seconds a bucket: pause until tokens are back
//	X-RateLimit-NearLimit: true                        slow down
//
// A bucket's Retry-After of 0, which stands on every answer, means nothing.
type budget struct {
	reserve float64
	gauge   *Gauge // may be nil

	mu     sync.Mutex
	until  time.Time
	reason string
	// asked is the end of the pause that a 429 asked for, in the words of why.
	// One that names another reason than a quota may be about one issue or one
	// route only; one that names none is about everything. No other answer shortens it: those
	// were on their way before.
	asked time.Time
	why   string
}

// note reads what an answer says of the limit. A quota that is used up is used
// up for every request.
func (b *budget) note(resp *http.Response, now time.Time) {
	b.gauge.note(resp.Header, b.reserve, now)
	if b.reserve <= 0 {
		return
	}
	wait, reason := min(b.pause(resp.Header, now), longestHold), reserved
	var asked time.Duration
	said := limitReason(resp)
	if resp.StatusCode == http.StatusTooManyRequests {
		wait = 0 // the retry waits, or the caller is told
		if strings.Contains(said, "quota") {
			asked = min(askedWait(resp.Header, now), longestQuota)
		} else if resp.Header.Get("Ratelimit-Reason") == "" {
			asked = min(retryAfter(resp.Header, now), longestQuota)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.until, b.reason = now.Add(wait), reason
	if end := now.Add(asked); asked > 0 && end.After(b.asked) {
		b.asked, b.why = end, said
	}
}

// pause is how long the share for people lasts, as far as the answer tells.
func (b *budget) pause(h http.Header, now time.Time) time.Duration {
	limit, errLimit := strconv.ParseFloat(h.Get("X-Ratelimit-Limit"), 64)
	left, errLeft := strconv.ParseFloat(h.Get("X-Ratelimit-Remaining"), 64)
	near := h.Get("X-Ratelimit-Nearlimit") == "true"
	counted := errLimit == nil && errLeft == nil && limit > 0
	share := limit * b.reserve
	switch {
	case counted && left > share:
		return 0
	case counted:
		if fill, every := bucket(h); fill > 0 {
			return time.Duration(math.Ceil((share-left+1)/fill)) * every
		}
		if wait := until(h.Get("X-Ratelimit-Reset"), now); wait > 0 {
			return wait
		}
	case !near:
		return 0
	}
	return time.Duration(float64(nearPause) * (0.7 + 0.6*rand.Float64()))
}

// bucket reads how many tokens come back to a bucket, and how often.
func bucket(h http.Header) (fill float64, every time.Duration) {
	fill, errFill := strconv.ParseFloat(h.Get("X-Ratelimit-Fillrate"), 64)
	seconds, errEvery := strconv.ParseFloat(h.Get("X-Ratelimit-Interval-Seconds"), 64)
	if errFill != nil || errEvery != nil || fill <= 0 || seconds <= 0 {
		return 0, 0
	}
	return fill, seconds2duration(seconds)
}

// hold waits until the share for people ends, and the pause that the service
// asked for when it refused another request. A longer wait than the patience is
// a *LimitError, and nothing was sent.
func (b *budget) hold(ctx context.Context, patience time.Duration) error {
	b.mu.Lock()
	end, reason := b.until, b.reason
	if b.asked.After(end) {
		end, reason = b.asked, b.why
	}
	b.mu.Unlock()
	wait := time.Until(end)
	switch {
	case wait <= 0:
		return nil
	case wait > patience:
		return &LimitError{Until: end, Reason: reason, Status: http.StatusTooManyRequests}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &heldError{ctx.Err()}
	}
}

// heldError says that a request was never sent, because its caller gave up
// while it waited for its turn.
type heldError struct{ cause error }

func (e *heldError) Error() string { return "not sent: " + e.cause.Error() }
func (e *heldError) Unwrap() error { return e.cause }
