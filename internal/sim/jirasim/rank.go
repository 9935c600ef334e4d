package jirasim

import (
	"slices"

	"tandem/internal/sim"
)

// after returns a rank behind all issues. Callers hold the lock.
func (s *Site) after() string {
	highest := ""
	for e := range s.ranks.Down(s.ranks.Len()) {
		highest = e.Rank
		break
	}
	return between(highest, "", 1)[0]
}

// reorder puts the issues, in their order, directly before or behind the
// anchor and returns what changed. Callers hold the lock.
func (s *Site) reorder(moved []*entry, anchor *entry, before bool, by string) []sim.Effect {
	moving := map[int64]bool{}
	var order []int64
	for _, e := range moved {
		// Relative to itself is accepted, without effect.
		if e.ID != anchor.ID && !moving[e.ID] {
			moving[e.ID] = true
			order = append(order, e.ID)
		}
	}
	if len(order) == 0 {
		return nil
	}
	low, high := s.gap(moving, s.current[anchor.ID], before)
	var effects []sim.Effect
	for n, rank := range between(low, high, len(order)) {
		effects = append(effects, s.change(s.current[order[n]], by, nil, func(i *Issue) { i.Rank = rank })...)
	}
	return effects
}

// gap returns the ranks that enclose the place next to the anchor, among the
// issues that stay.
func (s *Site) gap(moving map[int64]bool, anchor *entry, before bool) (low, high string) {
	if before {
		for e := range s.ranks.Down(s.ranks.Position(func(e *entry) bool { return compareRanks(e, anchor) >= 0 })) {
			if !moving[e.ID] && e.Rank < anchor.Rank {
				return e.Rank, anchor.Rank
			}
		}
		return "", anchor.Rank
	}
	for e := range s.ranks.Up(s.ranks.Position(func(e *entry) bool { return compareRanks(e, anchor) > 0 })) {
		if !moving[e.ID] && e.Rank > anchor.Rank {
			return anchor.Rank, e.Rank
		}
	}
	return anchor.Rank, ""
}

// Rebalance moves the ranks of all issues to the next bucket, evenly and in
// the same order, as the service does by itself from time to time. It leaves
// `updated` and the changelog alone. The search learns of it as late as of
// anything else; a walk by rank that goes on over it may meet issues again, or
// miss the rest when the buckets begin anew.
func (s *Site) Rebalance() {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(s.ranks.Up(0))
	if len(all) == 0 {
		return
	}
	next := map[string]string{"0": "1", "1": "2"}[bucket(all[len(all)-1].Rank)]
	if next == "" {
		next = "0"
	}
	for n, rank := range spread(next, len(all)) {
		moved := all[n].clone()
		moved.Rank = rank
		s.store(moved)
	}
}

// StumbleRank makes the next attempt to rank each of the issues fail with 503
// while others of the same call are ranked, once.
func (s *Site) StumbleRank(keys ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		if e := s.find(key); e != nil {
			s.unranked[e.ID] = true
		}
	}
}

// Place is a side of an anchor.
type Place string

// The sides of an anchor.
const (
	Before Place = "before"
	After  Place = "after"
)

// Drag puts one issue before or after another one, as a person does.
func (s *Site) Drag(by, key string, place Place, anchor string) error {
	if place == Before {
		return s.Rank(by, []string{key}, anchor, "")
	}
	return s.Rank(by, []string{key}, "", anchor)
}
