package httpjson

import (
	"context"
	"net/http"
	"sync"
	"time"

	"tandem/internal/httpx"
)

// pace keeps a number of requests in a span. The zero rate keeps nothing.
type pace struct {
	rate Rate

	mu   sync.Mutex
	sent []time.Time // the last rate.Requests
}

func newPace(r Rate) *pace { return &pace{rate: r} }

// patience is the longest wait inside of a walk; a longer one ends it, and the
// next goes on from its cursor.
const patience = 20 * time.Second

// wait waits for the turn of a request.
func (p *pace) wait(ctx context.Context) error {
	for {
		at, now := p.turn()
		wait := at.Sub(now)
		if wait <= 0 {
			return nil
		}
		if wait > patience {
			return &httpx.LimitError{Until: at, Reason: "the rate in the settings", Status: http.StatusTooManyRequests}
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// turn takes the turn, or says when it may be taken.
func (p *pace) turn() (at, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now = time.Now()
	if p.rate.Requests <= 0 {
		return now, now
	}
	if len(p.sent) >= p.rate.Requests {
		if free := p.sent[0].Add(time.Duration(p.rate.Per)); free.After(now) {
			return free, now
		}
		p.sent = p.sent[1:]
	}
	p.sent = append(p.sent, now)
	return now, now
}
