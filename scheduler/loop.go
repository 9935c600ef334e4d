package scheduler

import (
	"context"
	"errors"
	"time"

	"tandem/connectors"
)

// breath is the least time between the end of a cycle and one that hints
// cause: hints that come in bursts are read together.
const breath = 200 * time.Millisecond

// Wake makes Loop run a cycle at once, or right after the one that runs. It
// may be called from everywhere, and never waits.
func (c *Cycle) Wake() {
	select {
	case c.woken <- struct{}{}:
	default: // somebody was faster
	}
}

// Loop runs cycles until the context ends: one at once, then one whenever a
// stream is due or Wake was called, never two at a time. every is the longest
// pause between two of them, since people decide things beside the daemon.
// after is called with each report. A cycle that fails is told and tried again
// after the longest pause.
func (c *Cycle) Loop(ctx context.Context, every time.Duration, after func(Report)) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ended := (time.Time{}); ; ended = c.c.Now() {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-c.woken:
			rest(ctx, breath-c.c.Now().Sub(ended))
		}
		report, err := c.run(ctx, c.readDue, None)
		pause := every
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			c.c.Log.Error("the cycle failed; it is tried again", "err", err, "after", every)
		default:
			after(report)
			pause = c.pause(every)
		}
		timer.Reset(pause)
	}
}

// readDue reads what is due.
func (c *Cycle) readDue(ctx context.Context, report *Report) error {
	now := c.c.Now()
	return c.read(ctx, func(live Live) []connectors.Stream { return c.dues.of(live, now, c.polls[live.Name] != 0) }, report)
}

// rest waits, unless the context ends first.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
