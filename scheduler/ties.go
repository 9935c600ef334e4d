package scheduler

import (
	"context"
	"fmt"
	"time"
)

// tieAtMost is how long one step ties feedback anew: with what else it does it
// ends before its job counts as lost.
const tieAtMost = 20 * time.Second

// tie ties feedback to work and to people as the rules say, where they changed.
// It reports false where its slice was over before: nothing is decided then, on
// links of which some follow the old rules and some the new.
func (c *Cycle) tie(ctx context.Context, report *Report) (bool, error) {
	most := time.Duration(0)
	if !report.until.IsZero() {
		most = tieAtMost
	}
	by := c.c.Rules.Evidence()
	whole, err := c.c.Store.Rejoin(ctx, by.Join(), most)
	if err == nil && whole {
		whole, err = c.c.Store.Relink(ctx, c.c.Rules.LinkHash(), by, most)
	}
	if err != nil {
		return false, fmt.Errorf("tie feedback to items: %w", err)
	}
	if !whole {
		report.More = true
	}
	return whole, nil
}
