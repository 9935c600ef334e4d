package github

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// position is where the list of one repository stands.
type position struct {
	// Since is the lower bound of the list. It stays until something newer was
	// seen, and with it the address that ETag belongs to.
	Since time.Time `json:"since,omitzero"`
	ETag  string    `json:"etag,omitempty"`
	// High is the newest time of change that was seen, Base what it was when
	// Since was set.
	High time.Time `json:"high,omitzero"`
	Base time.Time `json:"base,omitzero"`
	// Next is the address to go on with in the middle of a walk.
	Next string `json:"next,omitempty"`
	// Audience is who may read the repository, Looked when that was read.
	Audience work.Audience `json:"audience,omitempty"`
	Looked   time.Time     `json:"looked,omitzero"`
}

// listing is what the globs of the settings stood for.
type listing struct {
	Patterns string   `json:"patterns"`
	Names    []string `json:"names"`
	// New are those of them that came later than the others.
	New []string  `json:"new,omitempty"`
	At  time.Time `json:"at"`
}

// lost reports whether the listing had repositories of the owner in the scope,
// and the new names have none of them: that says more of the owner's name, or
// of the credentials, than of so many repositories (promise S5).
func (l *listing) lost(owner string, names []string, in func(string) bool) bool {
	if l == nil {
		return false
	}
	theirs := func(name string) bool {
		o, _, _ := strings.Cut(name, "/")
		return strings.EqualFold(o, owner)
	}
	return !slices.ContainsFunc(names, theirs) && slices.ContainsFunc(l.Names, func(n string) bool { return theirs(n) && in(n) })
}

// cursor is where the stream stands.
type cursor struct {
	// Repositories are by full name in lower case.
	Repositories map[string]position `json:"repositories"`
	Listing      *listing            `json:"listing,omitempty"`
	// Types is what was seen of issue types, for those who read by GraphQL.
	Types typing `json:"types,omitempty"`
}

func decodeCursor(c connectors.Cursor) (cursor, error) {
	saved := cursor{}
	if len(c) > 0 {
		if err := json.Unmarshal(c, &saved); err != nil {
			return saved, fmt.Errorf("the stored cursor cannot be read: %w; reset the stream to read everything again", err)
		}
	}
	if saved.Repositories == nil {
		saved.Repositories = map[string]position{}
	}
	return saved, nil
}

func (c cursor) encode() (connectors.Cursor, error) {
	b, err := json.Marshal(c)
	return connectors.Cursor(b), err
}

func (c cursor) of(name string) position     { return c.Repositories[strings.ToLower(name)] }
func (c cursor) set(name string, p position) { c.Repositories[strings.ToLower(name)] = p }

// keepOnly drops repositories that left the scope.
func (c cursor) keepOnly(wanted map[string]bool) {
	for name := range c.Repositories {
		if !wanted[name] {
			delete(c.Repositories, name)
		}
	}
}
