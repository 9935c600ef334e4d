package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// visibleProjects are sorted by key.
func (a *asker) visibleProjects() []*Project {
	all := slices.DeleteFunc(pointers(a.catalog.world.Projects), func(p *Project) bool { return p.Access == NoAccess })
	slices.SortFunc(all, func(p, q *Project) int { return strings.Compare(p.Key, q.Key) })
	return all
}

func (s *Site) projectSearch(a *asker, w http.ResponseWriter, r *http.Request) {
	all := a.visibleProjects()
	if keys := list(r, "keys"); len(keys) > 0 {
		all = slices.DeleteFunc(all, func(p *Project) bool { return !slices.Contains(keys, p.Key) })
	}
	if ids := list(r, "id"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(p *Project) bool { return !slices.Contains(ids, p.ID) })
	}
	if text := strings.ToLower(r.URL.Query().Get("query")); text != "" {
		all = slices.DeleteFunc(all, func(p *Project) bool {
			return !strings.Contains(strings.ToLower(p.Key), text) && !strings.Contains(strings.ToLower(p.Name), text)
		})
	}
	reply(w, http.StatusOK, a.pageBean(r, 50, 100, len(all), func(i int) any { return a.projectBean(all[i], r) }))
}

// projectBean writes a project with what expand asks for.
func (a *asker) projectBean(p *Project, r *http.Request) object {
	bean := a.fullProject(p)
	for _, part := range list(r, "expand") {
		switch part {
		case "issueTypes":
			bean["issueTypes"] = a.projectTypes(p)
		case "lead":
			bean["lead"] = a.person(p.Lead)
		case "description":
			bean["description"] = ""
		}
	}
	return bean
}

func (a *asker) projectTypes(p *Project) []any {
	out := []any{}
	for _, id := range p.Types {
		if t := a.catalog.types[id]; t != nil {
			out = append(out, a.issueType(t))
		}
	}
	return out
}

// visibleProject returns the project of the path, or answers 404.
func (s *Site) visibleProject(a *asker, w http.ResponseWriter, r *http.Request) *Project {
	name := r.PathValue("projectIdOrKey")
	p := a.catalog.projects[strings.ToUpper(name)]
	if p == nil {
		p = a.catalog.projectIDs[name]
	}
	if p == nil || p.Access == NoAccess {
		refuse(w, http.StatusNotFound, "No project could be found with key '"+name+"'.")
		return nil
	}
	return p
}

func (s *Site) projectGet(a *asker, w http.ResponseWriter, r *http.Request) {
	p := s.visibleProject(a, w, r)
	if p == nil {
		return
	}
	bean := a.fullProject(p)
	bean["issueTypes"], bean["description"], bean["assigneeType"] = a.projectTypes(p), "", "UNASSIGNED"
	bean["components"], bean["versions"] = a.componentBeans(p, nil, true), a.projectVersionBeans(p)
	if lead := a.person(p.Lead); lead != nil {
		bean["lead"] = lead
	}
	reply(w, http.StatusOK, bean)
}

func (a *asker) projectVersionBeans(p *Project) []any {
	out := []any{}
	for _, v := range p.Versions {
		out = append(out, a.versionBean(p, v))
	}
	return out
}

// projectList lists all projects at once, as a Data Center does.
func (s *Site) projectList(a *asker, w http.ResponseWriter, r *http.Request) {
	out := []any{}
	for _, p := range a.visibleProjects() {
		out = append(out, a.projectBean(p, r))
	}
	reply(w, http.StatusOK, out)
}

func (s *Site) projectVersions(a *asker, w http.ResponseWriter, r *http.Request) {
	if p := s.visibleProject(a, w, r); p != nil {
		reply(w, http.StatusOK, a.projectVersionBeans(p))
	}
}
