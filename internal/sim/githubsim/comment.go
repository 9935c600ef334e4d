package githubsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// longestComment is the reported limit of a comment, in bytes.
const longestComment = 262_144

// comments answers with the comments of an issue, oldest first.
func (s *Site) comments(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	since, refused := sinceOf(r)
	if refused != nil {
		return *refused
	}
	recent := slices.DeleteFunc(slices.Clone(i.Comments), func(c Comment) bool { return c.Updated.Before(since) })
	address := fmt.Sprintf("%s/repositories/%d/issues/%d/comments", a.base, repo.ID, i.Number)
	return paged(r, address, recent, func(c Comment) any { return a.comment(repo, i, c) })
}

func sinceOf(r *http.Request) (time.Time, *reply) {
	text := r.URL.Query().Get("since")
	if text == "" {
		return time.Time{}, nil
	}
	at, err := instant(text)
	if err != nil {
		refused := invalid(detail{Resource: "IssueComment", Code: "invalid", Field: "since"})
		return time.Time{}, &refused
	}
	return at, nil
}

// commentsOfRepository answers with the comments of all issues.
func (s *Site) commentsOfRepository(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	since, refused := sinceOf(r)
	if refused != nil {
		return *refused
	}
	v := r.URL.Query()
	order, up := byCreated, true
	if sort := v.Get("sort"); sort != "" {
		up = v.Get("direction") == "asc"
		if sort == "updated" {
			order = byUpdated
		}
	}
	var recent []remark
	list := repo.talk[order]
	first := 0
	if order == byUpdated {
		first = list.Position(func(m remark) bool { return !m.updated.Before(since) })
	}
	for m := range list.Up(first) {
		if !m.updated.Before(since) {
			recent = append(recent, m)
		}
	}
	if !up {
		slices.Reverse(recent)
	}
	address := fmt.Sprintf("%s/repositories/%d/issues/comments", a.base, repo.ID)
	return paged(r, address, recent, func(m remark) any {
		i, at := repo.comment(m.number, m.id)
		return a.comment(repo, i, i.Comments[at])
	})
}

// comment finds a comment of an issue that has it.
func (r *repository) comment(number int, id int64) (*Issue, int) {
	i := r.issues[number]
	return i, slices.IndexFunc(i.Comments, func(c Comment) bool { return c.ID == id })
}

// commentPost adds a comment. Who can read may comment, unless the issue is
// locked.
func (s *Site) commentPost(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	if repo.Archived {
		return archived()
	}
	if i.Locked && a.access(repo) != Push {
		return refuse(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	text, refused := a.commentText()
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Comments = append(i.Comments, Comment{Author: a.account.Login, Body: text}) })
	i = repo.issues[i.Number]
	made := i.Comments[len(i.Comments)-1]
	return created(a.comment(repo, i, made), fmt.Sprintf("%s/issues/comments/%d", a.self(repo), made.ID))
}

func (a *asker) commentText() (string, *reply) {
	var body struct {
		Body *string `json:"body"`
	}
	if refused := a.decode(&body); refused != nil {
		return "", refused
	}
	var refused reply
	switch {
	case body.Body == nil:
		refused = invalid(detail{Resource: "IssueComment", Code: "missing_field", Field: "body"})
	case strings.TrimSpace(*body.Body) == "":
		refused = invalid(detail{Resource: "IssueComment", Code: "unprocessable", Field: "data", Message: "Body cannot be blank"})
	case len(*body.Body) > longestComment || utf8.RuneCountInString(*body.Body) > longestBody:
		refused = invalid(tooLong("IssueComment", "body", longestBody))
	default:
		return *body.Body, nil
	}
	return "", &refused
}

// findComment finds the path's comment and its place in its issue.
func (a *asker) findComment(r *http.Request) (*repository, *Issue, int, *reply) {
	repo, refused := a.repository(r)
	if refused != nil {
		return nil, nil, 0, refused
	}
	id, _ := strconv.ParseInt(r.PathValue("comment_id"), 10, 64)
	for m := range repo.talk[byCreated].Up(0) {
		if m.id == id {
			i, at := repo.comment(m.number, id)
			return repo, i, at, nil
		}
	}
	none := missing()
	return nil, nil, 0, &none
}

// ownComment is findComment for a change: the author and who can push may.
func (a *asker) ownComment(r *http.Request) (*repository, *Issue, int, *reply) {
	repo, i, at, refused := a.findComment(r)
	if refused != nil {
		return nil, nil, 0, refused
	}
	var no reply
	switch {
	case repo.Archived:
		no = archived()
	case a.access(repo) != Push && !strings.EqualFold(i.Comments[at].Author, a.account.Login):
		no = a.forbidden()
	default:
		return repo, i, at, nil
	}
	return nil, nil, 0, &no
}

// commentGet answers with one comment.
func (s *Site) commentGet(a *asker, r *http.Request) reply {
	repo, i, at, refused := a.findComment(r)
	if refused != nil {
		return *refused
	}
	return ok(a.comment(repo, i, i.Comments[at]))
}

// commentPatch changes the text of a comment.
func (s *Site) commentPatch(a *asker, r *http.Request) reply {
	repo, i, at, refused := a.ownComment(r)
	if refused != nil {
		return *refused
	}
	text, refused := a.commentText()
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Comments[at].Body = text })
	i = repo.issues[i.Number]
	return ok(a.comment(repo, i, i.Comments[at]))
}

// commentDelete removes a comment; the issue's updated_at stays.
func (s *Site) commentDelete(a *asker, r *http.Request) reply {
	repo, i, at, refused := a.ownComment(r)
	if refused != nil {
		return *refused
	}
	s.commit(a, r, repo, i, func(i *Issue) { i.Comments = slices.Delete(i.Comments, at, at+1) })
	return reply{status: http.StatusNoContent}
}

// events answers with the history of an issue, oldest first.
func (s *Site) events(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	address := fmt.Sprintf("%s/repositories/%d/issues/%d/events", a.base, repo.ID, i.Number)
	return paged(r, address, i.Events, func(e Event) any { return a.event(repo, e) })
}
