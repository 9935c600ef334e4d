package jira

import (
	"context"
	"fmt"
	"strings"

	"tandem/internal/work"
)

// update is the body of PUT issue. A field stands in one of the two, never in
// both.
type update struct {
	Fields map[string]any                 `json:"fields,omitempty"`
	Update map[string][]map[string]string `json:"update,omitempty"`
}

// write sends the changes of one issue in one request. Where Jira refuses
// some, it names the fields: these are set aside and the others are sent once
// more. Where it names none, each is sent alone, so that one bad value stops
// nothing else.
func (s *sink) write(ctx context.Context, group []*change) {
	group, body := s.compose(ctx, group)
	if len(group) == 0 {
		return
	}
	err := s.put(ctx, group, body)
	if !hasStatus(err, 400) {
		s.settleAll(group, err)
		return
	}
	s.site.forget(group[0].issue)
	rest := refuse(group, err)
	switch {
	case len(rest) == len(group) && len(group) == 1:
		s.settleAll(group, err)
	case len(rest) == len(group):
		for _, c := range rest {
			s.once(ctx, []*change{c})
		}
	case len(rest) > 0:
		s.once(ctx, rest)
	}
}

// once sends without another chance.
func (s *sink) once(ctx context.Context, group []*change) {
	group, body := s.compose(ctx, group)
	if len(group) == 0 {
		return
	}
	err := s.put(ctx, group, body)
	s.settleAll(refuse(group, err), err)
}

// put sends one request, unless it is too late to begin one.
func (s *sink) put(ctx context.Context, group []*change, body update) error {
	if err := ctx.Err(); err != nil {
		return &notSentError{err}
	}
	return s.site.client.put(ctx, issuePath(group[0].edit), body)
}

// notSentError is an error from before the request.
type notSentError struct{ cause error }

func (e *notSentError) Error() string { return "not sent: " + e.cause.Error() }
func (e *notSentError) Unwrap() error { return e.cause }

func (s *sink) settleAll(group []*change, err error) {
	for _, c := range group {
		settle(c.result, err, true, s.site.now())
	}
}

// refuse sets aside the changes whose fields a 400 names, and returns the
// others. Of several labels those count that the message names.
func refuse(group []*change, err error) []*change {
	messages := fieldMessages(err)
	if len(messages) == 0 {
		return group
	}
	var rest []*change
	for _, c := range group {
		message, ok := messages[c.id]
		if label := c.edit.Target.Element; ok && label != "" && namesOtherLabel(group, label, message) {
			ok = false
		}
		if !ok {
			rest = append(rest, c)
			continue
		}
		c.reject("jira refuses " + c.edit.Target.Path + ": " + message)
	}
	return rest
}

// namesOtherLabel reports whether a message about labels means another one of
// the group.
func namesOtherLabel(group []*change, label, message string) bool {
	if strings.Contains(message, label) {
		return false
	}
	for _, c := range group {
		if c.edit.Target.Element != "" && strings.Contains(message, c.edit.Target.Element) {
			return true
		}
	}
	return false
}

// compose builds the body. What cannot be spelled is settled and left out.
func (s *sink) compose(ctx context.Context, group []*change) ([]*change, update) {
	body := update{Fields: map[string]any{}, Update: map[string][]map[string]string{}}
	var ready []*change
	for _, c := range group {
		switch c.edit.Verb {
		case work.AddLabel:
			body.Update[c.id] = append(body.Update[c.id], map[string]string{"add": c.edit.Target.Element})
		case work.RemoveLabel:
			body.Update[c.id] = append(body.Update[c.id], map[string]string{"remove": c.edit.Target.Element})
		default:
			value, err := s.spell(ctx, c)
			if err != nil {
				settle(c.result, err, false, s.site.now())
				continue
			}
			body.Fields[c.id] = value
		}
		ready = append(ready, c)
	}
	return ready, body
}

// spell writes the value as the issue's own edit screen wants it. Before it
// refuses, it looks again whether the screen or the scheme has changed.
func (s *sink) spell(ctx context.Context, c *change) (any, error) {
	for {
		meta, fresh, err := s.site.meta(ctx, c.issue)
		if err != nil {
			return nil, err
		}
		wire, fault := c.wire(meta)
		if fault == "" {
			return wire, nil
		}
		if fresh {
			return nil, &refusedError{fault}
		}
		s.site.forget(c.issue)
	}
}

// wire spells the value of the change, or says why it cannot be written here.
func (c *change) wire(meta editMeta) (value any, fault string) {
	field, ok := meta.Fields[c.id]
	if !ok {
		return nil, fmt.Sprintf("%s cannot be set at %s: it is not on the edit screen of this issue type, or the workflow forbids it; add the field to the screen", c.edit.Target.Path, c.edit.Key)
	}
	if c.edit.Verb == work.ClearField {
		return nil, ""
	}
	return field.wire(c.edit.Value)
}

// refusedError is a change that this issue cannot take.
type refusedError struct{ why string }

func (e *refusedError) Error() string { return e.why }
