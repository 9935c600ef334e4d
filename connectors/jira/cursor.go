package jira

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
)

// cursor is what a page leaves behind.
type cursor struct {
	// Scope is a fingerprint of what is read. Another scope starts anew: old
	// issues of a new project would otherwise never come.
	Scope string `json:"scope"`
	// Updated is the newest change that finished walks have seen.
	Updated time.Time `json:"updated,omitzero"`
	// UpdatedAt is when, by our clock, Updated moved. Settled tells that a
	// whole walk long after that found nothing newer: no overlap is needed.
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	Settled   bool      `json:"settled,omitempty"`
	// Lag is how long, in seconds, the last walk took: what changed meanwhile
	// may have moved behind its back.
	Lag int `json:"lag,omitempty"`
	// Zone is the account's time zone, and ZoneAt when it was asked for.
	Zone   string    `json:"zone,omitempty"`
	ZoneAt time.Time `json:"zone_at,omitzero"`
	// Walk is the walk that a killed poll goes on with.
	Walk *unfinished `json:"walk,omitempty"`
}

// unfinished is a walk between two pages.
type unfinished struct {
	Token string `json:"token"`
	// Since is the lower bound as it was asked for: a token belongs to its
	// query.
	Since string `json:"since,omitempty"`
	// Began is when, by our clock, the walk began.
	Began time.Time `json:"began"`
	// Seen is the newest change on its pages so far.
	Seen time.Time `json:"seen,omitzero"`
}

// settleAfter is how long nothing newer must have come before the overlap is
// given up. After a bulk change of thousands of issues each poll would
// otherwise read them all again, until somebody touches something.
const settleAfter = time.Hour

// parseCursor reads a cursor of the same scope. Anything else is the
// beginning: reading too much is harmless.
func parseCursor(from connectors.Cursor, scope string) cursor {
	var c cursor
	if len(from) == 0 || json.Unmarshal(from, &c) != nil || c.Scope != scope {
		return cursor{Scope: scope}
	}
	return c
}

func (c cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write cursor: %w", err)
	}
	return b, nil
}

// bound is where the next walk starts; the zero time is the beginning.
func (c cursor) bound(overlap time.Duration) time.Time {
	if c.Updated.IsZero() {
		return time.Time{}
	}
	if c.Settled {
		return c.Updated
	}
	return c.Updated.Add(-overlap - time.Duration(c.Lag)*time.Second)
}

// finish closes the walk.
func (c cursor) finish(now time.Time, overlap time.Duration) cursor {
	w := *c.Walk
	c.Walk = nil
	c.Lag = 0
	if took := now.Sub(w.Began); took >= time.Minute {
		c.Lag = int(took / time.Second)
	}
	switch {
	case w.Seen.After(c.Updated):
		c.Updated, c.UpdatedAt, c.Settled = w.Seen, now, false
	case c.Lag == 0 && !c.Updated.IsZero():
		c.Settled = c.Settled || w.Began.Sub(c.UpdatedAt) >= max(settleAfter, 2*overlap)
	}
	return c
}

// scopeOf is a fingerprint of what is read: the site, the projects, the
// restriction, the fields, and the form that this version reads them in.
func scopeOf(c Config, wanted []string) string {
	const form = 1
	b, err := json.Marshal([]any{form, c.base(), sorted(c.Projects), c.Where, sorted(wanted)})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

func sorted(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
