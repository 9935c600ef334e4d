package jirasim

import (
	"net/http"
	"slices"
	"strings"
)

// fieldList shows all fields the caller can see, unpaged.
func (s *Site) fieldList(a *asker, w http.ResponseWriter, _ *http.Request) {
	out := []any{}
	for _, f := range systemFieldBeans() {
		out = append(out, f)
	}
	out = append(out, a.boardFieldBeans()...)
	a.rename(out...)
	for _, f := range a.catalog.world.Fields {
		clauses := []string{"cf[" + strings.TrimPrefix(f.ID, "customfield_") + "]", f.Name}
		out = append(out, object{
			"id": f.ID, "key": f.ID, "name": f.Name, "custom": true, "orderable": true, "navigable": true, "searchable": true,
			"clauseNames": clauses, "schema": f.schema(),
		})
	}
	if a.server {
		for _, f := range out {
			delete(f.(object), "key")
		}
	}
	reply(w, http.StatusOK, out)
}

func systemFieldBeans() []object {
	bean := func(id, name, kind, items string, clauses ...string) object {
		schema := object{"type": kind, "system": id}
		if items != "" {
			schema["items"] = items
		}
		return object{
			"id": id, "key": id, "name": name, "custom": false, "orderable": true, "navigable": true, "searchable": true,
			"clauseNames": append([]string{}, clauses...), "schema": schema,
		}
	}
	return []object{
		bean("summary", "Summary", "string", "", "summary"),
		bean("description", "Description", "string", "", "description"),
		bean("issuetype", "Issue Type", "issuetype", "", "issuetype", "type"),
		bean("project", "Project", "project", "", "project"),
		bean("status", "Status", "status", "", "status"),
		bean("priority", "Priority", "priority", "", "priority"),
		bean("resolution", "Resolution", "resolution", "", "resolution"),
		bean("resolutiondate", "Resolved", "datetime", "", "resolutiondate", "resolved"),
		bean("labels", "Labels", "array", "string", "labels"),
		bean("fixVersions", "Fix versions", "array", "version", "fixVersion"),
		bean("components", "Components", "array", "component", "component"),
		bean("creator", "Creator", "user", "", "creator"),
		bean("reporter", "Reporter", "user", "", "reporter"),
		bean("assignee", "Assignee", "user", "", "assignee"),
		bean("parent", "Parent", "issuelink", "", "parent"),
		bean("duedate", "Due date", "date", "", "due", "duedate"),
		bean("created", "Created", "datetime", "", "created", "createdDate"),
		bean("updated", "Updated", "datetime", "", "updated", "updatedDate"),
		bean("security", "Security Level", "securitylevel", "", "level"),
		bean("issuelinks", "Linked Issues", "array", "issuelinks"),
		bean("comment", "Comment", "comments-page", "", "comment"),
	}
}

func (a *asker) priorityBeans(list []*Priority) []any {
	out := []any{}
	for _, p := range list {
		bean := a.priority(p).(object)
		bean["statusColor"], bean["description"] = p.Color, p.Name
		out = append(out, bean)
	}
	return out
}

func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

func (s *Site) priorityList(a *asker, w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, a.priorityBeans(pointers(a.catalog.world.Priorities)))
}

// prioritySearch pages through priorities, of some projects when asked.
func (s *Site) prioritySearch(a *asker, w http.ResponseWriter, r *http.Request) {
	all := pointers(a.catalog.world.Priorities)
	if ids := list(r, "projectId"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(p *Priority) bool {
			return !slices.ContainsFunc(ids, func(id string) bool {
				project := a.catalog.projectIDs[id]
				return project != nil && project.Access != NoAccess && slices.Contains(a.catalog.allowed(project.Key), p)
			})
		})
	}
	if ids := list(r, "id"); len(ids) > 0 {
		all = slices.DeleteFunc(all, func(p *Priority) bool { return !slices.Contains(ids, p.ID) })
	}
	if name := r.URL.Query().Get("priorityName"); name != "" {
		all = slices.DeleteFunc(all, func(p *Priority) bool { return !strings.EqualFold(p.Name, name) })
	}
	beans := a.priorityBeans(all)
	reply(w, http.StatusOK, a.pageBean(r, 50, 1000, len(beans), func(i int) any { return beans[i] }))
}

func (s *Site) statusList(a *asker, w http.ResponseWriter, _ *http.Request) {
	out := []any{}
	for _, st := range a.catalog.world.Statuses {
		out = append(out, a.status(&st))
	}
	reply(w, http.StatusOK, out)
}

func (s *Site) typeList(a *asker, w http.ResponseWriter, _ *http.Request) {
	out := []any{}
	for _, t := range a.catalog.world.Types {
		bean := a.issueType(&t).(object)
		bean["untranslatedName"] = t.Name
		if t.English != "" {
			bean["untranslatedName"] = t.English
		}
		out = append(out, bean)
	}
	reply(w, http.StatusOK, out)
}
