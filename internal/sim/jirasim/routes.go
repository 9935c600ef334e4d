package jirasim

import (
	"net/http"
	"strings"

	"tandem/internal/sim"
)

// handler answers one kind of request. It is called without the lock.
type handler func(a *asker, w http.ResponseWriter, r *http.Request)

type route struct {
	pattern string // method, space, template; /rest/api/* stands for all versions
	write   bool
	handle  handler
}

func (s *Site) table() []route {
	return []route{
		{"GET /rest/api/*/search/jql", false, s.searchGet},
		{"POST /rest/api/*/search/jql", false, s.searchPost},
		{"GET /rest/api/*/search", false, removed},
		{"POST /rest/api/*/search", false, removed},
		{"POST /rest/api/*/search/approximate-count", false, s.approximateCount},
		{"POST /rest/api/*/jql/parse", false, s.parseJQL},
		{"GET /rest/api/*/issue/{issueIdOrKey}", false, s.issueGet},
		{"PUT /rest/api/*/issue/{issueIdOrKey}", true, s.issuePut},
		{"POST /rest/api/*/issue/bulkfetch", false, s.bulkFetch},
		{"GET /rest/api/*/issue/{issueIdOrKey}/editmeta", false, s.editMeta},
		{"GET /rest/api/*/issue/{issueIdOrKey}/changelog", false, s.changelog},
		{"POST /rest/api/*/changelog/bulkfetch", false, s.changelogBulk},
		{"GET /rest/api/*/issue/{issueIdOrKey}/transitions", false, s.transitions},
		{"POST /rest/api/*/issue/{issueIdOrKey}/transitions", true, s.transit},
		{"GET /rest/api/*/issue/{issueIdOrKey}/properties", false, s.propertyKeys},
		{"GET /rest/api/*/issue/{issueIdOrKey}/properties/{propertyKey}", false, s.propertyGet},
		{"PUT /rest/api/*/issue/{issueIdOrKey}/properties/{propertyKey}", true, s.propertyPut},
		{"DELETE /rest/api/*/issue/{issueIdOrKey}/properties/{propertyKey}", true, s.propertyDelete},
		{"GET /rest/api/*/issue/{issueIdOrKey}/remotelink", false, s.remoteLinks},
		{"POST /rest/api/*/issue/{issueIdOrKey}/remotelink", true, s.remoteLinkPost},
		{"DELETE /rest/api/*/issue/{issueIdOrKey}/remotelink", true, s.remoteLinkDelete},
		{"GET /rest/api/*/issue/{issueIdOrKey}/comment", false, s.comments},
		{"GET /rest/api/*/issue/{issueIdOrKey}/comment/{id}", false, s.commentGet},
		{"POST /rest/api/*/issue/{issueIdOrKey}/comment", true, s.commentPost},
		{"PUT /rest/api/*/issue/{issueIdOrKey}/comment/{id}", true, s.commentPut},
		{"DELETE /rest/api/*/issue/{issueIdOrKey}/comment/{id}", true, s.commentDelete},
		{"GET /rest/api/*/field", false, s.fieldList},
		{"GET /rest/api/*/priority", false, s.priorityList},
		{"GET /rest/api/*/priority/search", false, s.prioritySearch},
		{"GET /rest/api/*/priorityscheme", false, s.prioritySchemes},
		{"GET /rest/api/*/priorityscheme/{schemeId}/priorities", false, s.schemePriorities},
		{"GET /rest/api/*/status", false, s.statusList},
		{"GET /rest/api/*/issuetype", false, s.typeList},
		{"GET /rest/api/*/project/search", false, s.projectSearch},
		{"GET /rest/api/*/project/{projectIdOrKey}", false, s.projectGet},
		{"GET /rest/api/*/project/{projectIdOrKey}/statuses", false, s.projectStatuses},
		{"GET /rest/api/*/project/{projectIdOrKey}/versions", false, s.projectVersions},
		{"GET /rest/api/*/project/{projectIdOrKey}/version", false, s.versionPage},
		{"GET /rest/api/*/version/{id}", false, s.versionGet},
		{"GET /rest/api/*/issue/createmeta/{projectIdOrKey}/issuetypes", false, s.createTypes},
		{"GET /rest/api/*/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", false, s.createFields},
		{"GET /rest/api/*/myself", false, s.myself},
		{"GET /rest/api/*/mypermissions", false, s.myPermissions},
		{"GET /rest/api/*/serverInfo", false, s.serverInfo},
		{"PUT /rest/agile/1.0/issue/rank", true, s.rankPut},
		{"GET /rest/agile/1.0/board", false, s.boardList},
		{"GET /rest/agile/1.0/board/{boardId}", false, s.boardGet},
		{"GET /rest/agile/1.0/board/{boardId}/configuration", false, s.boardConfiguration},
		{"GET /rest/agile/1.0/board/{boardId}/issue", false, s.boardIssues},
		{"GET /rest/agile/1.0/board/{boardId}/backlog", false, s.boardBacklog},
		{"GET /rest/agile/1.0/board/{boardId}/sprint", false, s.boardSprints},
		{"GET /rest/agile/1.0/sprint/{sprintId}", false, s.sprintGet},
		{"GET /rest/agile/1.0/sprint/{sprintId}/issue", false, s.sprintIssues},
		{"POST /rest/agile/1.0/sprint/{sprintId}/issue", true, s.sprintPost},
		{"POST /rest/agile/1.0/backlog/issue", true, s.backlogPost},
	}
}

// router is the service behind the gate.
type router struct {
	// first holds the paths that a pattern of the second one matches too,
	// neither being the narrower one.
	first, second *http.ServeMux
}

func (s *Site) routes() *router {
	t := &router{first: http.NewServeMux(), second: http.NewServeMux()}
	for _, entry := range s.deployed() {
		mux := t.second
		if strings.Contains(entry.pattern, "/createmeta/") {
			mux = t.first
		}
		if !strings.Contains(entry.pattern, "*") {
			mux.Handle(entry.pattern, s.serve(entry))
			continue
		}
		for _, version := range s.versions() {
			mux.Handle(strings.Replace(entry.pattern, "*", version, 1), s.serve(entry))
		}
	}
	return t
}

// pattern returns the pattern that a request matches, "" for none.
func (t *router) pattern(r *http.Request) string {
	if _, pattern := t.first.Handler(r); pattern != "" {
		return pattern
	}
	_, pattern := t.second.Handler(r)
	return pattern
}

// template returns the route of a request without its method.
func (t *router) template(r *http.Request) string {
	pattern := t.pattern(r)
	_, path, _ := strings.Cut(pattern, " ")
	return path
}

// ServeHTTP answers what no route matches as the service does.
func (t *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if sim.CallOf(r.Context()).Route == "" {
		noSuchPath(w, r)
		return
	}
	if _, pattern := t.first.Handler(r); pattern != "" {
		t.first.ServeHTTP(w, r)
		return
	}
	t.second.ServeHTTP(w, r)
}

func noSuchPath(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusNotFound, map[string]any{
		"message": "null for uri: " + r.URL.Path, "status-code": http.StatusNotFound,
	})
}

// serve checks limits and credentials before the handler runs.
func (s *Site) serve(entry route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := sim.CallOf(r.Context())
		call.Write = entry.write
		if s.options.Limits && !s.server() && !s.admit(w, r, entry.write) {
			return
		}
		s.mu.Lock()
		a, refused := s.login(r)
		if refused == nil {
			call.Actor, call.Service = s.catalog.name(a.account.Person), a.account.Service
		}
		s.mu.Unlock()
		if refused != nil {
			refused(w)
			return
		}
		if s.options.Limits && s.server() && !s.spend(a, w) {
			return
		}
		a.header = w.Header()
		if a.language != "" {
			translated := &foreign{ResponseWriter: w, status: http.StatusOK}
			defer translated.finish()
			w = translated
		}
		if s.guard(a, entry, w, r) {
			entry.handle(a, w, r)
		}
	})
}
