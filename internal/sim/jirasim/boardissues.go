package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// boardIssues lists the issues of the board's filter, by rank.
func (s *Site) boardIssues(a *asker, w http.ResponseWriter, r *http.Request) {
	if b := s.visibleBoard(a, w, r); b != nil {
		s.agileIssues(a, w, r, b.filter(), func(*entry) bool { return true })
	}
}

// boardBacklog lists the issues of the board that are neither done nor in an
// active or future sprint, by rank.
func (s *Site) boardBacklog(a *asker, w http.ResponseWriter, r *http.Request) {
	if b := s.visibleBoard(a, w, r); b != nil {
		s.agileIssues(a, w, r, b.filter(), func(e *entry) bool {
			return !a.catalog.done(e.Status) && a.catalog.current(e.Issue) == nil
		})
	}
}

// sprintIssues lists the issues that are, or were, in a sprint.
func (s *Site) sprintIssues(a *asker, w http.ResponseWriter, r *http.Request) {
	if sprint := s.visibleSprint(a, w, r); sprint != nil {
		s.agileIssues(a, w, r, "ORDER BY Rank ASC", func(e *entry) bool { return slices.Contains(e.Sprints, sprint.ID) })
	}
}

// agileIssues answers with one page of what the filter, the request's own
// query and the condition leave. The order is the request's, else the
// filter's, else by rank.
func (s *Site) agileIssues(a *asker, w http.ResponseWriter, r *http.Request, filter string, also predicate) {
	req, ok := offsetQuery(w, r)
	if !ok {
		return
	}
	found, total, problems := s.readAgile(a, req, filter, also)
	if len(problems) > 0 {
		refuse(w, http.StatusBadRequest, problems...)
		return
	}
	issues := make([]any, len(found))
	for i, e := range found {
		issues[i] = a.agileBean(e, selection{fields: req.Fields, expand: strings.Join(req.Expand, ",")})
	}
	reply(w, http.StatusOK, object{
		"expand": "schema,names", "startAt": req.StartAt, "maxResults": a.agileSize(req), "total": total, "issues": issues,
	})
}

// agileSize is the size of a page: Cloud gives at most 100 issues.
func (a *asker) agileSize(req offsetSearch) int {
	if a.server {
		return req.size()
	}
	return min(req.size(), fieldsPage)
}

func (s *Site) readAgile(a *asker, req offsetSearch, filter string, also predicate) (found []*entry, total int, problems []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.index.catchUp(now)
	board, problems := s.strictly(a, filter, now)
	own, more := s.strictly(a, req.JQL, now)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, 0, problems
	}
	both := *own
	both.matches = func(e *entry) bool { return own.matches(e) && board.matches(e) && also(e) }
	if len(both.order) == 0 {
		both.order = board.order
	}
	if len(both.order) == 0 {
		both.order = []sortTerm{{field: "rank"}}
	}
	found, total = s.cut(&both, req.StartAt, a.agileSize(req))
	return found, total, nil
}

// agileBean writes an issue with the fields that only the Agile interface
// adds.
func (a *asker) agileBean(e *entry, sel selection) object {
	bean := a.bean(e, sel)
	bean["self"] = a.agile("/issue/" + bean["id"].(string))
	fields := bean["fields"].(object)
	wants := func(name string) bool {
		return len(sel.fields) == 0 || slices.Contains(sel.fields, name) || slices.Contains(sel.fields, "*all") || slices.Contains(sel.fields, "*navigable")
	}
	if wants("flagged") {
		fields["flagged"] = false
	}
	if wants("sprint") {
		fields["sprint"] = nil
		if current := a.catalog.current(e.Issue); current != nil {
			fields["sprint"] = a.sprint(current)
		}
	}
	closed := []any{}
	for _, id := range e.Sprints {
		if s := a.catalog.sprint(id); s != nil && s.State == ClosedSprint {
			closed = append(closed, a.sprint(s))
		}
	}
	if len(closed) > 0 && wants("closedSprints") {
		fields["closedSprints"] = closed
	}
	return bean
}
