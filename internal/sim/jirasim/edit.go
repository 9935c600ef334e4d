package jirasim

import (
	"encoding/json"
	"net/http"

	"tandem/internal/sim"
)

// editing is the body of an edit or of a transition.
type editing struct {
	Fields     map[string]json.RawMessage              `json:"fields"`
	Update     map[string][]map[string]json.RawMessage `json:"update"`
	Properties []propertyBody                          `json:"properties"`
	History    json.RawMessage                         `json:"historyMetadata"`
	Transition struct {
		ID string `json:"id"`
	} `json:"transition"`
}

type propertyBody struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// issuePut edits an issue: all of the request or nothing.
func (s *Site) issuePut(a *asker, w http.ResponseWriter, r *http.Request) {
	var req editing
	if !s.mayMute(a, w, r) || !body(w, r, &req, false) {
		return
	}
	s.mu.Lock()
	e, refused := s.edit(a, r, req)
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	if r.URL.Query().Get("returnIssue") == "true" && !a.server {
		reply(w, http.StatusOK, a.bean(e, selection{}))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

type refuser func(http.ResponseWriter)

func (s *Site) edit(a *asker, r *http.Request, req editing) (*entry, refuser) {
	e, refused := s.writable(r)
	if refused != nil {
		return nil, refused
	}
	if refused := s.conflict(e); refused != nil {
		return nil, refused
	}
	draft, problems := s.draft(a, e, req)
	if len(problems) > 0 {
		return nil, func(w http.ResponseWriter) { refuseFields(w, problems) }
	}
	s.commit(a, r, e, req.History, func(i *Issue) { *i = *draft })
	return s.current[e.ID], nil
}

// writable finds the path's issue for a change. Callers hold the lock.
func (s *Site) writable(r *http.Request) (*entry, refuser) {
	e := s.reachable(r.PathValue("issueIdOrKey"))
	if e == nil {
		return nil, noIssue
	}
	if s.catalog.projects[e.Project].Access != ReadWrite {
		return nil, func(w http.ResponseWriter) {
			refuse(w, http.StatusForbidden, "You do not have permission to edit issues in this project.")
		}
	}
	return e, nil
}

// commit stores a change of the caller's and notes it for the log. Callers
// hold the lock.
func (s *Site) commit(a *asker, r *http.Request, e *entry, metadata json.RawMessage, edit func(*Issue)) {
	call := sim.CallOf(r.Context())
	s.muted = a.mutes(r, e.Project)
	defer func() { s.muted = false }()
	call.Effects = append(call.Effects, s.change(e, a.account.Person, metadata, edit)...)
}

// attach gives the comments of a request their ids and times. Callers hold
// the lock.
func (s *Site) attach(d *drafter) {
	for _, c := range d.comments {
		c.ID, c.Created, c.Updated = s.part(), s.now(), s.now()
		d.issue.Comments = append(d.issue.Comments, c)
	}
}

// draft applies a request to a copy of the issue and reports what is wrong,
// by field.
func (s *Site) draft(a *asker, e *entry, req editing) (*Issue, map[string]string) {
	return s.draftOn(a, e, req, nil)
}

// draftOn is like draft, for a transition's screen.
func (s *Site) draftOn(a *asker, e *entry, req editing, on *screen) (*Issue, map[string]string) {
	d := &drafter{asker: a, issue: e.clone(), lookup: s.reachable, screen: on, problems: map[string]string{}}
	for _, field := range sortedKeys(req.Fields) {
		if _, both := req.Update[field]; both {
			d.problems[field] = "Field '" + field + "' cannot appear in both 'fields' and 'update'"
			continue
		}
		d.apply(field, "set", req.Fields[field])
	}
	for _, field := range sortedKeys(req.Update) {
		for _, operation := range req.Update[field] {
			if len(operation) != 1 {
				d.problems[field] = "Each element of 'update' must have exactly one operation."
			}
			for verb, value := range operation {
				d.apply(field, verb, value)
			}
		}
	}
	for _, p := range req.Properties {
		if problem := badProperty(p.Key, p.Value); problem != "" {
			d.problems["properties"] = problem
			continue
		}
		setProperty(d.issue, p.Key, p.Value)
	}
	d.demand()
	if len(d.problems) == 0 {
		s.attach(d)
	}
	return d.issue, d.problems
}
