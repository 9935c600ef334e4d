package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// Permission is the key of a right, as the service calls it.
type Permission string

// The rights that calls depend on here.
const (
	BrowseProjects     Permission = "BROWSE_PROJECTS"
	EditIssues         Permission = "EDIT_ISSUES"
	ScheduleIssues     Permission = "SCHEDULE_ISSUES"
	TransitionIssues   Permission = "TRANSITION_ISSUES"
	AddComments        Permission = "ADD_COMMENTS"
	LinkIssues         Permission = "LINK_ISSUES"
	AdministerProjects Permission = "ADMINISTER_PROJECTS"
	Administer         Permission = "ADMINISTER"
)

// may reports whether the caller has a right in a project.
func (a *asker) may(project string, right Permission) bool {
	p := a.catalog.projects[project]
	return p != nil && a.account.may(p, right)
}

// may reports whether the account has a right in a project: what the project
// lets accounts do bounds what the account was granted.
func (a *Account) may(p *Project, right Permission) bool {
	if p.Access == NoAccess || p.Access == ReadOnly && right != BrowseProjects {
		return false
	}
	if right == AdministerProjects && a.Admin {
		return true
	}
	granted, ok := a.Rights[p.Key]
	if !ok {
		granted, ok = a.Rights["*"]
	}
	if !ok {
		return a.Rights == nil && right != AdministerProjects && right != "DELETE_ISSUES"
	}
	return slices.Contains(granted, right)
}

// holds answers mypermissions: in a project, or anywhere for none.
func (a *asker) holds(p *Project, right Permission, global bool) bool {
	if global {
		return right == Administer && a.account.Admin
	}
	if p != nil {
		return a.account.may(p, right)
	}
	return slices.ContainsFunc(a.visibleProjects(), func(p *Project) bool { return a.account.may(p, right) })
}

// view returns the catalog as the account sees it: projects that it may not
// browse have no access, names are in its language. Callers hold the lock.
func (s *Site) view(account Account) *catalog {
	if account.Rights == nil && s.language == "" {
		return s.catalog
	}
	if seen := s.catalog.views[account.Email]; seen != nil {
		return seen
	}
	w := copyCatalog(s.catalog.world)
	for n := range w.Projects {
		if !account.may(&w.Projects[n], BrowseProjects) {
			w.Projects[n].Access = NoAccess
		}
	}
	translate(&w, s.language)
	seen := s.catalogOf(w)
	s.catalog.views[account.Email] = seen
	return seen
}

// seen is like reachable, for one account.
func (s *Site) seen(a *asker, idOrKey string) *entry {
	if e := s.find(idOrKey); e != nil && a.catalog.visible(e.Issue) {
		return e
	}
	return nil
}

// guard answers for what the caller may not see or do and reports whether the
// handler may go on. Transitions have their own way: they show none.
func (s *Site) guard(a *asker, entry route, w http.ResponseWriter, r *http.Request) bool {
	issue := r.PathValue("issueIdOrKey")
	if issue == "" || a.account.Rights == nil {
		return true
	}
	s.mu.Lock()
	e := s.seen(a, issue)
	s.mu.Unlock()
	if e == nil {
		noIssue(w)
		return false
	}
	right := needed(entry)
	if right == "" || a.may(e.Project, right) {
		return true
	}
	refuse(w, http.StatusForbidden, map[Permission]string{
		EditIssues:  "You do not have permission to edit issues in this project.",
		AddComments: "You do not have the permission to comment on this issue.",
		LinkIssues:  "You do not have permission to link issues in this project.",
	}[right])
	return false
}

// needed is the right that a call on an issue needs beyond browsing.
func needed(entry route) Permission {
	switch {
	case !entry.write || strings.HasSuffix(entry.pattern, "/transitions"):
		return ""
	case strings.Contains(entry.pattern, "/comment"):
		return AddComments
	case strings.Contains(entry.pattern, "/remotelink"):
		return LinkIssues
	}
	return EditIssues
}

// mayRank reports whether the caller may reorder issues of a project.
func (a *asker) mayRank(project string) bool {
	return a.may(project, ScheduleIssues) && a.may(project, EditIssues)
}
