package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
)

const (
	// missedEvery is how often services are asked for announcements that did
	// not arrive; the first time is when the process starts.
	missedEvery = time.Hour
	// missedStream is the name under which it is stored how far they were asked.
	missedStream = "deliveries"
)

// catchUp stores hints for what services announced while nobody listened, as if
// it had arrived.
func (c *Cycle) catchUp(ctx context.Context, report *Report) error {
	for _, live := range c.c.Connectors {
		if live.Failure != nil {
			continue
		}
		if err := c.catchUpOn(ctx, live, report); err != nil {
			return fmt.Errorf("catch up on %s: %w", live.Name, err)
		}
	}
	return nil
}

// catchUpOn asks one service. A failure is told, and tried again later: polls
// and the census find the same, more slowly.
func (c *Cycle) catchUpOn(ctx context.Context, live Live, report *Report) error {
	now := c.c.Now()
	if live.Conn.Recovery == nil || now.Before(c.missed[live.Name]) || c.waits.limited(live.Name, now) {
		return nil
	}
	if c.missed == nil {
		c.missed = map[string]time.Time{}
	}
	c.missed[live.Name] = now.Add(missedEvery)
	from, err := c.c.Store.Cursor(ctx, live.Name, missedStream)
	if err != nil {
		return err
	}
	found, err := live.Conn.Recovery.Missed(ctx, from)
	switch {
	case err != nil && ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		c.waits.heard(live.Name, err)
		c.c.Log.Warn("announcements that did not arrive could not be looked up; polls go on", "connector", live.Name, "err", err)
		return nil
	}
	report.noticed(found.Findings)
	for _, f := range found.Findings {
		c.c.Log.Warn("noticed while looking for announcements that did not arrive", "connector", live.Name, "ref", f.Subject, "err", f.What+"; "+f.Remedy)
	}
	for hints := found.Hints; len(hints) > 0; {
		n := slices.IndexFunc(hints, func(h connectors.Hint) bool { return h.Delivery != hints[0].Delivery })
		if n < 0 {
			n = len(hints)
		}
		if _, err := c.c.Store.SaveHints(ctx, live.Name, hints[0].Delivery, hints[:n]); err != nil {
			return err
		}
		hints = hints[n:]
	}
	if found.More {
		c.missed[live.Name] = now
	}
	if len(found.Cursor) == 0 {
		return nil
	}
	if _, err := c.c.Store.SavePage(ctx, live.Name, missedStream, connectors.Page{Cursor: found.Cursor}, nil); err != nil {
		return fmt.Errorf("note what did not arrive: %w", err)
	}
	return nil
}
