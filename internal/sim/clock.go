package sim

import (
	"sync"
	"time"
)

// Clock is a settable clock. Its Now is what stand-ins take as their clock.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock returns a clock that stands still at the given time.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// Now returns the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves the clock to a time.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Advance moves the clock by a duration and returns the new time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return c.at
}
