package githubsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// related names issues by their ids.
func (s *Site) related(ids ...int64) string {
	var keys []string
	for _, id := range ids {
		if id != 0 {
			keys = append(keys, s.keyOf(id))
		}
	}
	return strings.Join(keys, " ")
}

// byID finds an issue that the asker may see.
func (a *asker) byID(id int64) (*repository, *Issue) {
	for _, r := range a.site.repositories {
		if number, ok := r.numbers[id]; ok && a.sees(r) {
			return r, r.issues[number]
		}
	}
	return nil, nil
}

// depend remembers where issues are that wait for others.
func (s *Site) depend(r *repository, i *Issue) {
	if len(i.BlockedBy) > 0 {
		s.dependent[r] = true
	}
}

type dependencies struct {
	BlockedBy      int `json:"blocked_by"`
	Blocking       int `json:"blocking"`
	TotalBlockedBy int `json:"total_blocked_by"`
	TotalBlocking  int `json:"total_blocking"`
}

// relate shows what an issue is a part of and what must come before it.
// Enterprise Servers have no parts of issues.
func (a *asker) relate(v *issueView, i *Issue) {
	if !a.site.options.Enterprise && !i.PullRequest {
		v.Parent = json.RawMessage("null")
		if r, parent := a.byID(i.Parent); parent != nil {
			v.Parent = json.RawMessage(fmt.Sprintf("%q", fmt.Sprintf("%s/issues/%d", a.self(r), parent.Number)))
		}
	}
	d := &dependencies{TotalBlockedBy: len(i.BlockedBy)}
	for _, id := range i.BlockedBy {
		if _, first := a.byID(id); first != nil && first.State == Open {
			d.BlockedBy++
		}
	}
	for r := range a.site.dependent {
		for _, other := range r.issues {
			if slices.Contains(other.BlockedBy, i.ID) {
				d.TotalBlocking++
				if other.State == Open {
					d.Blocking++
				}
			}
		}
	}
	v.Dependencies = d
}

// blockedBy answers with the issues that must come before one.
func (s *Site) blockedBy(a *asker, r *http.Request) reply {
	repo, i, refused := a.issue(r)
	if refused != nil {
		return *refused
	}
	var first []int64
	for _, id := range i.BlockedBy {
		if _, seen := a.byID(id); seen != nil {
			first = append(first, id)
		}
	}
	address := fmt.Sprintf("%s/repositories/%d/issues/%d/dependencies/blocked_by", a.base, repo.ID, i.Number)
	return paged(r, address, first, func(id int64) any {
		at, other := a.byID(id)
		return a.show(at, other)
	})
}
