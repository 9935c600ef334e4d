package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// Comments are feedback where the settings say so: what people who do not
// belong to the repository write under an issue, or what anybody writes.
type Comments struct {
	// Feedback is outsiders or everybody; empty reads no comments.
	Feedback string `yaml:"feedback"`
}

const (
	fromOutsiders = "outsiders"
	fromEverybody = "everybody"
	// talkAge is how far the first read goes back. Feedback that is older weighs
	// little.
	talkAge = 90 * 24 * time.Hour
)

// wireTalk is a comment in the list of a repository.
type wireTalk struct {
	ID          int64     `json:"id"`
	Body        string    `json:"body"`
	Author      *wireUser `json:"user"`
	Association string    `json:"author_association"`
	Created     time.Time `json:"created_at"`
	Updated     time.Time `json:"updated_at"`
	IssueURL    string    `json:"issue_url"`
	HTMLURL     string    `json:"html_url"`
}

// talkPosition is where the comments of one repository stand.
type talkPosition struct {
	// Since is the lower bound, and ETag that of its whole answer. Both stay
	// until something newer was seen.
	Since time.Time `json:"since"`
	ETag  string    `json:"etag,omitempty"`
	High  time.Time `json:"high,omitzero"`
}

// talk yields comments as feedback, oldest change first. A comment that is
// deleted later stays: no list tells of it.
func (s *source) talk(ctx context.Context, from connectors.Cursor, yield func(connectors.Page, error) bool) {
	if s.comments.Feedback == "" {
		return
	}
	at := map[string]talkPosition{}
	if len(from) > 0 {
		if err := json.Unmarshal(from, &at); err != nil {
			yield(connectors.Page{}, fmt.Errorf("%s: the stored cursor cannot be read: %w; reset the stream to read everything again", s.name, err))
			return
		}
	}
	wanted := map[string]bool{}
	var faults []error
	for _, name := range s.listed() {
		wanted[strings.ToLower(name)] = true
		err := s.talkOf(ctx, name, at, yield)
		if errors.Is(err, errStopped) {
			return
		}
		if err != nil {
			if faults = append(faults, withRemedy(name, err)); stopsAll(err) || isOutage(err) {
				break
			}
		}
	}
	if len(faults) == 0 {
		maps.DeleteFunc(at, func(name string, _ talkPosition) bool { return !wanted[name] })
	}
	if ctx.Err() == nil {
		if emitTalk(connectors.Page{Done: len(faults) == 0}, at, yield) != nil {
			return
		}
	}
	if err := errors.Join(append(faults, ctx.Err())...); err != nil {
		yield(connectors.Page{}, fmt.Errorf("%s: %w", s.name, err))
	}
}

func emitTalk(page connectors.Page, at map[string]talkPosition, yield func(connectors.Page, error) bool) error {
	var err error
	if page.Cursor, err = json.Marshal(at); err != nil {
		return err
	}
	if !yield(page, nil) {
		return errStopped
	}
	return nil
}

// talkOf reads the comments of one repository, pull requests' among them.
func (s *source) talkOf(ctx context.Context, name string, all map[string]talkPosition, yield func(connectors.Page, error) bool) error {
	key := strings.ToLower(name)
	p, known := all[key]
	if !known {
		p.Since = s.now().Add(-talkAge).UTC().Truncate(time.Second)
	}
	base := repositoryPath(name) + "/issues/comments?sort=updated&direction=asc&per_page=" + strconv.Itoa(perPage)
	asked := p.Since
	address, etag, pages := base+sinceQuery(asked), p.ETag, 0
	high := p.High
	p.ETag = ""
	for address != "" {
		a, err := s.client.get(ctx, address, etag)
		if unreadable(err) {
			return nil // the stream of issues tells
		}
		if err != nil {
			return err
		}
		if a.unchanged() {
			return nil
		}
		var rows []wireTalk
		if err := a.into(&rows); err != nil {
			return err
		}
		audience, err := s.viewers.of(ctx, name)
		if err != nil {
			return err
		}
		page := connectors.Page{Feedback: s.voices(name, rows, audience)}
		last := asked
		for _, row := range rows {
			if row.Updated.After(last) {
				last = row.Updated
			}
		}
		if last.After(high) {
			high = last
		}
		if pages++; pages == 1 && len(rows) < perPage {
			p.ETag = a.header.Get("Etag")
		}
		etag = ""
		next := nextOf(a.header)
		switch {
		case next == "":
			address = ""
			if high.After(p.High) { // the next look begins before what is newest
				p = talkPosition{Since: laterOf(p.Since, high.Add(-s.overlap)), High: high}
			}
		case last.Add(-tick).After(asked): // pages shift while people write
			asked = last.Add(-tick)
			address = base + sinceQuery(asked)
			p.Since = asked
		default:
			if address, err = follow(s.client.base, next); err != nil {
				return err
			}
		}
		all[key] = p
		if len(page.Feedback) > 0 {
			if err := emitTalk(page, all, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

func sinceQuery(t time.Time) string {
	return "&since=" + url.QueryEscape(t.UTC().Format("2006-01-02T15:04:05Z"))
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// voices are the comments that count, as feedback on their issues.
func (s *source) voices(name string, rows []wireTalk, audience work.Audience) []work.Feedback {
	var all []work.Feedback
	for _, c := range rows {
		number, err := strconv.Atoi(path.Base(c.IssueURL))
		text := unquoted(c.Body)
		switch {
		case err != nil || c.ID == 0 || c.Updated.IsZero() || text == "":
			continue
		case strings.Contains(c.HTMLURL, "/pull/"), c.Author == nil, c.Author.Type == "Bot", strings.Contains(c.Body, commentMarker):
			continue
		case s.comments.Feedback == fromOutsiders && slices.Contains([]string{"OWNER", "MEMBER", "COLLABORATOR"}, c.Association):
			continue
		}
		issue := fmt.Sprintf("%s#%d", name, number)
		all = append(all, work.Feedback{
			Ref:  work.NewRef(s.name, fmt.Sprintf("comment-%d", c.ID), fmt.Sprintf("%s/comment-%d", issue, c.ID)),
			Kind: "request", Method: work.Request, Text: text, Person: c.Author.Login, At: c.Created.UTC(), URL: webAddress(c.HTMLURL),
			Links: []string{s.name + ":" + issue}, Audience: audience, Version: c.Updated.UTC(),
		})
	}
	return all
}

// unquoted leaves out what a comment repeats of others.
func unquoted(body string) string {
	var kept []string
	for line := range strings.SplitSeq(plain(body), "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}
