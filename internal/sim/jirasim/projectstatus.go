package jirasim

import "net/http"

// projectStatuses lists the statuses of a project by issue type.
func (s *Site) projectStatuses(a *asker, w http.ResponseWriter, r *http.Request) {
	p := s.visibleProject(a, w, r)
	if p == nil {
		return
	}
	out := []any{}
	for _, id := range p.Types {
		t := a.catalog.types[id]
		if t == nil {
			continue
		}
		statuses := []any{}
		for _, status := range p.statuses(id) {
			if st := a.catalog.statuses[status]; st != nil {
				statuses = append(statuses, a.status(st))
			}
		}
		out = append(out, object{"self": a.self("/issuetype/" + t.ID), "id": t.ID, "name": t.Name, "subtask": t.Subtask, "statuses": statuses})
	}
	reply(w, http.StatusOK, out)
}
