package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

func (s *Site) transitions(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	only := r.URL.Query().Get("transitionId")
	withFields := slices.Contains(strings.Split(r.URL.Query().Get("expand"), ","), "transitions.fields")
	ways := []any{}
	for _, t := range a.ways(e.Issue) {
		if only != "" && only != t.ID {
			continue
		}
		bean := object{
			"id": t.ID, "name": t.Name, "to": a.status(a.catalog.statuses[t.To]), "hasScreen": t.HasScreen,
			"isGlobal": len(t.From) == 0, "isInitial": false, "isAvailable": true, "isConditional": len(t.Hidden) > 0,
			"looped": t.To == e.Status,
		}
		if withFields {
			bean["fields"] = a.screenMeta(e.Issue, t)
		}
		ways = append(ways, bean)
	}
	reply(w, http.StatusOK, object{"expand": "transitions", "transitions": ways})
}

// screenMeta describes the fields of a transition's screen.
func (a *asker) screenMeta(i *Issue, t Transition) object {
	out, editable := object{}, a.editable(i)
	resolution := object{
		"required": true, "schema": object{"type": "resolution", "system": "resolution"}, "name": a.say("Resolution"),
		"key": "resolution", "operations": []string{"set"},
	}
	choices := []any{}
	for _, r := range a.catalog.world.Resolutions {
		choices = append(choices, a.resolution(&r))
	}
	resolution["allowedValues"] = choices
	editable["resolution"] = resolution
	for _, f := range t.Screen {
		meta, ok := editable[f.ID].(object)
		if !ok {
			continue
		}
		meta["required"] = f.Required
		if values, ok := meta["allowedValues"].([]any); ok && len(f.Allowed) > 0 {
			meta["allowedValues"] = slices.DeleteFunc(values, func(v any) bool {
				bean, _ := v.(object)
				id, _ := bean["id"].(string)
				return !slices.Contains(f.Allowed, id)
			})
		}
		out[f.ID] = meta
	}
	return out
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

// transitTo moves an issue along one of the ways that are open to the caller.
// Whoever may not is told the same as whoever names a way that is not there.
func (s *Site) transitTo(a *asker, r *http.Request, req editing) refuser {
	e := s.reachable(r.PathValue("issueIdOrKey"))
	if e == nil {
		return noIssue
	}
	ways := a.ways(e.Issue)
	n := slices.IndexFunc(ways, func(t Transition) bool { return t.ID == req.Transition.ID })
	if n < 0 {
		return func(w http.ResponseWriter) {
			refuse(w, http.StatusBadRequest, "It seems that you have tried to perform an invalid workflow operation.")
		}
	}
	if refused := s.conflict(e); refused != nil {
		return refused
	}
	draft, problems := s.draftOn(a, e, req, a.screenOf(e.Issue, &ways[n]))
	if len(problems) > 0 {
		return func(w http.ResponseWriter) { refuseFields(w, problems) }
	}
	s.commit(a, r, e, req.History, func(i *Issue) {
		*i = *draft
		i.Status = ways[n].To
	})
	return nil
}

// ConflictNext makes the next edit or transition of the issue answer 409, as
// when somebody else changes it at the same moment. Nothing changes then.
func (s *Site) ConflictNext(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.find(key); e != nil {
		s.conflicts[e.ID] = true
	}
}

// conflict refuses a write that was told to meet another one. Callers hold the
// lock.
func (s *Site) conflict(e *entry) refuser {
	if !s.conflicts[e.ID] {
		return nil
	}
	delete(s.conflicts, e.ID)
	return func(w http.ResponseWriter) {
		refuse(w, http.StatusConflict, "The issue could not be updated due to a conflicting concurrent update.")
	}
}
