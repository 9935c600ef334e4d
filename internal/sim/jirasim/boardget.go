package jirasim

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// agile returns the address of a resource of the Agile interface.
func (a *asker) agile(path string) string { return a.base + "/rest/agile/1.0" + path }

// visibleBoard returns the board of the path, or answers 404.
func (s *Site) visibleBoard(a *asker, w http.ResponseWriter, r *http.Request) *Board {
	b := a.catalog.board(parseID(r.PathValue("boardId")))
	if b == nil {
		refuse(w, http.StatusNotFound, "Requested board cannot be viewed because it either does not exist or you do not have permission to view it.")
	}
	return b
}

// boardList pages through the boards.
func (s *Site) boardList(a *asker, w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	all := slices.DeleteFunc(pointers(a.catalog.world.Boards), func(b *Board) bool {
		kinds, project := list(r, "type"), q.Get("projectKeyOrId")
		if p := a.catalog.projectIDs[project]; p != nil {
			project = p.Key
		}
		return !a.catalog.open(b) || len(kinds) > 0 && !slices.Contains(kinds, string(b.Type)) ||
			!strings.Contains(strings.ToLower(b.Name), strings.ToLower(q.Get("name"))) ||
			project != "" && !slices.Contains(b.Projects, project)
	})
	page := a.pageBean(r, 50, 50, len(all), func(i int) any { return a.board(all[i]) })
	delete(page, "self")
	reply(w, http.StatusOK, page)
}

func (s *Site) boardGet(a *asker, w http.ResponseWriter, r *http.Request) {
	if b := s.visibleBoard(a, w, r); b != nil {
		reply(w, http.StatusOK, a.board(b))
	}
}

func (a *asker) board(b *Board) object {
	id := strconv.FormatInt(b.ID, 10)
	bean := object{"id": b.ID, "self": a.agile("/board/" + id), "name": b.Name, "type": string(b.Type)}
	if len(b.Projects) > 0 && !a.server {
		if p := a.catalog.projects[b.Projects[0]]; p != nil {
			number, _ := strconv.Atoi(p.ID)
			bean["location"] = object{
				"projectId": number, "displayName": p.Name + " (" + p.Key + ")", "projectName": p.Name, "projectKey": p.Key,
				"projectTypeKey": "software", "name": p.Name + " (" + p.Key + ")",
			}
		}
	}
	return bean
}

// boardConfiguration names the rank field, the estimation and the columns.
func (s *Site) boardConfiguration(a *asker, w http.ResponseWriter, r *http.Request) {
	b := s.visibleBoard(a, w, r)
	if b == nil {
		return
	}
	id := strconv.FormatInt(b.ID, 10)
	bean := object{
		"id": b.ID, "name": b.Name, "type": string(b.Type), "self": a.agile("/board/" + id + "/configuration"),
		"filter":       object{"id": "1" + id, "self": a.self("/filter/1" + id)},
		"columnConfig": object{"columns": a.columns(b), "constraintType": "none"},
		"ranking":      object{"rankCustomFieldId": a.fields.rank},
	}
	if !b.sprints() {
		bean["subQuery"] = object{"query": "fixVersion in unreleasedVersions() OR fixVersion is EMPTY"}
	} else if f := a.estimation(b); f != nil {
		bean["estimation"] = object{"type": "field", "field": object{"fieldId": f.ID, "displayName": f.Name}}
	}
	if len(b.Projects) > 0 && !a.server {
		bean["location"] = object{"type": "project", "projectKeyOrId": b.Projects[0]}
	}
	reply(w, http.StatusOK, bean)
}

// estimation is the first number on the screen of the board's first project.
func (a *asker) estimation(b *Board) *Field {
	for i := range a.catalog.world.Fields {
		if f := &a.catalog.world.Fields[i]; f.Kind == Number && len(b.Projects) > 0 && f.onScreen(b.Projects[0]) {
			return f
		}
	}
	return nil
}

func (a *asker) columns(b *Board) []any {
	columns := []any{}
	for _, c := range categories() {
		statuses := []any{}
		for _, st := range a.catalog.world.Statuses {
			used := slices.ContainsFunc(b.Projects, func(key string) bool {
				p := a.catalog.projects[key]
				return p != nil && slices.Contains(p.Statuses, st.ID)
			})
			if used && string(st.Category) == c.key {
				statuses = append(statuses, object{"id": st.ID, "self": a.self("/status/" + st.ID)})
			}
		}
		columns = append(columns, object{"name": c.name, "statuses": statuses})
	}
	return columns
}
