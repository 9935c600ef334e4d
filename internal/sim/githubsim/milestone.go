package githubsim

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// milestoneList answers with the milestones of a repository: open ones by due
// date unless asked otherwise.
func (s *Site) milestoneList(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	v := r.URL.Query()
	state := cmp.Or(v.Get("state"), Open)
	var shown []*Milestone
	for _, number := range slices.Sorted(maps.Keys(repo.milestones)) {
		if m := repo.milestones[number]; state == "all" || m.State == state {
			shown = append(shown, m)
		}
	}
	slices.SortStableFunc(shown, func(x, y *Milestone) int {
		if v.Get("sort") == "completeness" {
			return cmp.Compare(repo.completeness(x), repo.completeness(y))
		}
		return compareDue(x.Due, y.Due)
	})
	if v.Get("direction") == "desc" {
		slices.Reverse(shown)
	}
	address := fmt.Sprintf("%s/repositories/%d/milestones", a.base, repo.ID)
	return paged(r, address, shown, func(m *Milestone) any { return a.milestone(repo, m) })
}

// compareDue puts what has no due date last.
func compareDue(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return map[bool]int{true: 1, false: -1}[a.IsZero()]
	}
	return a.Compare(b)
}

func (r *repository) completeness(m *Milestone) float64 {
	n := r.progress[m.Number]
	return float64(n[closedState]) / float64(max(n[openState]+n[closedState], 1))
}

// milestoneGet answers with one milestone.
func (s *Site) milestoneGet(a *asker, r *http.Request) reply {
	repo, refused := a.repository(r)
	if refused != nil {
		return *refused
	}
	number, err := strconv.Atoi(r.PathValue("milestone_number"))
	if m := repo.milestones[number]; err == nil && m != nil {
		return ok(a.milestone(repo, m))
	}
	return missing()
}
