package jirasim

import (
	"net/http"

	"tandem/internal/sim"
)

// mostRanked is how many issues one call may move.
const mostRanked = 50

// rankPut moves up to 50 issues next to an anchor.
func (s *Site) rankPut(a *asker, w http.ResponseWriter, r *http.Request) {
	var req struct {
		Issues []string `json:"issues"`
		Before string   `json:"rankBeforeIssue"`
		After  string   `json:"rankAfterIssue"`
		Field  int64    `json:"rankCustomFieldId"`
	}
	if !body(w, r, &req, true) {
		return
	}
	if (req.Before == "") == (req.After == "") || len(req.Issues) == 0 || len(req.Issues) > mostRanked {
		refuse(w, http.StatusBadRequest, "Name 1 to 50 issues and exactly one of rankBeforeIssue and rankAfterIssue.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	anchor := s.reachable(req.Before + req.After)
	var moved []*entry
	for _, key := range req.Issues {
		e := s.seen(a, key)
		if e == nil || anchor == nil {
			refuse(w, http.StatusBadRequest, "Issue does not exist or you do not have permission to see it.")
			return
		}
		if !a.mayRank(e.Project) {
			refuse(w, http.StatusForbidden, "You do not have permission to rank issues in this project.")
			return
		}
		moved = append(moved, e)
	}
	sim.CallOf(r.Context()).Effects = s.reorder(moved, anchor, req.Before != "", a.account.Person)
	w.WriteHeader(http.StatusNoContent)
}
