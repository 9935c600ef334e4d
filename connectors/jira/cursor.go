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
	// Base is what Updated was when the last wide walk ended: the next one
	// looks back from there.
	Base time.Time `json:"base,omitzero"`
	// NewsAt is when, by our clock, something new last came, be it newer than
	// all or only late. Settled tells that a wide walk long after that found
	// nothing: no overlap is needed.
	NewsAt  time.Time `json:"news_at,omitzero"`
	Settled bool      `json:"settled,omitempty"`
	// WideAt is when the last wide walk began, if it took more than one page.
	WideAt time.Time `json:"wide_at,omitzero"`
	// Lag is how long, in seconds, a walk took since the last wide one: what
	// changed meanwhile may have moved behind its back.
	Lag int `json:"lag,omitempty"`
	// Ledger is what was read within the overlap. Cut tells that it could not
	// hold everything.
	Ledger ledger `json:"ledger,omitempty"`
	Cut    bool   `json:"cut,omitempty"`
	// Names are what things were called when they were first read. They outlive
	// a change of the scope, as long as Site is the same.
	Names namings `json:"names,omitempty"`
	Site  string  `json:"site,omitempty"`
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
	// Wide walks look back by the overlap, narrow ones only to the newest
	// change.
	Wide bool `json:"wide,omitempty"`
	// Pages is how many pages came, News whether anything new stood on them.
	Pages int  `json:"pages,omitempty"`
	News  bool `json:"news,omitempty"`
}

// settleAfter is how long nothing new must have come before the overlap is
// given up.
const settleAfter = time.Hour

// parseCursor reads a cursor of the same scope. Anything else is the
// beginning: reading too much is harmless.
func parseCursor(from connectors.Cursor, scope, site string) cursor {
	var c cursor
	if len(from) == 0 || json.Unmarshal(from, &c) != nil || c.Site != site {
		return cursor{Scope: scope, Site: site}
	}
	if c.Scope != scope {
		return cursor{Scope: scope, Site: site, Names: c.Names}
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

// bound is where the next walk starts; the zero time is the beginning. After a
// change of thousands of issues each wide walk reads them all again. So where
// one takes more than a page, the next waits as long as nothing new has come:
// for a minute, for two, for four. Narrow walks lie in between.
func (c cursor) bound(now time.Time, overlap time.Duration) (from time.Time, wide bool) {
	switch {
	case c.Updated.IsZero():
		return time.Time{}, true
	case c.Settled, !c.WideAt.IsZero() && now.Sub(c.WideAt) < c.WideAt.Sub(c.NewsAt):
		return c.Updated, false
	default:
		return c.reach(c.Base, overlap), true
	}
}

// reach is how far a wide walk looks back.
func (c cursor) reach(from time.Time, overlap time.Duration) time.Time {
	return from.Add(-overlap - time.Duration(c.Lag)*time.Second)
}

// finish closes the walk.
func (c cursor) finish(now time.Time, overlap time.Duration) cursor {
	w := *c.Walk
	c.Walk = nil
	if w.Wide {
		c.Lag = 0
	}
	if took := now.Sub(w.Began); took >= time.Minute {
		c.Lag = max(c.Lag, int(took/time.Second))
	}
	switch {
	case w.Seen.After(c.Updated):
		if c.Settled {
			c.Base = w.Seen
		}
		c.Updated, c.NewsAt, c.Settled = w.Seen, now, false
	case w.News && !c.Cut:
		c.NewsAt, c.Settled = now, false
	case w.Wide && c.Lag == 0 && !c.Updated.IsZero():
		c.Settled = w.Began.Sub(c.NewsAt) >= max(settleAfter, 2*overlap)
	}
	if w.Wide {
		c.Base, c.WideAt = c.Updated, time.Time{}
		if w.Pages > 1 {
			c.WideAt = w.Began
		}
	}
	return c.prune(overlap)
}

// prune forgets what no wide walk will meet again.
func (c cursor) prune(overlap time.Duration) cursor {
	from := c.reach(c.Base, overlap)
	if w := c.Walk; w != nil && w.Wide && w.Seen.After(c.Updated) {
		from = c.reach(w.Seen, overlap)
	}
	c.Ledger, c.Cut = c.Ledger.since(from.Add(-2 * time.Minute)) // bounds are minutes
	return c
}

// scopeOf is a fingerprint of what is read: the site, the projects, the
// restriction, what rules want, and the form that this version reads them in.
func scopeOf(c Config, wanted ...[]string) string {
	const form = 2
	all := []any{form, c.base(), sorted(c.Projects), c.Where}
	for _, list := range wanted {
		all = append(all, sorted(list))
	}
	b, err := json.Marshal(all)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

func sorted(list []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(list)))
}
