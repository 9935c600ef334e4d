package sim

import (
	"cmp"
	"maps"
	"slices"
	"sync"
)

// Count says how often a route was called.
type Count struct {
	Connector, Method, Route string
	// Calls counts what arrived; Faults counts those that a fault touched.
	Calls, Faults int
	// Status counts the answers that were sent, by status.
	Status map[int]int
}

type routeKey struct{ method, route string }

// counter counts calls by method and route template.
type counter struct {
	mu     sync.Mutex
	counts map[routeKey]*Count
}

func (c *counter) add(connector, method, route string, status int, faulty bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := routeKey{method, route}
	n := c.counts[key]
	if n == nil {
		n = &Count{Connector: connector, Method: method, Route: route, Status: map[int]int{}}
		if c.counts == nil {
			c.counts = map[routeKey]*Count{}
		}
		c.counts[key] = n
	}
	n.Calls++
	if faulty {
		n.Faults++
	}
	if status > 0 {
		n.Status[status]++
	}
}

func (c *counter) list() []Count {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Count, 0, len(c.counts))
	for _, n := range c.counts {
		own := *n
		own.Status = maps.Clone(n.Status)
		all = append(all, own)
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method))
	})
	return all
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts = nil
}
