package github

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/work"
)

// commentMarker begins the comment that Tandem keeps; people do not see it. A
// digest of what Tandem wrote follows: a process that was killed before it heard
// the answer leaves a comment that no journal knows, and no person edited.
const commentMarker = "<!-- tandem:explanation"

// longestComment is GitHub's limit, in characters.
const longestComment = 65_536

// mostComments bounds how many pages of comments of one issue are read.
const mostComments = 100

// commentsAnHour is how many comments are made in an hour: GitHub takes 500
// pieces of content, and people write some of them. Changing one is none.
const commentsAnHour = 400

type wireComment struct {
	ID     int64     `json:"id"`
	Body   string    `json:"body"`
	Author *wireUser `json:"user"`
}

// commentBody is the whole comment. It mentions nobody, whatever the text
// repeats.
func (s *sink) commentBody(v work.Value) string {
	text := strings.ReplaceAll(plain(v.Text()), "@", "@\u2060")
	head := commentMarker + " " + digest(text)
	if by := s.owner.String(); by != "" {
		head += " " + by
	}
	return head + " -->\n" + text
}

// head is what the hidden line tells: a digest of the text, and who wrote it.
// Older comments lack the second, or both.
func (c *wireComment) head() (written, by string) {
	line, _, _ := strings.Cut(plain(c.Body), "\n")
	written, by, _ = strings.Cut(strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(line, commentMarker), "-->")), " ")
	return written, by
}

// digest tells whether a text is the one that was written.
func digest(text string) string {
	sum := sha256.Sum256([]byte(plain(text)))
	return hex.EncodeToString(sum[:8])
}

// edited reports whether a person changed the comment since Tandem wrote it.
func (c *wireComment) edited(expect work.Value) bool {
	_, text, _ := strings.Cut(plain(c.Body), "\n")
	written, _ := c.head()
	if written != "" {
		return digest(text) != written
	}
	return expect.Present() && plain(text) != strings.ReplaceAll(plain(expect.Text()), "@", "@\u2060") // of an older version
}

// plain makes texts comparable: GitHub's own editor writes other line ends.
func plain(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// comment writes, changes or removes the one comment of an issue that is
// Tandem's. A new one is made only where the whole list holds none, so that a
// lost answer is never followed by a second comment.
func (s *sink) comment(ctx context.Context, e work.Edit, name string, number int) work.Result {
	body := s.commentBody(e.Value)
	clearing := e.Verb == work.ClearField
	if n := utf8.RuneCountInString(body); !clearing && n > longestComment {
		return rejected(fmt.Sprintf("the comment has %d characters, and GitHub takes %d; shorten it in the rules", n, longestComment))
	}
	mine, err := s.kept(ctx, name, number)
	if err != nil {
		return s.outcome(err, false)
	}
	switch {
	case mine == nil && clearing:
		return work.Result{State: work.Unchanged}
	case mine == nil && e.Expect.Present():
		return rejected("a person deleted the comment of " + e.Key + "; it is not written again")
	case mine != nil && s.foreignComment(mine) != "":
		return rejected(s.foreignComment(mine))
	case mine != nil && !clearing && plain(mine.Body) == plain(body):
		return work.Result{State: work.Unchanged}
	case mine != nil && mine.edited(e.Expect):
		return work.Result{State: work.Conflict, Detail: "a person edited the comment of " + e.Key + "; it is left as it is; delete it, and nothing is written there again"}
	}
	if mine == nil {
		if wait := s.crowded(); !wait.IsZero() {
			return work.Result{State: work.Deferred, Scope: "issue", Until: wait, Detail: fmt.Sprintf("%d comments were made in this hour, and GitHub takes no more than 500 from everybody; the rest follows", commentsAnHour)}
		}
	}
	return s.sendComment(ctx, e, name, number, mine)
}

// foreignComment says why the comment that another Tandem keeps is left alone;
// empty where it is our own.
func (s *sink) foreignComment(c *wireComment) string {
	if _, by := c.head(); s.owner.Foreign(by) {
		return connectors.Refusal(by)
	}
	return ""
}

// crowded is when the next comment may be made; zero is now.
func (s *sink) crowded() time.Time {
	hour := s.now().Add(-time.Hour)
	s.commented = slices.DeleteFunc(s.commented, func(t time.Time) bool { return t.Before(hour) })
	if len(s.commented) < commentsAnHour {
		return time.Time{}
	}
	return s.commented[0].Add(time.Hour + time.Second)
}

// sendComment makes the call, and compares the answer with the wish.
func (s *sink) sendComment(ctx context.Context, e work.Edit, name string, number int, mine *wireComment) work.Result {
	method, address := http.MethodPost, issuePath(name, number)+"/comments"
	if mine != nil {
		method, address = http.MethodPatch, fmt.Sprintf("%s/issues/comments/%d", repositoryPath(name), mine.ID)
	}
	if e.Verb == work.ClearField {
		_, sent, err := s.write(ctx, http.MethodDelete, address, nil)
		if statusOf(err) == http.StatusNotFound { // gone meanwhile, or not ours to remove
			mine, again := s.kept(ctx, name, number)
			switch {
			case again != nil || mine != nil:
			case httpx.InDoubt(err):
				return work.Result{State: work.Applied} // by the try whose answer was lost
			default:
				return work.Result{State: work.Unchanged}
			}
		}
		if err != nil {
			return s.outcome(err, sent)
		}
		return work.Result{State: work.Applied}
	}
	body := s.commentBody(e.Value)
	if mine == nil {
		s.commented = append(s.commented, s.now())
	}
	a, sent, err := s.write(ctx, method, address, map[string]string{"body": body})
	var w wireComment
	if err == nil {
		err = a.into(&w)
	}
	switch {
	case err != nil:
		return s.outcome(err, sent)
	case plain(w.Body) != plain(body):
		return work.Result{State: work.Uncertain, Detail: "GitHub answers with another comment than was written"}
	default:
		return work.Result{State: work.Applied}
	}
}

// kept finds the comment that is Tandem's among all of the issue; nil if none
// is. A person may copy the marker, so the author counts as well.
func (s *sink) kept(ctx context.Context, name string, number int) (*wireComment, error) {
	self, err := s.login(ctx)
	if err != nil {
		return nil, err
	}
	address := issuePath(name, number) + fmt.Sprintf("/comments?per_page=%d", perPage)
	for range mostComments {
		a, err := s.client.get(ctx, address, "")
		if err != nil {
			return nil, err
		}
		var page []wireComment
		if err := a.into(&page); err != nil {
			return nil, err
		}
		for _, c := range page {
			if c.Author != nil && strings.EqualFold(c.Author.Login, self) && strings.HasPrefix(strings.TrimSpace(c.Body), commentMarker) {
				return &c, nil
			}
		}
		next := nextOf(a.header)
		if next == "" {
			return nil, nil
		}
		if address, err = follow(s.client.base, next); err != nil {
			return nil, err
		}
	}
	return nil, &answerError{fmt.Sprintf("%s#%d has more than %d comments; the one of Tandem cannot be looked for", name, number, mostComments*perPage)}
}

// login is the name that our comments have, asked for once.
func (s *sink) login(ctx context.Context) (string, error) {
	if s.self != "" {
		return s.self, nil
	}
	var who struct {
		Login string `json:"login"`
		Slug  string `json:"app_slug"`
	}
	if s.client.app != nil {
		if err := s.client.app.ask(ctx, http.MethodGet, "", &who); err != nil {
			return "", fmt.Errorf("read the own name: %w", err)
		}
		if who.Slug != "" {
			who.Login = who.Slug + "[bot]"
		}
	} else {
		a, err := s.client.get(ctx, "user", "")
		if err == nil {
			err = a.into(&who)
		}
		if err != nil {
			return "", fmt.Errorf("read the own name: %w", err)
		}
	}
	if who.Login == "" {
		return "", &answerError{"GitHub does not say who we are; without that no comment can be told ours"}
	}
	s.self = who.Login
	return s.self, nil
}
