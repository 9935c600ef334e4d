package jira

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tandem/connectors"
)

// rankCursor is what the stream of backlogs leaves behind: the order of each
// scope that was handed out last. It is no truth, only what the next answer is
// compared with.
type rankCursor struct {
	Form   int                   `json:"form"`
	Scopes map[string]*seenOrder `json:"scopes"`
}

// seenOrder is one backlog as it was handed out.
type seenOrder struct {
	IDs []string `json:"ids"`
	// At is when, by our clock, the search last showed it.
	At time.Time `json:"at"`
	// Doubt is since when the search and the issues' own ranks disagree.
	Doubt time.Time `json:"doubt,omitzero"`
}

const rankForm = 1

// doubtFor is how long the search may contradict the issues before somebody
// should know. Balancing the ranks of a large site takes hours.
const doubtFor = 6 * time.Hour

func parseRankCursor(from connectors.Cursor) rankCursor {
	var c rankCursor
	if len(from) == 0 || json.Unmarshal(from, &c) != nil || c.Form != rankForm || c.Scopes == nil {
		c = rankCursor{Form: rankForm, Scopes: map[string]*seenOrder{}}
	}
	return c
}

// keep drops what is no longer in scope.
func (c rankCursor) keep(projects []string) {
	for scope := range c.Scopes {
		if !slices.Contains(projects, scope) {
			delete(c.Scopes, scope)
		}
	}
}

func (c rankCursor) encode() (connectors.Cursor, error) {
	for scope, seen := range c.Scopes {
		if seen == nil {
			delete(c.Scopes, scope)
		}
	}
	b, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("write cursor: %w", err)
	}
	return b, nil
}

// doubted notes that an answer was not believed. After long it is an error.
func (o *seenOrder) doubted(now time.Time, why string) (*seenOrder, error) {
	next := seenOrder{Doubt: now}
	if o != nil {
		next = *o
	}
	if next.Doubt.IsZero() {
		next.Doubt = now
	}
	if now.Sub(next.Doubt) < doubtFor {
		return &next, nil
	}
	return &next, fmt.Errorf("for %s the search shows another order than the issues' own ranks (%s); if Jira is not balancing its ranks just now, let an administrator index the project again", now.Sub(next.Doubt).Round(time.Minute), why)
}
