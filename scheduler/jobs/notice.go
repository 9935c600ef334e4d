package jobs

import (
	"context"
	"time"

	"tandem/internal/work"
)

// noticeEvery is the least time between two looks at whether people are to be
// told something.
const noticeEvery = 5 * time.Second

// notices are looks at whether people are to be told something, one at a time.
type notices struct {
	// over is closed when the look ends; nil where there is none.
	over   chan struct{}
	cancel context.CancelFunc
	again  time.Time
}

// notify looks whether people are to be told something, beside the loop, at the
// node that decides. That no other node tells it too is the business of whoever
// tells: a lease may end while a message is on its way.
func (h *Host) notify(ctx context.Context) {
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.duties[work.Deciding]
	if h.c.Notify == nil || d == nil || d.leaving || h.closed || h.notices.over != nil || now.Before(h.notices.again) {
		return
	}
	over := make(chan struct{})
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it is broken off by the end of the node
	h.notices.over, h.notices.cancel = over, cancel
	go func() {
		defer close(over)
		defer cancel()
		err := h.c.Notify(ctx)
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.notices.over, h.notices.again = nil, time.Now().Add(noticeEvery); err != nil && ctx.Err() == nil {
			h.log.Error("whom to notify could not be looked up; it is tried again", "err", err)
			h.notices.again = time.Now().Add(time.Minute)
		}
	}()
}

// awaitNotices lets what is on its way arrive, and then breaks it off.
func (h *Host) awaitNotices(ctx context.Context) {
	h.mu.Lock()
	over, cancel := h.notices.over, h.notices.cancel
	h.mu.Unlock()
	if over == nil {
		return
	}
	select {
	case <-over:
		return
	case <-ctx.Done():
	case <-time.After(grace / 2):
	}
	cancel()
	select {
	case <-over:
	case <-time.After(grace / 10):
	}
}
