package github

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"tandem/internal/httpx"
)

// governor keeps the limits of one set of credentials: every request passes
// it. The primary limits, which answers tell of, are kept by budget; those
// that no answer tells of are counted here.
//
//	REST     900 points a minute    GET 1, writes 5
//	GraphQL  2,000 points a minute  query 1, mutation 5
//	content  80 a minute, 500 an hour
//	a hundred requests at a time
//
// Of all of them a share is left to people (promise S10). After an answer that
// says that a limit was passed nothing is sent until its time is over, by
// nobody.
type governor struct {
	reserve float64
	now     func() time.Time
	turns   chan struct{}
	counts  bool

	mu      sync.Mutex
	rest    window
	graph   window
	minute  window // of created content
	hour    window // of created content
	blocked time.Time
	// strikes counts limits since the last answer that was none.
	strikes int
}

const (
	restPoints     = 900
	graphPoints    = 2000
	createsMinute  = 80
	createsHour    = 500
	atOnce         = 50
	writePoints    = 5
	patience       = time.Minute // the longest wait in place
	longestStrikes = time.Hour
)

// newGovernor counts for github.com only. An Enterprise Server has other limits
// or none: what its answers say is kept there as well.
func newGovernor(base *url.URL, reserve float64, now func() time.Time) *governor {
	return &governor{
		reserve: reserve, now: now, counts: !loopback(base) && !strings.HasSuffix(base.Path, enterprisePath), turns: make(chan struct{}, atOnce),
		rest: window{most: restPoints, length: time.Minute}, graph: window{most: graphPoints, length: time.Minute},
		minute: window{most: createsMinute, length: time.Minute}, hour: window{most: createsHour, length: time.Hour},
	}
}

// window counts what was spent within a length of time.
type window struct {
	most   int
	length time.Duration
	spent  []spending
	sum    int
}

type spending struct {
	at time.Time
	n  int
}

// room returns when there is room for n more within the share that is ours.
func (w *window) room(n int, share float64, now time.Time) time.Time {
	for len(w.spent) > 0 && now.Sub(w.spent[0].at) >= w.length {
		w.sum -= w.spent[0].n
		w.spent = w.spent[1:]
	}
	most, sum := max(int(float64(w.most)*share), n), w.sum
	for _, s := range w.spent {
		if sum+n <= most {
			break
		}
		sum -= s.n
		now = s.at.Add(w.length)
	}
	return now
}

func (w *window) spend(n int, at time.Time) {
	if n > 0 {
		w.spent, w.sum = append(w.spent, spending{at, n}), w.sum+n
	}
}

// cost is what a request takes from the limits.
type cost struct {
	rest, graph, creates int
}

// costOf counts a request. Of the mutations of one request each counts that
// creates something: nobody says that it does not.
func costOf(method, address, document string) cost {
	switch {
	case strings.HasPrefix(document, "mutation"):
		creates := 0
		for _, name := range []string{"addComment(", "createIssue(", "createLabel("} {
			creates += strings.Count(document, name)
		}
		return cost{graph: writePoints, creates: creates}
	case document != "":
		return cost{graph: 1}
	case method == http.MethodGet:
		return cost{rest: 1}
	}
	c := cost{rest: writePoints}
	_, rest, _ := strings.Cut(address, "/issues/")
	_, part, _ := strings.Cut(rest, "/")
	if method == http.MethodPost && part != "labels" && part != "assignees" {
		c.creates = 1
	}
	return c
}

// enter waits for a turn, and returns what ends it. Where the wait is longer
// than a minute, or than the caller has time, nothing is to be sent.
func (g *governor) enter(ctx context.Context, c cost) (leave func(), err error) {
	select {
	case g.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for {
		now := g.now()
		until, why := g.take(c, now)
		wait := until.Sub(now)
		if wait <= 0 {
			return func() { <-g.turns }, nil
		}
		if err := pauseFor(ctx, wait, &httpx.LimitError{Until: until, Reason: why, Status: http.StatusTooManyRequests}); err != nil {
			<-g.turns
			return nil, err
		}
	}
}

// pauseFor waits, unless that is too long.
func pauseFor(ctx context.Context, wait time.Duration, otherwise error) error {
	deadline, ends := ctx.Deadline()
	if wait > patience || ends && wait > time.Until(deadline) {
		return otherwise
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// take books a request, or says until when there is no room for it, and why.
func (g *governor) take(c cost, now time.Time) (until time.Time, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	share := 1 - g.reserve
	until = now
	for _, w := range []struct {
		*window

		n   int
		why string
	}{
		{&g.rest, c.rest, "900 points a minute"},
		{&g.graph, c.graph, "2,000 points of GraphQL a minute"},
		{&g.minute, c.creates, "80 creations a minute"},
		{&g.hour, c.creates, "500 creations an hour"},
	} {
		if at := w.room(w.n, share, now); g.counts && w.n > 0 && at.After(until) {
			until, why = at, w.why
		}
	}
	if g.blocked.After(until) {
		until, why = g.blocked, "GitHub asked for a pause"
	}
	if g.counts && !until.After(now) {
		g.rest.spend(c.rest, now)
		g.graph.spend(c.graph, now)
		g.minute.spend(c.creates, now)
		g.hour.spend(c.creates, now)
	}
	return until, why
}

// heard learns from the end of a request. Limits that follow each other
// without a good answer in between ask for longer and longer pauses. The error
// it returns has the pause in it.
func (g *governor) heard(err error) error {
	limit := g.limitOf(err)
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit == nil {
		if err == nil {
			g.strikes = 0
		}
		return err
	}
	now := g.now()
	if now.After(g.blocked) { // what was on its way is no new strike
		g.strikes++
	}
	if g.strikes > 1 {
		grown := min(secondaryPause<<min(g.strikes-2, 10), longestStrikes)
		if at := now.Add(grown); at.After(limit.Until) {
			limit.Until = at
		}
	}
	if limit.Until.After(g.blocked) {
		g.blocked = limit.Until
	}
	return limit
}

// limitOf finds a limit in an error: one that says how long it lasts, or an
// answer that says nothing more.
func (g *governor) limitOf(err error) *httpx.LimitError {
	if limit, ok := errors.AsType[*httpx.LimitError](err); ok {
		return &httpx.LimitError{Until: limit.Until, Reason: limit.Reason, Status: limit.Status, Repeated: limit.Repeated}
	}
	if e, ok := errors.AsType[*httpx.StatusError](err); ok && e.Kind == httpx.Limited {
		return &httpx.LimitError{Until: g.now().Add(max(e.RetryAfter, secondaryPause)), Reason: e.Reason, Status: e.Status, Repeated: e.Repeated}
	}
	return nil
}
