package jirasim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// prioritySchemes pages through the schemes, with their priorities and
// projects when asked.
func (s *Site) prioritySchemes(a *asker, w http.ResponseWriter, r *http.Request) {
	all := pointers(a.catalog.world.Schemes)
	if ids := list(r, "schemeId"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(p *Scheme) bool { return !slices.Contains(ids, p.ID) })
	}
	if ids := list(r, "priorityId"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(p *Scheme) bool {
			return !slices.ContainsFunc(ids, func(id string) bool { return slices.Contains(p.Priorities, id) })
		})
	}
	if name := r.URL.Query().Get("schemeName"); name != "" {
		all = slices.DeleteFunc(all, func(p *Scheme) bool { return !strings.EqualFold(p.Name, name) })
	}
	expand := list(r, "expand")
	reply(w, http.StatusOK, a.pageBean(r, 50, 50, len(all), func(i int) any { return a.schemeBean(all[i], expand) }))
}

// schemeBean leaves out which scheme is the default: the description calls
// isDefault write-only and shows it in its example.
func (a *asker) schemeBean(scheme *Scheme, expand []string) object {
	bean := object{
		"id": scheme.ID, "name": scheme.Name, "description": "",
		"self": a.self("/priorityscheme/" + scheme.ID),
	}
	if scheme.Default != "" {
		bean["defaultPriorityId"] = scheme.Default
	}
	if slices.Contains(expand, "priorities") {
		bean["priorities"] = whole(a.sequence(scheme))
	}
	if slices.Contains(expand, "projects") {
		projects := []any{}
		for _, p := range a.visibleProjects() {
			if p.Scheme == scheme.ID {
				projects = append(projects, a.project(p))
			}
		}
		bean["projects"] = whole(projects)
	}
	return bean
}

// whole is a page that holds everything.
func whole(values []any) object {
	return object{"isLast": true, "maxResults": 50, "startAt": 0, "total": len(values), "values": values}
}

// sequence lists the priorities of a scheme in its own order.
func (a *asker) sequence(scheme *Scheme) []any {
	out := []any{}
	for n, id := range scheme.Priorities {
		p := a.catalog.priorities[id]
		if p == nil {
			continue
		}
		bean := a.priorityBeans([]*Priority{p})[0].(object)
		bean["isDefault"], bean["sequence"] = id == scheme.Default, strconv.Itoa(n)
		out = append(out, bean)
	}
	return out
}

// schemePriorities pages through the priorities of one scheme.
func (s *Site) schemePriorities(a *asker, w http.ResponseWriter, r *http.Request) {
	scheme := a.catalog.schemes[r.PathValue("schemeId")]
	if scheme == nil {
		refuse(w, http.StatusBadRequest, "The priority scheme does not exist.")
		return
	}
	all := a.sequence(scheme)
	reply(w, http.StatusOK, a.pageBean(r, 50, 50, len(all), func(i int) any { return all[i] }))
}
