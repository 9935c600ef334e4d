package scheduler

import (
	"context"
	"time"
)

// Slice is how long a step begins new pages and batches. What is left is taken
// up by the next one: cursors and the journal know where.
const Slice = 30 * time.Second

// step runs parts of a cycle one after the other, for a slice of time. Steps
// are what jobs call. A Cycle of one connector reads and writes it, one without
// connectors decides; each is used by one goroutine at a time.
func (c *Cycle) step(ctx context.Context, parts ...func(context.Context, *Report) error) (Report, error) {
	report := newReport()
	began := c.c.Now()
	report.until, report.halted = began.Add(Slice), &c.halted
	for _, part := range parts {
		if err := part(ctx, &report); err != nil {
			return report, err
		}
	}
	report.Took = c.c.Now().Sub(began)
	return report, nil
}

// Halt lets the step that runs, and all later ones, begin no new page or batch.
func (c *Cycle) Halt() { c.halted.Store(true) }

// Poll settles what was sent, and reads what is due. Where announcements may
// not have arrived it stores hints for them, which Follow reads.
func (c *Cycle) Poll(ctx context.Context) (Report, error) {
	return c.step(ctx, c.settle, c.catchUp, c.readDue, c.rediscover, c.meter)
}

// Follow settles what was sent, and reads what services announced.
func (c *Cycle) Follow(ctx context.Context) (Report, error) {
	return c.step(ctx, c.settle, c.follow, c.rediscover)
}

// Census settles what was sent, and takes a census where one is due.
func (c *Cycle) Census(ctx context.Context) (Report, error) {
	return c.step(ctx, c.settle, c.census, c.meter)
}

// Decide evaluates the newest snapshot, unless nothing changed since the last
// evaluation, and keeps the run. The outcome is in the report where something
// was evaluated, and nowhere else: between decisions it need not be in memory.
func (c *Cycle) Decide(ctx context.Context) (Report, error) {
	return c.step(ctx, c.decideBriefly)
}
