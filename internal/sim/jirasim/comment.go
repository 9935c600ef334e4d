package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

func (a *asker) comment(i *Issue, c Comment) object {
	id := strconv.FormatInt(c.ID, 10)
	out := object{
		"self": a.self("/issue/" + strconv.FormatInt(i.ID, 10) + "/comment/" + id), "id": id, "author": a.person(c.Author),
		"body": a.text(c.Body), "updateAuthor": a.person(c.Author), "created": a.time(c.Created), "updated": a.time(c.Updated),
		"jsdPublic": true,
	}
	if a.server {
		delete(out, "jsdPublic")
	}
	if len(c.Visibility) > 0 {
		out["visibility"] = c.Visibility
	}
	return out
}

func (a *asker) commentPage(i *Issue, start, size int) object {
	out := []any{}
	for _, c := range i.Comments[min(start, len(i.Comments)):min(start+size, len(i.Comments))] {
		out = append(out, a.comment(i, c))
	}
	return object{"comments": out, "startAt": start, "maxResults": size, "total": len(i.Comments)}
}

func (s *Site) comments(a *asker, w http.ResponseWriter, r *http.Request) {
	if e := s.visibleIssue(w, r); e != nil {
		start, size, _ := pageRange(r, 100, 5000, len(e.Comments))
		reply(w, http.StatusOK, a.commentPage(e.Issue, start, size))
	}
}

type commentBody struct {
	Body       json.RawMessage `json:"body"`
	Visibility json.RawMessage `json:"visibility"`
}

func (s *Site) commentPost(a *asker, w http.ResponseWriter, r *http.Request) {
	s.commentWrite(a, w, r, http.StatusCreated, func(i *Issue, text string, req commentBody) (Comment, bool) {
		c := Comment{
			ID: s.part(), Author: a.account.Person, Body: text, Visibility: req.Visibility, Created: s.now(), Updated: s.now(),
		}
		i.Comments = append(i.Comments, c)
		return c, true
	})
}

func (s *Site) commentPut(a *asker, w http.ResponseWriter, r *http.Request) {
	s.commentWrite(a, w, r, http.StatusOK, func(i *Issue, text string, req commentBody) (Comment, bool) {
		n := slices.IndexFunc(i.Comments, func(c Comment) bool { return c.ID == parseID(r.PathValue("id")) })
		if n < 0 {
			return Comment{}, false
		}
		i.Comments[n].Body, i.Comments[n].Visibility, i.Comments[n].Updated = text, req.Visibility, s.now()
		return i.Comments[n], true
	})
}

func (s *Site) commentWrite(a *asker, w http.ResponseWriter, r *http.Request, status int, write func(*Issue, string, commentBody) (Comment, bool)) {
	var req commentBody
	if !body(w, r, &req, false) {
		return
	}
	text, ok := "", false
	if len(req.Body) > 0 {
		text, ok = a.plain(req.Body)
	}
	if !ok || text == "" {
		refuseField(w, "comment", "Comment body can not be empty!")
		return
	}
	s.mu.Lock()
	e, refused := s.writable(r)
	var written Comment
	found := false
	if refused == nil {
		s.commit(a, r, e, nil, func(i *Issue) { written, found = write(i, text, req) })
	}
	s.mu.Unlock()
	switch {
	case refused != nil:
		refused(w)
	case !found:
		refuse(w, http.StatusNotFound, "Can not find a comment for the id: "+r.PathValue("id")+".")
	default:
		reply(w, status, a.comment(e.Issue, written))
	}
}

func (s *Site) commentDelete(a *asker, w http.ResponseWriter, r *http.Request) {
	id := parseID(r.PathValue("id"))
	s.mu.Lock()
	e, refused := s.writable(r)
	if refused == nil && !slices.ContainsFunc(e.Comments, func(c Comment) bool { return c.ID == id }) {
		refused = func(w http.ResponseWriter) {
			refuse(w, http.StatusNotFound, "Can not find a comment for the id: "+r.PathValue("id")+".")
		}
	}
	if refused == nil {
		s.commit(a, r, e, nil, func(i *Issue) {
			i.Comments = slices.DeleteFunc(i.Comments, func(c Comment) bool { return c.ID == id })
		})
	}
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
