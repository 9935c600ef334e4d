package github

import (
	"sync"
	"time"
)

// The sizes of GraphQL requests: how many issues are asked for, and how many
// mutations are made, in one. Both shrink where the service cannot follow, and
// stay small for as long as the process lives.
const (
	mostLookedUp  = 100
	leastLookedUp = 10
	mostMutations = 20
)

// graph is how the GraphQL interface behaves for these credentials.
type graph struct {
	*budget

	mu       sync.Mutex
	lookedUp int
	mutated  int
	shortIDs bool
	// missing is until when the interface is believed not to be had.
	missing time.Time
}

// missingFor is how long an interface that was not to be had is left alone.
const missingFor = time.Hour

func (g *graph) size() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lookedUp == 0 {
		g.lookedUp = mostLookedUp
	}
	return g.lookedUp
}

// shrink halves the size of look-ups; false where it is at the least.
func (g *graph) shrink() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.lookedUp <= leastLookedUp {
		return false
	}
	g.lookedUp = max(g.lookedUp/2, leastLookedUp)
	return true
}

// mutations is how many mutations go into one request.
func (g *graph) mutations() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mutated == 0 {
		g.mutated = mostMutations
	}
	return g.mutated
}

// lighten halves the number of mutations; false where it is one.
func (g *graph) lighten() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.mutated == 1 {
		return false
	}
	g.mutated = max(g.mutated/2, 1)
	return true
}

// absent notes that the interface is not to be had, and reports it.
func (g *graph) absent() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now().Before(g.missing)
}

func (g *graph) giveUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.missing = g.now().Add(missingFor)
}

// short reports whether the server knows only ids of 32 bits.
func (g *graph) short() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shortIDs
}

func (g *graph) shorten() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shortIDs = true
}
