package jobs

import (
	"context"
	"time"
)

// errandEvery is the least time between two tries at what people ordered:
// another node may be at it.
const errandEvery = time.Second

// runErrand sets about what people ordered, beside the loop.
func (h *Host) runErrand(ctx context.Context) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.c.Errand == nil || h.errand != nil || h.closed || h.yields || now.Before(h.errandAgain) {
		return
	}
	over := make(chan struct{})
	h.errand = over
	ctx = context.WithoutCancel(ctx) // it is broken off by the end of the node
	go func() {
		defer close(over)
		h.c.Errand(ctx)
		h.mu.Lock()
		h.errand, h.errandAgain = nil, time.Now().Add(errandEvery)
		h.mu.Unlock()
		h.Wake()
	}()
}

// awaitErrand waits a while until nobody notes any more what became of an order.
func (h *Host) awaitErrand(ctx context.Context) {
	h.mu.Lock()
	over := h.errand
	h.mu.Unlock()
	if over == nil {
		return
	}
	select {
	case <-over:
	case <-ctx.Done():
	case <-time.After(grace / 2):
	}
}
