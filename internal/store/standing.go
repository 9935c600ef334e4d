package store

import (
	"context"

	"tandem/internal/engine"
	"tandem/internal/plan"
)

// The keys of meta under which it is kept which rules count.
const (
	inForceKey = "rules_in_force"
	heldKey    = "rules_held"
)

// standingOf returns which rules count.
func standingOf(ctx context.Context, q rower) (plan.Standing, error) {
	inForce, err := metaOf(ctx, q, inForceKey)
	if err != nil {
		return plan.Standing{}, err
	}
	held, err := metaOf(ctx, q, heldKey)
	return plan.Standing{InForce: inForce, Held: held}, err
}

// turn keeps what a run says of rules that changed. The run itself is the
// reason to write the row; nothing else reads it.
func (c *change) turn(ctx context.Context, run *engine.Run) error {
	switch run.Turn {
	case plan.RulesTaken:
		if err := c.setMeta(ctx, inForceKey, run.RulesHash); err != nil {
			return err
		}
		return c.setMeta(ctx, heldKey, "")
	case plan.RulesHeld:
		return c.setMeta(ctx, heldKey, run.RulesHash)
	default:
		return nil
	}
}
