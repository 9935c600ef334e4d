package jira

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"tandem/internal/work"
)

// remoteLink is a link from an issue to somewhere else. Its global id makes
// writing it twice the same as once.
type remoteLink struct {
	GlobalID    string `json:"globalId"`
	Application struct {
		Name string `json:"name,omitempty"`
	} `json:"application"`
	Object struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"object"`
}

// application is the name under which the links stand in Jira.
const application = "Tandem"

// maxTitle is how long the text of a link gets.
const maxTitle = 255

// link writes or removes the link to the twin. Other people's links have other
// ids and are never touched.
func (s *sink) link(ctx context.Context, c *change) {
	if c.edit.Verb == work.ClearField {
		s.unlink(ctx, c)
		return
	}
	want := remoteLink{GlobalID: c.edit.Target.Element}
	want.Application.Name = application
	want.Object.URL = c.edit.Value.Text()
	want.Object.Title = clipTo(cmp.Or(c.edit.Because, want.GlobalID), maxTitle)
	have, err := s.linkAt(ctx, c)
	switch {
	case err != nil:
		settle(c.result, err, false, s.site.now())
	case have != nil && have.Object.URL == want.Object.URL:
		c.result.State = work.Unchanged
	default:
		err := ctx.Err()
		if err != nil {
			err = &notSentError{err}
		} else {
			err = s.site.client.change(ctx, http.MethodPost, issuePath(c.edit, "remotelink"), want, http.StatusOK, http.StatusCreated)
		}
		settle(c.result, err, true, s.site.now())
	}
}

// linkAt reads the link with the edit's id; nil if there is none, or no such
// issue, which the write will say.
func (s *sink) linkAt(ctx context.Context, c *change) (*remoteLink, error) {
	var have remoteLink
	err := s.site.client.get(ctx, issuePath(c.edit, "remotelink"), url.Values{"globalId": {c.edit.Target.Element}}, &have)
	switch {
	case hasStatus(err, http.StatusNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	default:
		return &have, nil
	}
}

// unlink removes the link. One that is gone already is no error.
func (s *sink) unlink(ctx context.Context, c *change) {
	have, err := s.linkAt(ctx, c)
	if err != nil {
		settle(c.result, err, false, s.site.now())
		return
	}
	if have == nil {
		c.result.State = work.Unchanged
		return
	}
	if err := ctx.Err(); err != nil {
		settle(c.result, &notSentError{err}, true, s.site.now())
		return
	}
	query := "?" + url.Values{"globalId": {c.edit.Target.Element}}.Encode()
	err = s.site.client.change(ctx, http.MethodDelete, issuePath(c.edit, "remotelink")+query, nil, http.StatusNoContent, http.StatusOK)
	if hasStatus(err, http.StatusNotFound) {
		err = nil
	}
	settle(c.result, err, true, s.site.now())
}
