package jirasim

import (
	"net/http"
	"slices"

	"tandem/internal/sim"
)

// mostRanked is how many issues one call may move.
const mostRanked = 50

// ranking is the body of a call to rank.
type ranking struct {
	Issues []string `json:"issues"`
	Before string   `json:"rankBeforeIssue"`
	After  string   `json:"rankAfterIssue"`
	Field  int64    `json:"rankCustomFieldId"`
}

// rankPut moves up to 50 issues next to an anchor.
func (s *Site) rankPut(a *asker, w http.ResponseWriter, r *http.Request) {
	var req ranking
	if !body(w, r, &req, true) {
		return
	}
	if (req.Before == "") == (req.After == "") || len(req.Issues) == 0 || len(req.Issues) > mostRanked {
		refuse(w, http.StatusBadRequest, "Name 1 to 50 issues and exactly one of rankBeforeIssue and rankAfterIssue.")
		return
	}
	if req.Field != 0 && req.Field != int64(a.fields.rank) {
		refuse(w, http.StatusBadRequest, "The custom field is not a rank field.")
		return
	}
	s.mu.Lock()
	entries, refused := s.rankNow(a, r, req)
	s.mu.Unlock()
	switch {
	case refused != nil:
		refused(w)
	case entries != nil:
		reply(w, http.StatusMultiStatus, object{"entries": entries})
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// rankNow ranks what can be ranked. It returns one entry per issue when some
// cannot be at this time. Callers hold the lock.
func (s *Site) rankNow(a *asker, r *http.Request, req ranking) ([]any, refuser) {
	anchor := s.seen(a, req.Before+req.After)
	if anchor == nil {
		return nil, noIssueToRank
	}
	moved, refused := s.schedulable(a, req.Issues)
	if refused != nil {
		return nil, refused
	}
	var entries []any
	stumbled := false
	for _, e := range moved {
		entry := object{"issueId": e.ID, "issueKey": e.Key, "status": http.StatusOK}
		if s.unranked[e.ID] {
			stumbled = true
			entry["status"] = http.StatusServiceUnavailable
			entry["errors"] = []string{"JIRA Agile cannot execute the rank operation at this time. Please try again later."}
		}
		entries = append(entries, entry)
	}
	moved = slices.DeleteFunc(moved, func(e *entry) bool {
		failed := s.unranked[e.ID]
		delete(s.unranked, e.ID)
		return failed
	})
	sim.CallOf(r.Context()).Effects = s.reorder(moved, anchor, req.Before != "", a.account.Person)
	if !stumbled {
		entries = nil
	}
	return entries, nil
}
