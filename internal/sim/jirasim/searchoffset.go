package jirasim

import (
	"net/http"
	"strconv"
	"strings"
)

// offsetSearch is a request to the search of a Data Center.
type offsetSearch struct {
	JQL        string   `json:"jql"`
	StartAt    int      `json:"startAt"`
	MaxResults *int     `json:"maxResults"`
	Fields     []string `json:"fields"`
	Expand     []string `json:"expand"`
	Validate   *bool    `json:"validateQuery"`
}

// offsetPage is the largest page of an offset search.
const offsetPage = 1000

func (q offsetSearch) size() int {
	switch {
	case q.MaxResults == nil:
		return usualPage
	case *q.MaxResults < 0:
		return offsetPage
	}
	return min(*q.MaxResults, offsetPage)
}

func (s *Site) offsetPost(a *asker, w http.ResponseWriter, r *http.Request) {
	var req offsetSearch
	if body(w, r, &req, true) {
		s.offset(a, w, req)
	}
}

func (s *Site) offsetGet(a *asker, w http.ResponseWriter, r *http.Request) {
	if req, ok := offsetQuery(w, r); ok {
		s.offset(a, w, req)
	}
}

// offsetQuery reads the parameters of a search, or answers 404 as a Data
// Center does when a number is none.
func offsetQuery(w http.ResponseWriter, r *http.Request) (offsetSearch, bool) {
	q := r.URL.Query()
	req := offsetSearch{JQL: q.Get("jql"), Fields: list(r, "fields"), Expand: list(r, "expand")}
	if text := q.Get("validateQuery"); text != "" {
		validate := text == "true"
		req.Validate = &validate
	}
	for name, put := range map[string]func(int){
		"startAt": func(n int) { req.StartAt = n }, "maxResults": func(n int) { req.MaxResults = &n },
	} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				noSuchPath(w, r)
				return req, false
			}
			put(n)
		}
	}
	return req, true
}

func (s *Site) offset(a *asker, w http.ResponseWriter, req offsetSearch) {
	found, total, problems := s.readOffset(a, req)
	answer := object{"expand": "schema,names", "startAt": max(req.StartAt, 0), "maxResults": req.size(), "total": total}
	if len(problems) > 0 {
		if req.Validate == nil || *req.Validate {
			refuse(w, http.StatusBadRequest, problems...)
			return
		}
		answer["warningMessages"] = problems
	}
	fields := req.Fields
	if len(fields) == 0 {
		fields = []string{"*navigable"}
	}
	issues := make([]any, len(found))
	for i, e := range found {
		issues[i] = a.bean(e, selection{fields: fields, expand: strings.Join(req.Expand, ",")})
	}
	answer["issues"] = issues
	reply(w, http.StatusOK, answer)
}

// readOffset finds one page and counts all that match. Rows that move between
// two requests shift the pages: that is how offsets are.
func (s *Site) readOffset(a *asker, req offsetSearch) (found []*entry, total int, problems []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.index.catchUp(now)
	compiled, problems := s.strictly(a, req.JQL, now)
	if len(problems) > 0 {
		return nil, 0, problems
	}
	found, total = s.cut(compiled, req.StartAt, req.size())
	return found, total, nil
}

// cut returns the part of an answer between two offsets, and its whole length.
// Callers hold the lock.
func (s *Site) cut(compiled *compiled, start, size int) (found []*entry, total int) {
	walk := &walker{site: s, compiled: compiled}
	take := func(e *entry) {
		if total >= start && len(found) < size {
			found = append(found, e)
		}
		total++
	}
	if order, compare, down, ok := walk.index(); ok {
		for e := range walk.scan(order, compare, down, nil) {
			take(e)
		}
		return found, total
	}
	for _, e := range walk.sorted() {
		take(e)
	}
	return found, total
}
