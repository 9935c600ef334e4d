package jirasim

import (
	"net/http"
	"slices"
)

// A workflow here leads from every status of the project to every other one.
// The id of a transition is that of its target with a 9 before it.

func transitionID(status string) string { return "9" + status }

func (s *Site) transitions(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	only := r.URL.Query().Get("transitionId")
	ways := []any{}
	for _, id := range a.ways(e.Issue) {
		if only == "" || only == transitionID(id) {
			ways = append(ways, object{
				"id": transitionID(id), "name": a.catalog.statuses[id].Name, "to": a.status(a.catalog.statuses[id]),
				"hasScreen": false, "isGlobal": true, "isInitial": false, "isAvailable": true, "isConditional": false, "looped": false,
			})
		}
	}
	reply(w, http.StatusOK, object{"expand": "transitions", "transitions": ways})
}

// ways lists the statuses the caller may lead the issue to.
func (a *asker) ways(i *Issue) []string {
	p := a.catalog.projects[i.Project]
	if p.Access != ReadWrite {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Statuses), func(id string) bool { return id == i.Status || a.catalog.statuses[id] == nil })
}

func (s *Site) transit(a *asker, w http.ResponseWriter, r *http.Request) {
	var req editing
	if !body(w, r, &req, false) {
		return
	}
	s.mu.Lock()
	refused := s.transitTo(a, r, req)
	s.mu.Unlock()
	if refused != nil {
		refused(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Site) transitTo(a *asker, r *http.Request, req editing) refuser {
	e, refused := s.writable(r)
	if refused != nil {
		return refused
	}
	targets := a.ways(e.Issue)
	n := slices.IndexFunc(targets, func(id string) bool { return transitionID(id) == req.Transition.ID })
	if n < 0 {
		return func(w http.ResponseWriter) {
			refuse(w, http.StatusBadRequest, "It seems that you have tried to perform an invalid workflow operation.")
		}
	}
	draft, problems := s.draft(a, e, req)
	if len(problems) > 0 {
		return func(w http.ResponseWriter) { refuseFields(w, problems) }
	}
	s.commit(a, r, e, req.History, func(i *Issue) {
		*i = *draft
		i.Status = targets[n]
	})
	return nil
}
