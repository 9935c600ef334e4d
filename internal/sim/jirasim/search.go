package jirasim

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// searching is a request to /search/jql, from either method.
type searching struct {
	JQL           string   `json:"jql"`
	NextPageToken string   `json:"nextPageToken"`
	MaxResults    *int     `json:"maxResults"`
	Fields        []string `json:"fields"`
	Expand        string   `json:"expand"`
	Properties    []string `json:"properties"`
	FieldsByKeys  bool     `json:"fieldsByKeys"`
	Reconcile     []int64  `json:"reconcileIssues"`
}

// Page sizes of the search.
const (
	usualPage  = 50
	fieldsPage = 100  // when more than ids are asked for
	idsPage    = 5000 // ids only
)

func (s *Site) searchPost(a *asker, w http.ResponseWriter, r *http.Request) {
	var req searching
	if body(w, r, &req, true) {
		s.search(a, w, req)
	}
}

func (s *Site) searchGet(a *asker, w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	req := searching{
		JQL: q.Get("jql"), NextPageToken: q.Get("nextPageToken"), Fields: list(r, "fields"),
		Properties: list(r, "properties"), Expand: q.Get("expand"),
	}
	if text := q.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			refuse(w, http.StatusBadRequest, "The value '"+text+"' of the query parameter 'maxResults' is not a number.")
			return
		}
		req.MaxResults = &n
	}
	for _, id := range list(r, "reconcileIssues") {
		req.Reconcile = append(req.Reconcile, parseID(id))
	}
	s.search(a, w, req)
}

// size returns how many issues a page may hold.
func (q searching) size() int {
	n := usualPage
	if q.MaxResults != nil {
		n = *q.MaxResults
	}
	onlyIDs := len(q.Properties) == 0 && !slices.ContainsFunc(q.Fields, func(f string) bool { return f != "id" && f != "key" })
	if onlyIDs {
		return min(n, idsPage)
	}
	return min(n, fieldsPage)
}

func (s *Site) search(a *asker, w http.ResponseWriter, req searching) {
	if len(req.Properties) > 5 || len(req.Reconcile) > 50 || req.size() < 0 {
		badPayload(w)
		return
	}
	found, next, problems := s.readPage(a, req)
	if len(problems) > 0 {
		refuse(w, http.StatusBadRequest, problems...)
		return
	}
	answer := map[string]any{"isLast": next == ""}
	if next != "" {
		answer["nextPageToken"] = next
	}
	issues := make([]any, len(found))
	for i, e := range found {
		issues[i] = a.bean(e, selection{fields: orID(req.Fields), properties: req.Properties, expand: req.Expand, sparse: true})
	}
	answer["issues"] = issues
	reply(w, http.StatusOK, answer)
}

// orID applies the search's default, which is the id alone.
func orID(fields []string) []string {
	if len(fields) == 0 {
		return []string{"id"}
	}
	return fields
}

// readPage reads one page under the lock.
func (s *Site) readPage(a *asker, req searching) (found []*entry, next string, problems []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	s.index.catchUp(now)
	compiled, problems := s.compile(a, req.JQL, now)
	if len(problems) > 0 {
		return nil, "", problems
	}
	id := fingerprint(req.JQL, req.Reconcile)
	m := mark{Query: id, Issued: now}
	if req.NextPageToken != "" {
		var err error
		if m, err = readMark(req.NextPageToken, id, now); err != nil {
			return nil, "", []string{sentence(err.Error())}
		}
	}
	walk := &walker{site: s, compiled: compiled, fresh: map[int64]*entry{}}
	for _, id := range req.Reconcile {
		if e := s.current[id]; e != nil {
			walk.fresh[id] = e
		}
	}
	size := req.size()
	if size == 0 {
		return nil, "", nil
	}
	found, m, more, err := walk.page(m, req.NextPageToken != "", size)
	if err != nil {
		return nil, "", []string{sentence(err.Error())}
	}
	if more {
		next = m.token()
	}
	return found, next, nil
}

// compile parses a query; bare words are a text search, as the service has it.
// Callers hold the lock.
func (s *Site) compile(a *asker, jql string, now time.Time) (*compiled, []string) {
	compiled, problems := s.strictly(a, jql, now)
	if len(problems) > 0 && bareWords(jql) {
		words := &query{where: &node{clause: &clause{field: "text", op: "~", values: []operand{{text: jql}}}}}
		compiled, problems = (&compiler{asker: a, now: now, lookup: s.reachable}).compile(words)
	}
	if len(problems) == 0 && !compiled.bounded {
		problems = []string{"Unbounded JQL queries are not allowed here. Please add a search restriction to your query."}
	}
	return compiled, problems
}

// strictly parses a query and reports all mistakes.
func (s *Site) strictly(a *asker, jql string, now time.Time) (*compiled, []string) {
	q, err := parseQuery(jql)
	if err != nil {
		return nil, []string{sentence(err.Error())}
	}
	return (&compiler{asker: a, now: now, lookup: s.reachable}).compile(q)
}

func (s *Site) approximateCount(a *asker, w http.ResponseWriter, r *http.Request) {
	var req struct {
		JQL string `json:"jql"`
	}
	if !body(w, r, &req, true) {
		return
	}
	s.mu.Lock()
	s.index.catchUp(s.now())
	compiled, problems := s.compile(a, req.JQL, s.now())
	n := 0
	if len(problems) == 0 {
		walk := &walker{site: s, compiled: compiled}
		for _, e := range s.index.issues {
			if walk.matches(e) {
				n++
			}
		}
	}
	s.mu.Unlock()
	if len(problems) > 0 {
		refuse(w, http.StatusBadRequest, problems...)
		return
	}
	reply(w, http.StatusOK, map[string]any{"count": n})
}

// parseJQL tells what is wrong with queries. Bare words are wrong here, though
// the search takes them.
func (s *Site) parseJQL(a *asker, w http.ResponseWriter, r *http.Request) {
	validation := r.URL.Query().Get("validation")
	if !slices.Contains([]string{"strict", "warn", "none"}, validation) {
		refuse(w, http.StatusBadRequest, "The query parameter 'validation' must be one of strict, warn, none.")
		return
	}
	var req struct {
		Queries []string `json:"queries"`
	}
	if !body(w, r, &req, true) {
		return
	}
	if len(req.Queries) == 0 {
		refuse(w, http.StatusBadRequest, "The JQL query list is empty.")
		return
	}
	answers := make([]map[string]any, len(req.Queries))
	for i, jql := range req.Queries {
		answers[i] = map[string]any{"query": jql}
		s.mu.Lock()
		compiled, problems := s.strictly(a, jql, s.now())
		s.mu.Unlock()
		switch {
		case compiled == nil: // does not parse, whatever the validation
			answers[i]["errors"] = problems
		case len(problems) > 0 && validation != "none":
			answers[i][map[string]string{"strict": "errors", "warn": "warnings"}[validation]] = problems
		}
	}
	reply(w, http.StatusOK, map[string]any{"queries": answers})
}
