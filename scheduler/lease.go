package scheduler

import (
	"context"
	"time"

	"tandem/internal/work"
)

// Leases decide which node does what, where several work on one store (design
// §5). Moments are those of the store's clock, so that nodes with clocks of
// their own agree.
type Leases interface {
	// Acquire takes a duty for a span, or renews it. It reports false where
	// another node has it and is not late. A duty that changes its node gets a
	// new token, and in the same transaction whatever the last node had begun
	// there counts as unknown: it is read back before anything else (promise S9).
	Acquire(ctx context.Context, duty, node string, span time.Duration) (work.Lease, bool, error)
	// Yield gives a lease back, so that another node need not wait. One that is
	// lost already is none of our business.
	Yield(ctx context.Context, lease work.Lease) error
	// Held lists the leases that have not expired, by duty.
	Held(ctx context.Context) ([]work.Lease, error)
	// Beat notes that a node is alive for a span, and returns all that are,
	// sorted.
	Beat(ctx context.Context, node string, span time.Duration) ([]string, error)
}
