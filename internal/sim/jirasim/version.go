package jirasim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// versionPage pages through the versions of a project.
func (s *Site) versionPage(a *asker, w http.ResponseWriter, r *http.Request) {
	p := s.visibleProject(a, w, r)
	if p == nil {
		return
	}
	all := slices.Clone(p.Versions)
	q := r.URL.Query()
	if text := strings.ToLower(q.Get("query")); text != "" {
		all = slices.DeleteFunc(all, func(v Version) bool {
			return !strings.Contains(strings.ToLower(v.Name), text) && !strings.Contains(strings.ToLower(v.Description), text)
		})
	}
	if states := list(r, "status"); len(states) > 0 {
		all = slices.DeleteFunc(all, func(v Version) bool { return !slices.Contains(states, v.state()) })
	}
	sortVersions(all, q.Get("orderBy"))
	reply(w, http.StatusOK, a.pageBean(r, 50, 50, len(all), func(i int) any { return a.versionBean(p, all[i]) }))
}

func (v Version) state() string {
	switch {
	case v.Archived:
		return "archived"
	case v.Released:
		return "released"
	}
	return "unreleased"
}

// sortVersions sorts by one of the described orders; the order of the project
// is that of the list.
func sortVersions(all []Version, by string) {
	name, down := strings.CutPrefix(strings.TrimPrefix(by, "+"), "-")
	key := map[string]func(Version) string{
		"name": func(v Version) string { return v.Name }, "description": func(v Version) string { return v.Description },
		"releaseDate": func(v Version) string { return v.Release }, "startDate": func(v Version) string { return v.Start },
	}[name]
	if key != nil {
		slices.SortStableFunc(all, func(a, b Version) int { return cmp.Compare(key(a), key(b)) })
	}
	if down {
		slices.Reverse(all)
	}
}

// versionGet shows one version.
func (s *Site) versionGet(a *asker, w http.ResponseWriter, r *http.Request) {
	for _, p := range a.visibleProjects() {
		for _, v := range p.Versions {
			if v.ID == r.PathValue("id") {
				reply(w, http.StatusOK, a.versionBean(p, v))
				return
			}
		}
	}
	refuse(w, http.StatusNotFound, "Could not find version for id '"+r.PathValue("id")+"'")
}
