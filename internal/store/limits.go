package store

import (
	"context"
	"encoding/json"

	"tandem/internal/work"
)

// limitsKey is the setting that holds how the limits of services stand.
const limitsKey = "limits"

// SaveLimits stores how the limits of all services stand, in place of what was
// stored before. No evaluation looks at it.
func (s *Store) SaveLimits(ctx context.Context, limits []work.LimitState) error {
	const act = "store the limits of the services"
	text, err := encode(limits)
	if err != nil {
		return s.fault(act, err)
	}
	return s.change(ctx, act, normal, func(ctx context.Context, c *change) error { return c.setMeta(ctx, limitsKey, text) })
}

func limitsOf(ctx context.Context, q rower) ([]work.LimitState, error) {
	text, err := metaOf(ctx, q, limitsKey)
	if err != nil || text == "" {
		return nil, err
	}
	var limits []work.LimitState
	if err := json.Unmarshal([]byte(text), &limits); err != nil {
		return nil, damaged(limitsKey, err)
	}
	return limits, nil
}
