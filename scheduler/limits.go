package scheduler

import (
	"context"
	"fmt"
	"slices"
)

// meter keeps how the limits of the services stand, so that people see it. A
// cycle that was free, as most are, stores nothing.
func (c *Cycle) meter(ctx context.Context, _ *Report) error {
	for _, live := range c.c.Connectors {
		if live.Conn.Meter == nil {
			continue
		}
		states := live.Conn.Meter.Limits()
		for i := range states {
			states[i].Connector = live.Name
		}
		if len(states) == 0 || slices.Equal(states, c.metered[live.Name]) {
			continue
		}
		if err := c.c.Store.SaveLimits(ctx, live.Name, states); err != nil {
			return fmt.Errorf("note the limits of %s: %w", live.Name, err)
		}
		c.metered[live.Name] = slices.Clone(states)
	}
	return nil
}
