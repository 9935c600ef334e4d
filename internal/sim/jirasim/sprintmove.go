package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/sim"
)

func (s *Site) backlogPost(a *asker, w http.ResponseWriter, r *http.Request) {
	s.assign(a, w, r, 0)
}

func (s *Site) sprintPost(a *asker, w http.ResponseWriter, r *http.Request) {
	sprint := s.visibleSprint(a, w, r)
	if sprint == nil {
		return
	}
	if sprint.State == ClosedSprint {
		refuse(w, http.StatusBadRequest, "Issues can be moved only to open or active sprints.")
		return
	}
	s.assign(a, w, r, sprint.ID)
}

// assign moves issues into a sprint; 0 is the backlog.
func (s *Site) assign(a *asker, w http.ResponseWriter, r *http.Request, sprint int64) {
	var req ranking // moving into a sprint may rank as well
	if !body(w, r, &req, true) {
		return
	}
	if len(req.Issues) == 0 || len(req.Issues) > mostRanked || req.Before != "" && req.After != "" {
		refuse(w, http.StatusBadRequest, "The number of issues must be between 1 and 50.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	moved, refused := s.schedulable(a, req.Issues)
	if refused != nil {
		refused(w)
		return
	}
	anchor := s.seen(a, req.Before+req.After)
	if anchor == nil && req.Before+req.After != "" {
		noIssueToRank(w)
		return
	}
	call := sim.CallOf(r.Context())
	for _, e := range moved {
		call.Effects = append(call.Effects, s.change(s.current[e.ID], a.account.Person, nil, func(i *Issue) { a.catalog.assign(i, sprint) })...)
	}
	if anchor != nil {
		call.Effects = append(call.Effects, s.reorder(moved, anchor, req.Before != "", a.account.Person)...)
	}
	w.WriteHeader(http.StatusNoContent)
}

// schedulable finds the issues that the caller may rank and put into sprints.
// Callers hold the lock.
func (s *Site) schedulable(a *asker, keys []string) ([]*entry, refuser) {
	var found []*entry
	for _, key := range keys {
		e := s.seen(a, key)
		if e == nil {
			return nil, noIssueToRank
		}
		if !a.mayRank(e.Project) {
			return nil, func(w http.ResponseWriter) {
				refuse(w, http.StatusForbidden, "You do not have permission to schedule issues in this project.")
			}
		}
		found = append(found, e)
	}
	return found, nil
}

func noIssueToRank(w http.ResponseWriter) {
	refuse(w, http.StatusBadRequest, "Issue does not exist or you do not have permission to see it.")
}

// sprintOf sets the sprint of an issue by its number; null is the backlog.
func (d *drafter) sprintOf(verb string, raw json.RawMessage) {
	var id *int64
	switch {
	case verb != "set":
		d.fail(d.sprintField(), "The operation '%s' is not supported by the field 'Sprint'.", verb)
	case json.Unmarshal(raw, &id) != nil:
		d.fail(d.sprintField(), "Number value expected as the Sprint id.")
	case id == nil:
		d.catalog.assign(d.issue, 0)
	default:
		sprint := d.catalog.sprint(*id)
		if sprint == nil || sprint.State == ClosedSprint {
			d.fail(d.sprintField(), "Sprint with ID %d does not exist or is closed.", *id)
			return
		}
		d.catalog.assign(d.issue, *id)
	}
}

// compareSprints notes that an issue came into a sprint or left one.
func (c *catalog) compareSprints(d *difference, before, after *Issue) {
	if slices.Equal(before.Sprints, after.Sprints) {
		return
	}
	show := func(ids []int64) (numbers, names []string) {
		for _, id := range ids {
			numbers = append(numbers, strconv.FormatInt(id, 10))
			names = append(names, nameOf(c.sprint(id), func(s *Sprint) string { return s.Name }))
		}
		return numbers, names
	}
	from, fromNames := show(before.Sprints)
	to, toNames := show(after.Sprints)
	id := "customfield_" + strconv.Itoa(c.numbers.sprint)
	d.items = append(d.items, Item{
		Field: "Sprint", FieldID: id, FieldType: "custom", From: strings.Join(from, ", "), FromText: strings.Join(fromNames, ", "),
		To: strings.Join(to, ", "), ToText: strings.Join(toNames, ", "),
	})
	d.effects = append(d.effects, elements(after.Key, id, from, to)...)
}
