package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
)

const (
	// hintsAtOnce is how many records are read in one call because of hints.
	hintsAtOnce = 100
	// hintCalls is how many such calls one cycle makes at most.
	hintCalls = 100
	// hintsRest is how long a service is left alone that could not be asked for
	// what it announced.
	hintsRest = 10 * time.Second
)

// follow reads by id what services announced. A hint is only a reason to read:
// what counts is what the service answers now, so deliveries may come twice,
// late, or in any order. Where the read fails they stay, and polls go on.
func (c *Cycle) follow(ctx context.Context, report *Report) error {
	for _, live := range c.c.Connectors {
		if live.Failure == nil && live.Conn.Mailbox != nil {
			if err := c.unpack(ctx, live, report); err != nil {
				return fmt.Errorf("unpack deliveries to %s: %w", live.Name, err)
			}
		}
		if c.unsettled[live.Name] {
			c.hintsAgain = c.c.Now().Add(hintsRest)
			continue
		}
		if live.Failure != nil || live.Conn.Inbox == nil {
			continue
		}
		if err := c.followAll(ctx, live, report); err != nil {
			return fmt.Errorf("follow hints of %s: %w", live.Name, err)
		}
	}
	return nil
}

func (c *Cycle) followAll(ctx context.Context, live Live, report *Report) error {
	for call := range hintCalls {
		if call > 0 && report.over(c.c.Now()) {
			return nil
		}
		h, err := c.c.Store.Hints(ctx, live.Name, hintsAtOnce)
		if err != nil {
			return err
		}
		c.polls[live.Name] = h.Poll
		if len(h.Refs) == 0 || live.Conn.Reader == nil {
			return nil // what cannot be read by id is polled
		}
		answered, records, err := c.fetch(ctx, live, h.Refs)
		if err != nil {
			c.c.Log.Warn("what was announced could not be read; it is tried again", "connector", live.Name, "count", len(h.Refs), "err", err)
			c.hintsAgain = c.c.Now().Add(hintsRest)
			return nil
		}
		saved, err := c.c.Store.SaveHinted(ctx, live.Name, h.Last, answered, records)
		if err != nil {
			return err
		}
		c.meets(live.Name, saved)
		report.Hinted += len(h.Refs)
		if len(h.Refs) < hintsAtOnce {
			return nil
		}
	}
	return nil
}

// polled ends a reason to poll once the streams that it is about were read.
func (c *Cycle) polled(ctx context.Context, live Live, read []connectors.Stream) error {
	poll := c.polls[live.Name]
	main := shortest(live.Streams)
	for _, s := range live.Streams {
		wanted := s.Every == main
		if poll == 0 || wanted && !slices.ContainsFunc(read, func(r connectors.Stream) bool { return r.Name == s.Name }) {
			return nil
		}
	}
	c.polls[live.Name] = 0
	return c.c.Store.SavePolled(ctx, live.Name, poll)
}
