package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// editMeta says what can be written at issues of one project and type: what
// stands on the edit screen, and which values it takes.
type editMeta struct {
	Fields map[string]fieldMeta `json:"fields"`
}

type fieldMeta struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Schema   struct {
		Type   string `json:"type"`
		Items  string `json:"items"`
		Custom string `json:"custom"`
	} `json:"schema"`
	Operations []string          `json:"operations"`
	Allowed    []json.RawMessage `json:"allowedValues"`
	// names are those that rules know: a value may have been renamed since, or
	// the account has another language.
	names *nameBook
}

func (m fieldMeta) label() string { return cmp.Or(m.Name, "the field") }

// takes reports whether the field can be changed by the verb. A screen that
// tells no verbs forbids none.
func (m fieldMeta) takes(verb string) bool {
	return len(m.Operations) == 0 || slices.Contains(m.Operations, verb)
}

// choice is one allowed value: an option with the ones below it, a version, a
// component, a priority.
type choice struct {
	named
	Archived bool     `json:"archived"`
	Disabled bool     `json:"disabled"`
	Children []choice `json:"children"`
}

// choices returns the allowed values that are understood and can be chosen.
func (m fieldMeta) choices() []choice {
	var all []choice
	for _, raw := range m.Allowed {
		var c choice
		if json.Unmarshal(raw, &c) == nil && !c.Archived && !c.Disabled {
			if slices.Contains(namedKinds(), m.Schema.Type) {
				c.Name = m.names.follow(m.Schema.Type, string(c.ID), c.Name)
			}
			all = append(all, c)
		}
	}
	return all
}

// pick finds a value by its name, in its exact spelling first.
func pick(all []choice, text string) (choice, bool) {
	for _, equal := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		if i := slices.IndexFunc(all, func(c choice) bool { return equal(c.text(), text) }); i >= 0 {
			return all[i], true
		}
	}
	return choice{}, false
}

func (n named) text() string {
	if n.Value != "" {
		return n.Value
	}
	return n.Name
}

// listed names values in a message, the first of many.
func listed(all []choice) string {
	const limit = 25
	names := make([]string, 0, min(len(all), limit))
	for _, c := range all[:min(len(all), limit)] {
		names = append(names, c.text())
	}
	switch text := strings.Join(names, ", "); {
	case len(all) == 0:
		return "nothing"
	case len(all) > limit:
		return fmt.Sprintf("%s and %d more", text, len(all)-limit)
	default:
		return text
	}
}

// meta returns what can be written at the issue. It asks once for a project
// and type, and reports whether this was the time.
func (s *site) meta(ctx context.Context, i issue) (m editMeta, fresh bool, err error) {
	key := i.metaKey()
	s.mu.Lock()
	m, known := s.metas[key]
	s.mu.Unlock()
	if known {
		return m, false, nil
	}
	if err := s.client.get(ctx, path("issue", string(i.ID), "editmeta"), nil, &m); err != nil {
		return editMeta{}, true, fmt.Errorf("read what can be edited: %w", err)
	}
	if key != "" {
		s.mu.Lock()
		s.metas[key] = m
		s.mu.Unlock()
	}
	return m, true, nil
}

// forget drops what was known of the issue's kind: a refusal shows that it is
// out of date.
func (s *site) forget(i issue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.metas, i.metaKey())
}

// metaKey names project and type of the issue; empty if one is not known.
func (i issue) metaKey() string {
	kind := i.kind()
	if kind == "" {
		return ""
	}
	return i.project() + "/" + kind
}

// kind is the id of the issue's type; empty if it is not known.
func (i issue) kind() string {
	var kind named
	if json.Unmarshal(i.Fields["issuetype"], &kind) != nil {
		return ""
	}
	return string(kind.ID)
}
