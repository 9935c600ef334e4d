package store

import (
	"context"
	"encoding/json"
	"slices"

	"tandem/internal/work"
)

// limitsKey is the setting that holds how the limits of services stand.
const limitsKey = "limits"

// SaveLimits stores how the limits of a connector's service stand, in place of
// what was stored of it before. No evaluation looks at it.
func (s *Store) SaveLimits(ctx context.Context, connector string, limits []work.LimitState) error {
	return s.change(ctx, "store the limits of "+connector, normal, func(ctx context.Context, c *change) error {
		all, err := limitsOf(ctx, c)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(l work.LimitState) bool { return l.Connector == connector })
		text, err := encode(append(all, limits...))
		if err != nil {
			return err
		}
		return c.setMeta(ctx, limitsKey, text)
	})
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
