package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"tandem/internal/httpx"
	"tandem/internal/work"
)

// update is the body of PUT issue. A field stands in one of the first two,
// never in both.
type update struct {
	Fields     map[string]any              `json:"fields,omitempty"`
	Update     map[string][]map[string]any `json:"update,omitempty"`
	Properties []property                  `json:"properties,omitempty"`
}

// write sends the changes of one issue in one request. Where somebody else was
// changing the issue, it is read again and what is still right is sent once
// more.
func (s *sink) write(ctx context.Context, group []*change) {
	s.try(ctx, group)
	var met []*change
	for _, c := range group {
		if c.result.State == work.Conflict {
			met = append(met, c)
		}
	}
	if len(met) == 0 {
		return
	}
	for _, c := range met {
		*c.result = work.Result{EditID: c.edit.ID}
	}
	if met = s.compare(ctx, met); len(met) > 0 {
		s.try(ctx, met)
	}
}

// try sends the changes. Where Jira refuses some, it names the fields: these
// are set aside and the others are sent once more. Where it names none, each
// is sent alone, so that one bad value stops nothing else.
func (s *sink) try(ctx context.Context, group []*change) {
	group, body := s.compose(ctx, group)
	if len(group) == 0 {
		return
	}
	s.sign(group, &body)
	err := s.put(ctx, group, body)
	if !hasStatus(err, http.StatusBadRequest) || httpx.InDoubt(err) {
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

// sign adds the signature where the issue does not bear it. What is sent once
// more goes without: no value waits for a signature that Jira refuses.
func (s *sink) sign(group []*change, body *update) {
	first := group[0]
	if len(body.Properties) == 0 && signs(first.edit) && s.site.unsigned(first.issue) {
		body.Properties = append(body.Properties, s.site.marking(first.issue, first.issue.mark().Twin))
	}
}

// once sends without another chance.
func (s *sink) once(ctx context.Context, group []*change) {
	group, body := s.compose(ctx, group)
	if len(group) == 0 {
		return
	}
	err := s.put(ctx, group, body)
	if !httpx.InDoubt(err) {
		group = refuse(group, err)
	}
	s.settleAll(group, err)
}

// put sends one request, unless it is too late to begin one. A marker without
// company goes to its own address, which mails nobody.
func (s *sink) put(ctx context.Context, group []*change, body update) error {
	if err := ctx.Err(); err != nil {
		return &notSentError{err}
	}
	e := group[0].edit
	if len(body.Fields)+len(body.Update) == 0 {
		p := body.Properties[0]
		return s.site.client.change(ctx, http.MethodPut, issuePath(e, "properties", p.Key), p.Value, http.StatusOK, http.StatusCreated)
	}
	return s.site.quietly(ctx, placeOf(group[0]), func(query string) error {
		return s.site.client.change(ctx, http.MethodPut, issuePath(e)+query, body, http.StatusOK, http.StatusNoContent)
	})
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

// fieldMessages are the messages of a 400 by field.
func fieldMessages(err error) map[string]string {
	e, ok := statusOf(err)
	if !ok || e.Status != http.StatusBadRequest {
		return nil
	}
	var body struct {
		Errors map[string]any `json:"errors"`
	}
	if json.Unmarshal(e.Raw(), &body) != nil {
		return nil
	}
	messages := make(map[string]string, len(body.Errors))
	for field, what := range body.Errors {
		messages[field] = fmt.Sprint(what)
	}
	return messages
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
		c.reject("jira refuses %s of %s: %s", c.edit.Target.Path, c.edit.Key, message)
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
	body := update{Fields: map[string]any{}, Update: map[string][]map[string]any{}}
	var ready []*change
	for _, c := range group {
		switch {
		case c.edit.Verb == work.AddLabel && c.edit.Target.Path == work.NativeLabels:
			body.Update[c.id] = append(body.Update[c.id], map[string]any{"add": c.edit.Target.Element})
		case c.edit.Verb == work.RemoveLabel && c.edit.Target.Path == work.NativeLabels:
			body.Update[c.id] = append(body.Update[c.id], map[string]any{"remove": c.edit.Target.Element})
		case c.edit.Target.Path == work.NativeMarker:
			body.Properties = append(body.Properties, s.site.marking(c.issue, c.edit.Value.Text()))
		default:
			spelled, err := s.spell(ctx, c)
			if err != nil {
				settle(c.result, err, false, s.site.now())
				continue
			}
			if len(spelled.verbs) > 0 {
				body.Update[c.id] = append(body.Update[c.id], spelled.verbs...)
			} else {
				body.Fields[c.id] = spelled.value
			}
		}
		ready = append(ready, c)
	}
	return ready, body
}

// refusedError is a change that this issue cannot take.
type refusedError struct{ why string }

func (e *refusedError) Error() string { return e.why }
