package jirasim

import (
	"net/http"
	"slices"
	"strconv"
)

// schemeList pages through the priority schemes, for administrators.
func (s *Site) schemeList(a *asker, w http.ResponseWriter, r *http.Request) {
	if !a.administers(w) {
		return
	}
	all := a.catalog.world.Schemes
	start, size, end := pageRange(r, 50, 1000, len(all))
	beans := []any{}
	for i := start; i < end; i++ {
		beans = append(beans, a.scheme(&all[i], i == 0, list(r, "expand")))
	}
	reply(w, http.StatusOK, object{"startAt": start, "maxResults": size, "total": len(all), "schemes": beans})
}

func (s *Site) schemeGet(a *asker, w http.ResponseWriter, r *http.Request) {
	if !a.administers(w) {
		return
	}
	id := r.PathValue("schemeId")
	all := a.catalog.world.Schemes
	n := slices.IndexFunc(all, func(scheme Scheme) bool { return scheme.ID == id })
	if n < 0 {
		refuse(w, http.StatusNotFound, "Priority scheme with id "+id+" doesn't exist.")
		return
	}
	reply(w, http.StatusOK, a.scheme(&all[n], n == 0, list(r, "expand")))
}

// administers reports whether the account administers the site, or answers
// 403.
func (a *asker) administers(w http.ResponseWriter) bool {
	if !a.account.Admin {
		refuse(w, http.StatusForbidden, "You need to have administrator permissions to access this resource.")
	}
	return a.account.Admin
}

func (a *asker) scheme(scheme *Scheme, usual bool, expand []string) object {
	id, _ := strconv.Atoi(scheme.ID)
	bean := object{
		"expand": "schemes,projectKeys", "self": a.self("/priorityschemes/" + scheme.ID), "id": id, "name": scheme.Name,
		"description": "", "defaultScheme": usual, "optionIds": append([]string{}, scheme.Priorities...),
	}
	if scheme.Default != "" {
		bean["defaultOptionId"] = scheme.Default
	}
	if slices.ContainsFunc(expand, func(e string) bool { return e == "projectKeys" || e == "schemes.projectKeys" }) {
		keys := []string{}
		for _, p := range a.catalog.world.Projects {
			if p.Scheme == scheme.ID {
				keys = append(keys, p.Key)
			}
		}
		bean["projectKeys"] = keys
	}
	return bean
}
