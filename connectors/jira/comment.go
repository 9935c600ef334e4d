package jira

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"tandem/connectors"
	"tandem/internal/work"
)

// keptLine begins the comment that Tandem keeps. It tells people what the
// comment is, and Tandem which one is its own where Jira does not show the
// properties of comments.
const keptLine = "Tandem keeps this comment up to date."

// deskProperty keeps a comment from the customers of a service desk, who read
// the comments of their requests by mail; elsewhere it means nothing.
const deskProperty = "sd.public.comment"

// remark is one comment.
type remark struct {
	ID         identifier      `json:"id"`
	Author     user            `json:"author"`
	Editor     user            `json:"updateAuthor"`
	Body       json.RawMessage `json:"body"`
	Visibility json.RawMessage `json:"visibility"`
	Properties []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
}

// wording is the value of the comment's property: a digest of what was
// written, to tell a person's edit from Jira's own change of the markup.
type wording struct {
	Words string `json:"words"`
	// By is the signature of the Tandem that wrote it.
	By string `json:"by,omitempty"`
}

// text is the body, whichever form it has.
func (r *remark) text() string {
	v, err := richText(r.Body)
	if err != nil || !v.Present() {
		return ""
	}
	return v.Text()
}

// written is what was left with the comment; empty if nothing shows.
func (r *remark) written() wording {
	for _, p := range r.Properties {
		var w wording
		if p.Key == markerProperty && json.Unmarshal(p.Value, &w) == nil {
			return w
		}
	}
	return wording{}
}

// words is a digest of the letters and digits alone: Jira keeps comments as
// documents and writes their markup anew.
func words(text string) string {
	sum := sha256.Sum256([]byte(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)))
	return hex.EncodeToString(sum[:8])
}

// bodyOf is the whole comment. It mentions nobody, whatever the text repeats.
func bodyOf(v work.Value) string {
	return keptLine + "\n\n" + strings.ReplaceAll(v.Text(), "[~", "[ ~")
}

// comment writes, changes or removes the one comment of an issue that is
// Tandem's. A new one is made only where the whole list holds none, so that a
// lost answer is never followed by a second comment.
func (s *sink) comment(ctx context.Context, c *change) {
	mine, err := s.kept(ctx, c.edit)
	if err != nil {
		settle(c.result, err, false, s.site.now())
		return
	}
	clearing := c.edit.Verb == work.ClearField
	switch {
	case mine == nil && clearing:
		c.result.State = work.Unchanged
		return
	case mine != nil && s.site.owner.Foreign(mine.written().By):
		c.reject("%s", connectors.Refusal(mine.written().By))
		return
	case mine == nil && c.edit.Expect.Present():
		c.reject("a person deleted the comment of %s; it is not written again", c.edit.Key)
		return
	case mine != nil && mine.edited(c.edit):
		c.result.State, c.result.Detail = work.Conflict, "a person edited the comment of "+c.edit.Key+"; it is left as it is; delete it, and nothing is written there again"
		return
	case mine != nil && !clearing && words(mine.text()) == words(bodyOf(c.edit.Value)):
		c.result.State = work.Unchanged
		return
	}
	if err = ctx.Err(); err != nil {
		err = &notSentError{err}
	} else {
		err = s.sendComment(ctx, c, mine)
	}
	settle(c.result, err, true, s.site.now())
}

// edited reports whether somebody else wrote into the comment since.
func (r *remark) edited(e work.Edit) bool {
	if by := r.Editor.id(); by != "" && r.Author.id() != "" && by != r.Author.id() {
		return true
	}
	now := words(r.text())
	switch left := r.written().Words; {
	case left != "":
		return now != left
	case e.Expect.Present():
		return now != words(bodyOf(e.Expect)) && now != words(bodyOf(e.Value))
	default:
		return false
	}
}

// sendComment makes the call. Leaving the visibility out would open the
// comment to everybody.
func (s *sink) sendComment(ctx context.Context, c *change, mine *remark) error {
	if c.edit.Verb == work.ClearField {
		err := s.site.client.change(ctx, http.MethodDelete, issuePath(c.edit, "comment", string(mine.ID)), nil, http.StatusNoContent, http.StatusOK)
		if hasStatus(err, http.StatusNotFound) {
			return nil
		}
		return err
	}
	text := bodyOf(c.edit.Value)
	body := map[string]any{"body": text, "properties": []property{
		{Key: markerProperty, Value: wording{words(text), s.site.owner.String()}},
		{Key: deskProperty, Value: map[string]bool{"internal": true}},
	}}
	if v := s.site.config.Comments.Visibility.wire(); v != nil {
		body["visibility"] = v
	} else if mine != nil && len(mine.Visibility) > 0 && !isNull(mine.Visibility) {
		body["visibility"] = mine.Visibility
	}
	if mine == nil {
		return s.site.client.change(ctx, http.MethodPost, issuePath(c.edit, "comment"), body, http.StatusCreated, http.StatusOK)
	}
	return s.site.client.change(ctx, http.MethodPut, issuePath(c.edit, "comment", string(mine.ID)), body, http.StatusOK)
}

// kept finds the comment that is Tandem's among all of the issue; nil if none
// is.
func (s *sink) kept(ctx context.Context, e work.Edit) (*remark, error) {
	self, err := s.site.self(ctx)
	if err != nil {
		return nil, err
	}
	for start := 0; ; {
		var page struct {
			Comments *[]remark `json:"comments"`
			Total    int       `json:"total"`
		}
		query := url.Values{"startAt": {strconv.Itoa(start)}, "maxResults": {"100"}, "orderBy": {"created"}, "expand": {"properties"}}
		if err := s.site.client.get(ctx, issuePath(e, "comment"), query, &page); err != nil {
			return nil, fmt.Errorf("read comments of %s: %w", e.Key, err)
		}
		if page.Comments == nil {
			return nil, fmt.Errorf("read comments of %s: %w", e.Key, errForm)
		}
		for _, r := range *page.Comments {
			if r.written().Words != "" || r.Author.id() == self && strings.HasPrefix(strings.TrimSpace(r.text()), keptLine) {
				return &r, nil
			}
		}
		start += len(*page.Comments)
		if len(*page.Comments) == 0 || start >= page.Total {
			return nil, nil
		}
	}
}

// self is the id of the own account, asked for once.
func (s *site) self(ctx context.Context) (string, error) {
	s.mu.Lock()
	known := s.me
	s.mu.Unlock()
	if known != "" {
		return known, nil
	}
	var me user
	if err := s.client.get(ctx, path("myself"), nil, &me); err != nil {
		return "", fmt.Errorf("read own account: %w", err)
	}
	if me.id() == "" {
		return "", fmt.Errorf("read own account: %w", errForm)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.me = me.id()
	return s.me, nil
}
