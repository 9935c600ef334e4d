package hotjar

import (
	"context"
	"sync"
	"time"
)

// pace keeps requests apart: what Hotjar allows in a minute is not documented
// without contradiction.
type pace struct {
	gap time.Duration

	mu   sync.Mutex
	next time.Time
}

// turn waits until a request may be sent.
func (p *pace) turn(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.gap)
	p.mu.Unlock()
	if at.Equal(now) {
		return ctx.Err()
	}
	timer := time.NewTimer(at.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
