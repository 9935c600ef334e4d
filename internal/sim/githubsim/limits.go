package githubsim

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/sim"
)

// limiter counts what each token asked for: against the primary limit by the
// hour and, in points, against the secondary one by the minute.
type limiter struct {
	mu       sync.Mutex
	requests int
	budgets  map[string]*budget
}

type budget struct {
	limit, used int
	reset       time.Time
	recent      []spent // of the last minute
}

type spent struct {
	at      time.Time
	points  int
	creates bool
	graph   bool
}

// costOf counts what a request takes. Nobody knows which posts create content
// in the eyes of the service: here all do, but for labels and assignees that
// are put on an issue.
func costOf(a *asker, r *http.Request, now time.Time) spent {
	cost := spent{at: now, points: 1}
	route := sim.CallOf(r.Context()).Route
	switch {
	case route == graphqlRoute:
		cost.graph = true
		if bytes.Contains(a.payload, []byte(`"query":"mutation`)) {
			cost.points = 5
		}
	case r.Method == http.MethodPost:
		cost.points, cost.creates = 5, !strings.Contains(route, "/issues/{issue_number}/")
	case r.Method != http.MethodGet:
		cost.points = 5
	}
	return cost
}

// The published secondary limits.
const (
	pointsPerMinute      = 900
	graphPointsPerMinute = 2000
	createsPerMinute     = 80
)

// requestID returns the next number in the form of a request id.
func (l *limiter) requestID() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.requests++
	return fmt.Sprintf("0680:6A2A:%X:%X:%X", 0x111D4F8+l.requests, 0x26659C5+l.requests, 0x62D63550+l.requests)
}

// budget returns the token's counts. A window that is over starts anew. The
// caller holds the limiter's lock.
func (l *limiter) budget(token string, quota int, now time.Time) *budget {
	if l.budgets == nil {
		l.budgets = map[string]*budget{}
	}
	b := l.budgets[token]
	if b == nil {
		b = &budget{}
		l.budgets[token] = b
	}
	if !now.Before(b.reset) {
		b.used, b.reset = 0, now.Add(time.Hour)
	}
	b.limit = quota
	return b
}

// admit refuses a request that is over a limit.
func (s *Site) admit(a *asker, r *http.Request) *reply {
	if sim.CallOf(r.Context()).Route == "/rate_limit" {
		return nil
	}
	l, now := &s.limits, s.options.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.budget(a.account.Token, s.options.Quota, now)
	if b.used >= b.limit {
		refused := refuse(http.StatusForbidden, "API rate limit exceeded for "+a.account.Login+".")
		return &refused
	}
	for len(b.recent) > 0 && now.Sub(b.recent[0].at) >= time.Minute {
		b.recent = b.recent[1:]
	}
	cost := costOf(a, r, now)
	points, creates := cost.points, 0
	for _, c := range b.recent {
		if c.graph == cost.graph {
			points += c.points
		}
		if c.creates {
			creates++
		}
	}
	most := pointsPerMinute
	if cost.graph {
		most = graphPointsPerMinute
	}
	if points > most || cost.creates && creates >= createsPerMinute {
		refused := refuse(http.StatusForbidden, secondaryMessage)
		return &refused
	}
	b.recent = append(b.recent, cost)
	return nil
}

// charge counts an answered request, unless it was free, and returns how the
// token stands.
func (s *Site) charge(a *asker, r *http.Request, status int) budget {
	token, quota := "", 60
	if a.account != nil {
		token, quota = a.account.Token, s.options.Quota
	}
	l := &s.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.budget(token, quota, s.options.Now())
	if status == http.StatusNotModified || sim.CallOf(r.Context()).Route == "/rate_limit" {
		return *b
	}
	if b.used >= b.limit && !s.options.Limits {
		b.used, b.reset = 0, s.options.Now().Add(time.Hour)
	}
	b.used = min(b.used+1, b.limit)
	return *b
}

// header tells how the token stands.
func (l *limiter) header(h http.Header, b budget) {
	maps.Copy(h, standing(b.limit, b.limit-b.used, b.reset))
}

func standing(limit, remaining int, reset time.Time) http.Header {
	return http.Header{
		"X-Ratelimit-Limit":     {strconv.Itoa(limit)},
		"X-Ratelimit-Remaining": {strconv.Itoa(remaining)},
		"X-Ratelimit-Used":      {strconv.Itoa(limit - remaining)},
		"X-Ratelimit-Reset":     {strconv.FormatInt(reset.Unix(), 10)},
		"X-Ratelimit-Resource":  {"core"},
	}
}

const secondaryMessage = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."

// RateLimited returns a fault for an exhausted primary limit: 403 or 429 with
// nothing remaining until the reset.
func RateLimited(status int, reset time.Time) *sim.Fault {
	h := standing(5000, 0, reset)
	h.Set("Content-Type", "application/json; charset=utf-8")
	return &sim.Fault{
		Name: "rate limit", Status: status, Header: h,
		Body: string(sim.MarshalJSON(problem{
			Message: "API rate limit exceeded for user ID 1.", Documentation: documentation + "/using-the-rest-api/rate-limits-for-the-rest-api", Status: digits(status),
		})),
	}
}

// SecondaryLimit returns a fault for a secondary limit: 403 or 429 with much
// of the primary limit remaining, and Retry-After only when it is positive.
// The reset of the primary limit lies far off and says nothing.
func SecondaryLimit(status int, retryAfter time.Duration, now time.Time) *sim.Fault {
	h := standing(5000, 4000, now.Add(55*time.Minute))
	h.Set("Content-Type", "application/json; charset=utf-8")
	if retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(max(int((retryAfter+time.Second-1)/time.Second), 1)))
	}
	return &sim.Fault{
		Name: "secondary rate limit", Status: status, Header: h,
		Body: string(sim.MarshalJSON(problem{
			Message: secondaryMessage, Documentation: documentation + "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits", Status: digits(status),
		})),
	}
}

// GraphQLLimit returns a fault for a limit of the GraphQL interface, which
// stands as an error inside of an answer with status 200: kind is RATE_LIMITED
// for the primary one, and empty for a secondary one, which has only a text.
func GraphQLLimit(kind, message string, reset time.Time) *sim.Fault {
	h := standing(5000, 0, reset)
	h.Set("X-Ratelimit-Resource", "graphql")
	h.Set("Content-Type", "application/json; charset=utf-8")
	said := map[string]any{"message": message}
	if kind != "" {
		said["type"] = kind
	}
	return &sim.Fault{Name: "graphql limit", Status: http.StatusOK, Header: h, Body: string(sim.MarshalJSON(map[string]any{"errors": []any{said}}))}
}
