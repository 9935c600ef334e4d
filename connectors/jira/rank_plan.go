package jira

import (
	"context"
	"slices"
	"time"

	"tandem/internal/work"
)

// planTrust is how long the reading of a backlog, or the last confirmed move
// in it, is good for further moves.
const planTrust = time.Minute

// plan is one backlog while the moves of a plan are made: as it was found, and
// with our moves since.
type plan struct {
	expect string
	order  []string
	at     time.Time
	// foreign tells that it was not as expected from the start.
	foreign bool
	// lost are issues that are not where the plan wanted them: nothing can
	// follow them.
	lost map[string]bool
	// fault says why nothing more of this plan is moved; mostly empty.
	fault string
}

// planOf returns the backlog that the first move of a plan found, or reads it.
// A plan whose last move is long ago is nil: what happened since nobody knows.
func (s *site) planOf(ctx context.Context, scope, expect string) (*plan, error) {
	p := s.ranks.plans[scope]
	if p != nil && p.expect == expect {
		switch fresh := work.Fresh(p.at, s.now(), planTrust); {
		case fresh:
			return p, nil
		case !p.foreign && p.fingerprint() != expect:
			delete(s.ranks.plans, scope)
			return nil, nil
		}
	}
	ids, err := s.readOrder(ctx, scope)
	if err != nil {
		return nil, err
	}
	p = &plan{expect: expect, order: ids, at: s.now(), lost: map[string]bool{}}
	if p.foreign = p.fingerprint() != expect; p.foreign {
		s.ranks.disputed(scope, p.at)
	}
	s.ranks.plans[scope] = p
	return p, nil
}

func (p *plan) fingerprint() string { return work.Order{IDs: p.order}.Fingerprint() }

// has reports whether all ids are in the backlog.
func (p *plan) has(ids ...string) bool {
	for _, id := range ids {
		if !slices.Contains(p.order, id) {
			return false
		}
	}
	return true
}

// stands reports whether an issue is directly beside the anchor already.
func (p *plan) stands(id string, a work.Anchor) bool {
	i, at := slices.Index(p.order, id), slices.Index(p.order, a.ID)
	if a.Before {
		return i >= 0 && at == i+1
	}
	return i >= 0 && at >= 0 && i == at+1
}

// with returns the backlog after a run was put beside the anchor.
func (p *plan) with(run []string, a work.Anchor) []string {
	order := slices.DeleteFunc(slices.Clone(p.order), func(id string) bool { return slices.Contains(run, id) })
	at := slices.Index(order, a.ID)
	if !a.Before {
		at++
	}
	return slices.Insert(order, at, run...)
}

// around returns the neighbours of a run that stands together in an order;
// empty at its ends.
func around(order, run []string) (before, after string) {
	if i := slices.Index(order, run[0]); i > 0 {
		before = order[i-1]
	}
	if i := slices.Index(order, run[len(run)-1]); i+1 < len(order) {
		after = order[i+1]
	}
	return before, after
}
