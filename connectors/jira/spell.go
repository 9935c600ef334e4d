package jira

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tandem/internal/work"
)

// spelled is a value as Jira wants it: one that replaces another, or verbs
// that add and remove elements of a list.
type spelled struct {
	value any
	verbs []map[string]any
}

// spell writes the value as the issue's own edit screen wants it. Before it
// refuses, it looks again whether the screen or the scheme has changed.
func (s *sink) spell(ctx context.Context, c *change) (spelled, error) {
	for {
		meta, fresh, err := s.site.meta(ctx, c.issue)
		if err != nil {
			return spelled{}, err
		}
		wire, fault, err := s.wire(ctx, c, meta)
		if fault == "" || err != nil {
			return wire, err
		}
		if fresh {
			return spelled{}, &refusedError{fault}
		}
		s.site.forget(c.issue)
	}
}

// wire spells the value of the change, or says why it cannot be written here.
func (s *sink) wire(ctx context.Context, c *change, meta editMeta) (out spelled, fault string, err error) {
	c.settleField(meta)
	m, ok := meta.Fields[c.id]
	m.names = s.site.names
	switch {
	case len(meta.Fields) == 0:
		return out, c.edit.Key + " offers this account nothing to edit; give it the permission Edit issues, or look whether the workflow forbids edits in this status", nil
	case !ok:
		return out, fmt.Sprintf("%s cannot be set at %s: it is not on the edit screen of this issue type, or the workflow forbids it; add the field to the screen", c.edit.Target.Path, c.edit.Key), nil
	case m.Schema.Type == "array":
		return s.difference(ctx, c, m)
	case c.edit.Verb == work.ClearField && m.Required:
		return out, m.label() + " is required here and cannot be cleared; map the empty value to one that may stand there", nil
	case c.edit.Verb == work.ClearField:
		return out, "", nil
	case !m.takes("set"):
		return out, m.label() + " cannot be set through Jira's API; map the value to another field", nil
	}
	out.value, fault, err = s.one(ctx, c, m)
	return out, fault, err
}

// one spells a single value by the schema of the field.
func (s *sink) one(ctx context.Context, c *change, m fieldMeta) (value any, fault string, err error) {
	v := c.edit.Value
	switch m.Schema.Type {
	case "priority", "option", "version", "component":
		value, fault = m.chosen(v.Text())
	case "option-with-child":
		value, fault = m.cascade(v.Text())
	case "string":
		value = plain(v)
	case "number":
		value, fault = m.number(v)
	case "date", "datetime":
		value, fault = m.moment(v)
	case "user":
		value, err = s.site.person(ctx, v.Text())
	case "group":
		value = map[string]string{"name": v.Text()}
	default:
		fault = m.label() + " is a field of type " + m.Schema.Type + ", which this version does not write; map the value to a number, text, date, person, choice or list"
	}
	return value, fault, err
}

// plain is the text of a value; a time without a clock is its date.
func plain(v work.Value) string {
	t, ok := v.Time()
	switch {
	case !ok:
		return v.Text()
	case t.Equal(t.Truncate(24 * 60 * 60 * 1e9)):
		return t.Format(day)
	default:
		return t.Format(stamp)
	}
}

func (m fieldMeta) number(v work.Value) (any, string) {
	if f, ok := v.Number(); ok {
		return f, ""
	}
	f, err := strconv.ParseFloat(v.String(), 64)
	if err != nil {
		return nil, strconv.Quote(v.String()) + " is no number, and " + m.label() + " takes only numbers"
	}
	return f, ""
}

func (m fieldMeta) moment(v work.Value) (any, string) {
	t, ok := timeOf(v)
	if !ok {
		return nil, strconv.Quote(v.String()) + " is no date, and " + m.label() + " takes only dates"
	}
	return t.UTC().Format(map[string]string{"date": day, "datetime": stamp}[m.Schema.Type]), ""
}

// chosen finds the allowed value and writes its id: names are translated. A
// field without a list takes what it is given.
func (m fieldMeta) chosen(text string) (any, string) {
	all := m.choices()
	if c, ok := pick(all, text); ok {
		return map[string]string{"id": string(c.ID)}, ""
	}
	if len(m.Allowed) == 0 && m.Schema.Type == "option" {
		return map[string]string{"value": text}, ""
	}
	return nil, m.unknown(text, all)
}

// unknown says that a value is none of the allowed ones.
func (m fieldMeta) unknown(text string, all []choice) string {
	return fmt.Sprintf("%s has no value %q here; it has: %s; map the value to one of these, for this project under by_project", m.label(), text, listed(all))
}

// cascade spells a choice in two steps, "A / B", or its first alone.
func (m fieldMeta) cascade(text string) (any, string) {
	all := m.choices()
	if c, ok := pick(all, text); ok {
		return map[string]any{"id": string(c.ID)}, ""
	}
	// Both names may hold the separator.
	for at := 0; ; {
		cut := strings.Index(text[at:], cascadeSeparator)
		if cut < 0 {
			break
		}
		at += cut
		parent, ok := pick(all, text[:at])
		if child, found := pick(parent.Children, text[at+len(cascadeSeparator):]); ok && found {
			return map[string]any{"id": string(parent.ID), "child": map[string]string{"id": string(child.ID)}}, ""
		}
		at += len(cascadeSeparator)
	}
	var pairs []choice
	for _, c := range all {
		pairs = append(pairs, c)
		for _, child := range c.Children {
			pairs = append(pairs, choice{named: named{Value: c.text() + cascadeSeparator + child.text()}})
		}
	}
	return nil, m.unknown(text, pairs)
}

// cascadeSeparator stands between the steps of a choice in two steps.
const cascadeSeparator = " / "

// person spells a user: by account id on Cloud, by login on Data Center, whose
// records show the key that stays.
func (s *site) person(ctx context.Context, id string) (any, error) {
	if s.config.cloud() {
		return map[string]string{"accountId": id}, nil
	}
	var u user
	err := s.client.get(ctx, path("user"), url.Values{"key": {id}}, &u)
	if hasStatus(err, http.StatusNotFound) {
		return map[string]string{"name": id}, nil // a login already, or refused by the write itself
	}
	if err != nil {
		return nil, fmt.Errorf("read the login of %s: %w", id, err)
	}
	return map[string]string{"name": u.Name}, nil
}
