package view

import (
	"sync"

	"tandem/internal/work"
)

// recall remembers what was found out about one decision, for all who see as
// much: with 100,000 items nobody goes through them for each page.
type recall struct {
	mu    sync.Mutex
	known map[question]any
}

// question is what was asked, and by whom.
type question struct {
	what, of string
	audience work.Audience
}

// mostKnown bounds how much is remembered of one decision.
const mostKnown = 200

// mostRecalled is the longest list that is remembered: pages show no more.
const mostRecalled = 20

// recalled returns what make finds out, from memory where it was asked before.
// Nobody may change it.
func recalled[T any](l *lens, what, of string, find func() (T, error)) (T, error) {
	r, q := &l.recall, question{what, of, l.who.Audience}
	r.mu.Lock()
	found, ok := r.known[q].(T)
	r.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := find()
	if err != nil {
		return found, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= mostKnown {
		r.known = map[question]any{}
	}
	r.known[q] = found
	return found, nil
}
