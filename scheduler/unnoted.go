package scheduler

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// unnoted are failures of reads that the store could not take down, causes by
// connector and stream. Until it does, what is stored says that the connector
// could be read, and nothing is written there (promise S5).
type unnoted struct {
	mu     sync.Mutex
	causes map[string]map[string]string
}

// add remembers a failure.
func (u *unnoted) add(connector, stream, cause string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.causes == nil {
		u.causes = map[string]map[string]string{}
	}
	if u.causes[connector] == nil {
		u.causes[connector] = map[string]string{}
	}
	u.causes[connector][stream] = cause
}

// drop forgets a failure that is stored, or over.
func (u *unnoted) drop(connector, stream string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.causes[connector], stream)
}

// of returns the failures of a connector.
func (u *unnoted) of(connector string) map[string]string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return maps.Clone(u.causes[connector])
}

// failed notes that a stream could not be read.
func (c *Cycle) failed(ctx context.Context, connector, stream, cause string) error {
	err := c.c.Store.SaveFailure(ctx, connector, stream, cause)
	if err != nil {
		c.unnoted.add(connector, stream, cause)
		return err
	}
	c.unnoted.drop(connector, stream)
	return nil
}

// noteFailures stores what could not be noted before.
func (c *Cycle) noteFailures(ctx context.Context, connector string) error {
	causes := c.unnoted.of(connector)
	for _, stream := range slices.Sorted(maps.Keys(causes)) {
		if err := c.failed(ctx, connector, stream, causes[stream]); err != nil {
			return err
		}
	}
	return nil
}

// unread reports whether a connector could not be read and the store does not
// know it.
func (c *Cycle) unread(connector string) bool { return len(c.unnoted.of(connector)) > 0 }
