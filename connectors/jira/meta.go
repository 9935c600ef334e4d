package jira

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// editMeta says what can be written at issues of one project and type: what
// stands on the edit screen, and which values it takes.
type editMeta struct {
	Fields map[string]fieldMeta `json:"fields"`
}

type fieldMeta struct {
	Name   string `json:"name"`
	Schema struct {
		Type  string `json:"type"`
		Items string `json:"items"`
	} `json:"schema"`
	Allowed []json.RawMessage `json:"allowedValues"`
}

func (m fieldMeta) label() string { return cmp.Or(m.Name, "the field") }

// options returns the allowed values that are understood.
func (m fieldMeta) options() []named {
	var all []named
	for _, raw := range m.Allowed {
		var n named
		if json.Unmarshal(raw, &n) == nil {
			all = append(all, n)
		}
	}
	return all
}

// option finds an allowed value by its name, in its exact spelling first.
func (m fieldMeta) option(text string) (named, bool) {
	for _, equal := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, n := range m.options() {
			if equal(n.text(), text) {
				return n, true
			}
		}
	}
	return named{}, false
}

func (n named) text() string {
	if n.Value != "" {
		return n.Value
	}
	return n.Name
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
	var kind named
	if json.Unmarshal(i.Fields["issuetype"], &kind) != nil || kind.ID == "" {
		return ""
	}
	return i.project() + "/" + string(kind.ID)
}

// wire spells a value as the field's schema wants it, or says why it cannot.
func (m fieldMeta) wire(v work.Value) (any, string) {
	if !v.Present() {
		return nil, ""
	}
	switch m.Schema.Type {
	case "priority":
		return m.chosen(v, func(n named) any { return map[string]string{"id": string(n.ID)} })
	case "option":
		return m.chosen(v, func(n named) any { return map[string]string{"value": n.text()} })
	case "string":
		if t, ok := v.Time(); ok {
			return t.Format(day), ""
		}
		return v.Text(), ""
	case "number":
		if f, ok := v.Number(); ok {
			return f, ""
		}
		f, err := strconv.ParseFloat(v.String(), 64)
		if err != nil {
			return nil, strconv.Quote(v.String()) + " is no number, and " + m.label() + " takes only numbers"
		}
		return f, ""
	case "date", "datetime":
		t, ok := timeOf(v)
		if !ok {
			return nil, strconv.Quote(v.String()) + " is no date, and " + m.label() + " takes only dates"
		}
		return t.UTC().Format(map[string]string{"date": day, "datetime": stamp}[m.Schema.Type]), ""
	case "user":
		return map[string]string{"accountId": v.Text()}, ""
	default:
		return nil, m.label() + " is a field of type " + m.Schema.Type + ", which this version does not write; map the value to a number, text, date or single choice"
	}
}

// chosen finds the allowed value. A field without a list takes what it is
// given.
func (m fieldMeta) chosen(v work.Value, write func(named) any) (any, string) {
	if n, ok := m.option(v.Text()); ok {
		return write(n), ""
	}
	if len(m.Allowed) == 0 && m.Schema.Type == "option" {
		return write(named{Value: v.Text()}), ""
	}
	have := make([]string, 0, len(m.Allowed))
	for _, n := range m.options() {
		have = append(have, n.text())
	}
	return nil, fmt.Sprintf("%s has no value %q here; it has: %s; map the value to one of these, for this project under by_project", m.label(), v.Text(), strings.Join(have, ", "))
}
