package scheduler

import (
	"context"
	"fmt"
	"slices"

	"tandem/internal/work"
)

// meter keeps how the limits of the services stand, so that people see it. A
// cycle that was free, as most are, stores nothing.
func (c *Cycle) meter(ctx context.Context) error {
	var all []work.LimitState
	for _, live := range c.c.Connectors {
		if live.Conn.Meter == nil {
			continue
		}
		for _, state := range live.Conn.Meter.Limits() {
			state.Connector = live.Name
			all = append(all, state)
		}
	}
	if len(all) == 0 || slices.Equal(all, c.metered) {
		return nil
	}
	if err := c.c.Store.SaveLimits(ctx, all); err != nil {
		return fmt.Errorf("note the limits: %w", err)
	}
	c.metered = all
	return nil
}
