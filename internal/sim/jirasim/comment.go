package jirasim

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

type commentBody struct {
	Body       json.RawMessage `json:"body"`
	Visibility json.RawMessage `json:"visibility"`
	Properties []propertyBody  `json:"properties"`
}

// fault is what is wrong with a comment, by field.
func (b commentBody) fault() (field, message string) {
	if _, ok := restricted(b.Visibility); !ok {
		return "commentLevel", "The comment visibility type must be 'role' or 'group', with a value or an identifier."
	}
	for _, p := range b.Properties {
		if problem := badProperty(p.Key, p.Value); problem != "" {
			return "properties", problem
		}
	}
	return "", ""
}

// apply puts the properties of a request on a comment.
func (b commentBody) apply(c *Comment) {
	c.Properties = maps.Clone(c.Properties)
	for _, p := range b.Properties {
		if c.Properties == nil {
			c.Properties = map[string]json.RawMessage{}
		}
		c.Properties[p.Key] = p.Value
	}
}

func (s *Site) commentPost(a *asker, w http.ResponseWriter, r *http.Request) {
	s.commentWrite(a, w, r, http.StatusCreated, func(i *Issue, text string, req commentBody) (Comment, bool) {
		c := Comment{
			ID: s.part(), Author: a.account.Person, Body: text, Visibility: req.Visibility, Created: s.now(), Updated: s.now(),
		}
		req.apply(&c)
		i.Comments = append(i.Comments, c)
		return c, true
	})
}

// commentPut replaces text and visibility. A request without visibility opens
// the comment to everybody, unless the site keeps it.
func (s *Site) commentPut(a *asker, w http.ResponseWriter, r *http.Request) {
	s.commentWrite(a, w, r, http.StatusOK, func(i *Issue, text string, req commentBody) (Comment, bool) {
		n := slices.IndexFunc(i.Comments, func(c Comment) bool { return c.ID == parseID(r.PathValue("id")) && a.reads(c) })
		if n < 0 {
			return Comment{}, false
		}
		c := &i.Comments[n]
		c.Body, c.Updated, c.Editor = text, s.now(), a.account.Person
		if len(req.Visibility) > 0 || !s.options.KeepVisibility {
			c.Visibility = req.Visibility
		}
		req.apply(c)
		return *c, true
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
	if field, message := req.fault(); message != "" {
		refuseField(w, field, message)
		return
	}
	s.mu.Lock()
	e, refused := s.writable(r)
	var written Comment
	found := false
	if refused == nil && status == http.StatusCreated {
		refused = s.full(e)
	}
	if refused == nil {
		s.commit(a, r, e, nil, func(i *Issue) { written, found = write(i, text, req) })
	}
	s.mu.Unlock()
	switch {
	case refused != nil:
		refused(w)
	case !found:
		noComment(w, r)
	default:
		reply(w, status, a.commentWith(e.Issue, written, r))
	}
}

// full refuses a comment too many. Callers hold the lock.
func (s *Site) full(e *entry) refuser {
	most := s.options.MostComments
	if most == 0 || len(e.Comments) < most {
		return nil
	}
	return func(w http.ResponseWriter) {
		refuse(w, http.StatusRequestEntityTooLarge, "The issue has reached the limit of comments.")
	}
}

func (s *Site) commentDelete(a *asker, w http.ResponseWriter, r *http.Request) {
	id := parseID(r.PathValue("id"))
	s.mu.Lock()
	e, refused := s.writable(r)
	if refused == nil && !slices.ContainsFunc(e.Comments, func(c Comment) bool { return c.ID == id && a.reads(c) }) {
		refused = func(w http.ResponseWriter) { noComment(w, r) }
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
