package jirasim

import (
	"net/http"
	"slices"
)

// createTypes pages through the issue types that a project can create. The
// flavours name the list differently.
func (s *Site) createTypes(a *asker, w http.ResponseWriter, r *http.Request) {
	if p := s.visibleProject(a, w, r); p != nil {
		a.metaPage(w, r, "issueTypes", a.projectTypes(p))
	}
}

// createFields pages through the fields of a new issue.
func (s *Site) createFields(a *asker, w http.ResponseWriter, r *http.Request) {
	p := s.visibleProject(a, w, r)
	if p == nil {
		return
	}
	id := r.PathValue("issueTypeId")
	if a.catalog.types[id] == nil || !slices.Contains(p.Types, id) {
		refuse(w, http.StatusBadRequest, "The issue type selected is invalid.")
		return
	}
	meta := a.editable(&Issue{Project: p.Key, Type: id})
	meta["project"] = object{"required": true, "name": "Project", "key": "project", "operations": []string{"set"}, "schema": object{"type": "project", "system": "project"}}
	meta["issuetype"] = object{"required": true, "name": "Issue Type", "key": "issuetype", "operations": []string{}, "schema": object{"type": "issuetype", "system": "issuetype"}}
	fields := []any{}
	for _, id := range sortedKeys(meta) {
		field := meta[id].(object)
		field["fieldId"], field["hasDefaultValue"] = id, id == "priority"
		if usual := a.usualPriority(p); id == "priority" && usual != nil {
			field["defaultValue"] = a.priority(usual)
		}
		fields = append(fields, field)
	}
	a.metaPage(w, r, "fields", fields)
}

// usualPriority is what an issue of the project gets when nobody chooses.
func (a *asker) usualPriority(p *Project) *Priority {
	for _, scheme := range a.catalog.world.Schemes {
		if scheme.ID == p.Scheme {
			return a.catalog.priorities[scheme.Default]
		}
	}
	return nil
}

func (a *asker) metaPage(w http.ResponseWriter, r *http.Request, name string, all []any) {
	start, size, end := pageRange(r, 50, 200, len(all))
	page := object{"startAt": start, "maxResults": size, "total": len(all)}
	if a.server {
		name, page["isLast"] = "values", end >= len(all)
	}
	page[name] = append([]any{}, all[min(start, end):end]...)
	reply(w, http.StatusOK, page)
}

// serverMeta turns the description of a field into a Data Center's, which has
// fieldId and no key.
func serverMeta(fields object) {
	for id, field := range fields {
		bean := field.(object)
		delete(bean, "key")
		bean["fieldId"] = id
	}
}
