package jirasim

import (
	"cmp"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"tandem/internal/sim"
)

// Bucket is the rate limit of a Data Center: every account has a bucket of
// tokens, each call takes one, and some come back at intervals.
type Bucket struct {
	// Size is the most tokens that an account can have; 0 is 100.
	Size int
	// Fill is how many come back per interval; 0 is 10.
	Fill int
	// Every is the interval; 0 is one second.
	Every time.Duration
}

func (b Bucket) orUsual() Bucket {
	return Bucket{Size: cmp.Or(b.Size, 100), Fill: cmp.Or(b.Fill, 10), Every: cmp.Or(b.Every, time.Second)}
}

// buckets holds the tokens of all accounts.
type buckets struct {
	mu   sync.Mutex
	left map[string]tokens
}

type tokens struct {
	n  int
	at time.Time // of the last filling
}

// take fills an account's bucket up and takes a token; from an empty bucket it
// takes none. It returns what is left and, if that is nothing, how long it
// takes until tokens come back.
func (b *buckets) take(account string, limit Bucket, now time.Time) (taken bool, left int, wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left == nil {
		b.left = map[string]tokens{}
	}
	t, known := b.left[account]
	if !known {
		t = tokens{n: limit.Size, at: now}
	}
	if gone := int(now.Sub(t.at) / limit.Every); gone > 0 {
		t.n = min(t.n+gone*limit.Fill, limit.Size)
		t.at = t.at.Add(time.Duration(gone) * limit.Every)
	}
	if taken = t.n > 0; taken {
		t.n--
	}
	b.left[account] = t
	if t.n == 0 {
		wait = t.at.Add(limit.Every).Sub(now)
	}
	return taken, t.n, wait
}

// spend takes a token of the caller's bucket; every answer tells the state of
// it, and an empty bucket answers 429.
func (s *Site) spend(a *asker, w http.ResponseWriter) bool {
	if a.account.Email == "" && a.account.Person == "" {
		return true // not signed in: limits are for accounts
	}
	limit := s.options.Bucket.orUsual()
	taken, left, wait := s.tokens.take(a.account.Person, limit, s.options.Now())
	maps.Copy(w.Header(), bucketHeader(limit, left, wait))
	if !taken {
		reply(w, http.StatusTooManyRequests, object{"message": "Rate limit exceeded."})
	}
	return taken
}

func bucketHeader(limit Bucket, left int, wait time.Duration) http.Header {
	return http.Header{
		"X-Ratelimit-Limit":            {strconv.Itoa(limit.Size)},
		"X-Ratelimit-Remaining":        {strconv.Itoa(left)},
		"X-Ratelimit-Fillrate":         {strconv.Itoa(limit.Fill)},
		"X-Ratelimit-Interval-Seconds": {strconv.Itoa(max(int(limit.Every/time.Second), 1))},
		"Retry-After":                  {strconv.Itoa(int((wait + time.Second - 1) / time.Second))},
	}
}

// BucketEmpty returns a fault that answers 429 as a Data Center does.
func BucketEmpty(retryAfter time.Duration) *sim.Fault {
	header := bucketHeader(Bucket{}.orUsual(), 0, retryAfter)
	header.Set("Content-Type", "application/json;charset=UTF-8")
	return &sim.Fault{
		Name: "rate limit", Status: http.StatusTooManyRequests, Header: header, Body: `{"message":"Rate limit exceeded."}`,
	}
}
