package api

import (
	"time"

	"tandem/internal/door"
)

// limits are how often somebody may ask.
type limits struct {
	// remote is by address, before anything is known of a client; token is by
	// its name; failed are wrong tokens, by address.
	remote, token, failed *door.Limiter
}

func newLimits(now func() time.Time) limits {
	return limits{
		remote: door.NewLimiter(now, 50, 200), token: door.NewLimiter(now, 20, 100), failed: door.NewLimiter(now, 0.2, 20),
	}
}
