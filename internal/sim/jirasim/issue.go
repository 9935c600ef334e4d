package jirasim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// visibleIssue returns the issue of the path, or answers 404.
func (s *Site) visibleIssue(w http.ResponseWriter, r *http.Request) *entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.reachable(r.PathValue("issueIdOrKey"))
	if e == nil {
		noIssue(w)
	}
	return e
}

func (s *Site) issueGet(a *asker, w http.ResponseWriter, r *http.Request) {
	if e := s.visibleIssue(w, r); e != nil {
		reply(w, http.StatusOK, a.bean(e, selection{
			fields: list(r, "fields"), properties: list(r, "properties"), expand: r.URL.Query().Get("expand"),
		}))
	}
}

// bulkFetch answers in ascending order of ids; what does not exist or is not
// visible is silently absent.
func (s *Site) bulkFetch(a *asker, w http.ResponseWriter, r *http.Request) {
	var req struct {
		Issues       []string `json:"issueIdsOrKeys"`
		Fields       []string `json:"fields"`
		Properties   []string `json:"properties"`
		Expand       []string `json:"expand"`
		FieldsByKeys bool     `json:"fieldsByKeys"`
	}
	if !body(w, r, &req, true) {
		return
	}
	if len(req.Issues) == 0 || len(req.Issues) > 100 || len(req.Properties) > 5 {
		refuse(w, http.StatusBadRequest, "The number of issues must be between 1 and 100, that of properties at most 5.")
		return
	}
	s.mu.Lock()
	var found []*entry
	failed := []any{}
	for _, idOrKey := range req.Issues {
		e := s.seen(a, idOrKey)
		switch {
		case e == nil:
		case s.stumbles[e.ID]:
			delete(s.stumbles, e.ID)
			failed = append(failed, object{
				"id": strconv.FormatInt(e.ID, 10), "errorMessage": "The issue could not be loaded. Try again later.",
			})
		default:
			found = append(found, e)
		}
	}
	s.mu.Unlock()
	slices.SortFunc(found, func(a, b *entry) int { return cmp.Compare(a.ID, b.ID) })
	found = slices.CompactFunc(found, func(a, b *entry) bool { return a.ID == b.ID })
	issues := make([]any, len(found))
	for i, e := range found {
		issues[i] = a.bean(e, selection{fields: req.Fields, properties: req.Properties, expand: strings.Join(req.Expand, ",")})
	}
	reply(w, http.StatusOK, object{"issues": issues, "issueErrors": failed})
}

// editMeta lists what the caller may set.
func (s *Site) editMeta(a *asker, w http.ResponseWriter, r *http.Request) {
	e := s.visibleIssue(w, r)
	if e == nil {
		return
	}
	fields := object{}
	if a.may(e.Project, EditIssues) {
		fields = a.editable(e.Issue)
	}
	if a.server {
		serverMeta(fields)
	}
	reply(w, http.StatusOK, object{"fields": fields})
}

func (a *asker) editable(i *Issue) object {
	set := []string{"set"}
	meta := func(id, name string, required bool, operations []string, schema object) object {
		return object{"required": required, "schema": schema, "name": name, "key": id, "operations": operations}
	}
	system := func(kind, id string) object { return object{"type": kind, "system": id} }
	fields := object{
		"summary":     meta("summary", "Summary", true, set, system("string", "summary")),
		"description": meta("description", "Description", false, set, system("string", "description")),
		"duedate":     meta("duedate", "Due date", false, set, system("date", "duedate")),
		"assignee":    meta("assignee", "Assignee", false, set, system("user", "assignee")),
		"labels":      meta("labels", "Labels", false, []string{"add", "set", "remove"}, object{"type": "array", "items": "string", "system": "labels"}),
	}
	priority := meta("priority", "Priority", false, set, system("priority", "priority"))
	priority["allowedValues"] = a.priorityBeans(a.catalog.allowed(i.Project))
	fields["priority"] = priority
	versions := meta("fixVersions", "Fix versions", false, []string{"set", "add", "remove"}, object{"type": "array", "items": "version", "system": "fixVersions"})
	allowed := []any{}
	p := a.catalog.projects[i.Project]
	for _, v := range p.Versions {
		if !v.Archived {
			allowed = append(allowed, a.versionBean(p, v))
		}
	}
	versions["allowedValues"] = allowed
	fields["fixVersions"] = versions
	fields[a.sprintField()] = meta(a.sprintField(), "Sprint", false, set, a.sprintSchema())
	fields[a.rankField()] = meta(a.rankField(), "Rank", false, set, a.rankSchema())
	components := meta("components", "Components", false, []string{"add", "set", "remove"}, object{"type": "array", "items": "component", "system": "components"})
	components["allowedValues"] = a.componentBeans(p, nil, true)
	fields["components"] = components
	for _, field := range fields {
		a.rename(field)
	}
	if !a.may(i.Project, ScheduleIssues) {
		delete(fields, "duedate")
	}
	for _, f := range a.catalog.world.Fields {
		if f.onScreen(i.Project) {
			fields[f.ID] = a.customMeta(&f, meta)
		}
	}
	return fields
}

func (a *asker) customMeta(f *Field, meta func(id, name string, required bool, operations []string, schema object) object) object {
	m := meta(f.ID, f.Name, false, f.operations(), f.schema())
	if f.Kind.shape().choices || f.Kind == Cascade {
		m["allowedValues"] = a.choicesOf(f)
	}
	return m
}

// schema describes a custom field's values.
func (f *Field) schema() object {
	value, items := f.schemaType()
	out := object{"type": value, "custom": f.custom()}
	if items != "" {
		out["items"] = items
	}
	if number, err := strconv.Atoi(f.ID[len("customfield_"):]); err == nil {
		out["customId"] = number
	}
	return out
}
