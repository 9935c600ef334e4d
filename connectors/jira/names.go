package jira

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"tandem/internal/work"
)

// naming is what a thing was called when it was first read, and what it is
// called now where that is something else.
type naming struct {
	Name string `json:"name"`
	Now  string `json:"now,omitempty"`
}

// namings are things by kind ("priority", "status", …, "field") and id.
type namings map[string]map[string]naming

// nameBook remembers names by id. Somebody renames a priority, or the account
// changes its language: records go on with the names that rules know, and a
// person is told once. The cursor of the issues carries it over restarts.
type nameBook struct {
	mu    sync.Mutex
	known namings
	// spelled are the values that rules name, by native field. A new name that
	// stands there, where the old one does not, is taken over.
	spelled map[string][]string
	found   []work.Finding
}

// fieldKind is the kind under which custom fields stand in the book.
const fieldKind = "field"

// namedKinds are the fields whose values have ids and names that are
// translated, by native name, which is Jira's too.
func namedKinds() []string { return []string{"priority", statusField, "issuetype", "resolution"} }

// load adds what an earlier process knew; it knew it first. It reports whether
// records were read under other names before it was asked.
func (b *nameBook) load(earlier namings) (differs bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for kind, all := range earlier {
		for id, n := range all {
			have, ok := b.known[kind][id]
			differs = differs || ok && have.Name != n.Name
			b.put(kind, id, n)
		}
	}
	return differs
}

func (b *nameBook) put(kind, id string, n naming) {
	if b.known == nil {
		b.known = namings{}
	}
	if b.known[kind] == nil {
		b.known[kind] = map[string]naming{}
	}
	b.known[kind][id] = n
}

// saved returns a copy, for a cursor.
func (b *nameBook) saved() namings {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make(namings, len(b.known))
	for kind, names := range b.known {
		all[kind] = maps.Clone(names)
	}
	return all
}

// follow returns the name that rules know for an id that is called name now.
func (b *nameBook) follow(kind, id, name string) string {
	if b == nil || id == "" || name == "" {
		return name
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	n, ok := b.known[kind][id]
	before := n
	switch {
	case !ok, b.inRules(kind, name) && !b.inRules(kind, n.Name):
		n = naming{Name: name}
	case n.Name == name:
		n.Now = ""
	case n.Now != name:
		n.Now = name
		b.found = append(b.found, renamed(kind, id, n))
	}
	if !ok || n != before {
		b.put(kind, id, n)
	}
	return n.Name
}

// called returns the name that rules know for an id, without learning anything
// from what an old entry of a changelog calls it.
func (b *nameBook) called(kind, id, name string) string {
	if b == nil || id == "" {
		return name
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if n, ok := b.known[kind][id]; ok {
		return n.Name
	}
	return name
}

// idOf returns the id of what was first read under a name.
func (b *nameBook) idOf(kind, name string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(b.known[kind])) {
		if strings.EqualFold(b.known[kind][id].Name, name) {
			return id, true
		}
	}
	return "", false
}

// adopt takes the name of a thing over, whatever it was called before.
func (b *nameBook) adopt(kind, id, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(kind, id, naming{Name: name})
}

func (b *nameBook) inRules(kind, name string) bool {
	return slices.ContainsFunc(b.spelled[kind], func(s string) bool { return strings.EqualFold(s, name) })
}

// take returns the findings since the last call.
func (b *nameBook) take() []work.Finding {
	b.mu.Lock()
	defer b.mu.Unlock()
	found := b.found
	b.found = nil
	return found
}

func renamed(kind, id string, n naming) work.Finding {
	return work.Finding{
		Level: work.Note, Subject: kind + " " + n.Name,
		What:   fmt.Sprintf("%q (id %s) is called %q now, because it was renamed or the account has another language", n.Name, id, n.Now),
		Remedy: "nothing needs to be done: it is followed by its id, and rules go on with the old name until they have the new one",
	}
}

// follow gives values the names that rules know.
func (d decoder) follow(fields map[string]json.RawMessage, values map[string]work.Value) {
	for _, kind := range namedKinds() {
		var n named
		if v, ok := values[kind]; ok && v.Present() && json.Unmarshal(fields[kind], &n) == nil {
			values[kind] = work.NewText(d.names.follow(kind, string(n.ID), n.Name))
		}
	}
}
