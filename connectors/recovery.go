package connectors

import (
	"context"

	"tandem/internal/work"
)

// Recovery finds announcements that never arrived, in the service's own list of
// what it tried to deliver. A connector without it waits for its polls and for
// the census.
type Recovery interface {
	// Missed returns what became known since the cursor of the last call; the
	// empty one is as far back as the service remembers. It changes nothing.
	// Where the credentials may not see deliveries, it says so in a finding:
	// that is no error, since polls go on.
	Missed(ctx context.Context, from Cursor) (Missed, error)
}

// Missed is what did not arrive.
type Missed struct {
	// Hints are those of whole deliveries, one after the other: all hints of
	// one stand together.
	Hints    []Hint
	Findings []work.Finding
	// Cursor is where the next call goes on; empty where nothing was looked at.
	Cursor Cursor
	// More reports that there is more than one call takes.
	More bool
}
