package scheduler

import (
	"context"
	"errors"
	"time"
)

// Loop runs cycles until the context ends: one at once, then one every
// interval, never two at a time. after is called with each report. A cycle
// that fails is told and tried again at the next interval.
func (c *Cycle) Loop(ctx context.Context, every time.Duration, after func(Report)) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		report, err := c.Run(ctx, None)
		switch {
		case errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			c.c.Log.Error("the cycle failed; it is tried again", "err", err, "after", every)
		default:
			after(report)
		}
		timer.Reset(every)
	}
}
