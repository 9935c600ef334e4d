package jirasim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// object is one JSON object of an answer.
type object = map[string]any

// rankField is the custom field that holds the LexoRank.
func (a *asker) rankField() string { return "customfield_" + strconv.Itoa(a.fields.rank) }

// selection is what a request wants to see of an issue.
type selection struct {
	fields     []string
	properties []string
	expand     string
	// sparse answers hold the id alone when nothing else was asked for.
	sparse bool
}

// bean writes an issue.
func (a *asker) bean(e *entry, sel selection) object {
	id := strconv.FormatInt(e.ID, 10)
	if sel.sparse && len(sel.fields) == 1 && sel.fields[0] == "id" && len(sel.properties) == 0 {
		return object{"id": id}
	}
	out := object{
		"expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
		"id":     id, "key": e.Key, "self": a.self("/issue/" + id),
	}
	fields := object{}
	for _, name := range a.selected(sel.fields) {
		if v, ok := a.field(e.Issue, name); ok {
			fields[name] = v
		}
	}
	if len(fields) > 0 || !sel.sparse {
		out["fields"] = fields
	}
	if len(sel.properties) > 0 {
		out["properties"] = properties(e.Issue, sel.properties)
	}
	if slices.Contains(strings.Split(sel.expand, ","), "changelog") {
		out["changelog"] = a.inside(e.Issue)
	}
	return a.mangled(e.ID, out)
}

func properties(i *Issue, wanted []string) object {
	out := object{}
	for key, value := range i.Properties {
		if slices.Contains(wanted, "*all") || slices.Contains(wanted, key) {
			out[key] = value
		}
	}
	return out
}

func systemFields() []string {
	return []string{
		"summary", "description", "issuetype", "project", "status", "priority", "resolution", "resolutiondate", "labels",
		"fixVersions", "components", "creator", "reporter", "assignee", "parent", "duedate", "created", "updated", "issuelinks",
		"security", "comment",
	}
}

// selected turns a list such as *all,-comment into field ids.
func (a *asker) selected(wanted []string) []string {
	if len(wanted) == 0 {
		wanted = []string{"*all"}
	}
	var names []string
	for _, name := range wanted {
		without, drop := strings.CutPrefix(name, "-")
		switch {
		case drop:
			if len(names) == 0 {
				names = a.everything()
			}
			names = slices.DeleteFunc(names, func(n string) bool { return n == without })
		case name == "*all":
			names = append(names, a.everything()...)
		case name == "*navigable":
			names = append(names, slices.DeleteFunc(a.everything(), func(n string) bool { return n == "comment" })...)
		default:
			names = append(names, name)
		}
	}
	return names
}

func (a *asker) everything() []string {
	return append(append(systemFields(), a.rankField(), a.sprintField()), sortedKeys(a.catalog.fields)...)
}

// field returns one field's value; unknown names have none.
func (a *asker) field(i *Issue, name string) (any, bool) {
	switch name {
	case "summary":
		return i.Summary, true
	case "description":
		return a.text(i.Description), true
	case "labels":
		return append([]string{}, i.Labels...), true
	case "created":
		return a.time(i.Created), true
	case "updated":
		return a.time(i.Updated), true
	case "resolutiondate":
		return a.time(i.Resolved), true
	case "duedate":
		return orNull(i.Due), true
	case "issuetype":
		return a.issueType(a.catalog.types[i.Type]), true
	case "status":
		return a.status(a.catalog.statuses[i.Status]), true
	case "priority":
		return a.priority(a.catalog.priorities[i.Priority]), true
	case "project":
		return a.project(a.catalog.projects[i.Project]), true
	case "resolution":
		return a.resolution(a.catalog.resolved[i.Resolution]), true
	case "security":
		return a.level(a.catalog.levels[i.Level]), true
	case "creator":
		return a.person(i.Creator), true
	case "reporter":
		return a.person(i.Reporter), true
	case "assignee":
		return a.person(i.Assignee), true
	case "fixVersions":
		return a.versions(i), true
	case "components":
		return a.componentBeans(a.catalog.projects[i.Project], i.Components, false), true
	case "issuelinks":
		return a.links(i), true
	case "parent":
		return a.parent(i.Parent)
	case "comment":
		return a.commentPage(i, 0, len(i.Comments)), true
	}
	return a.custom(i, name)
}

func (a *asker) choice(c *Choice) object {
	return object{"self": a.self("/customFieldOption/" + c.ID), "value": c.Value, "id": c.ID}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// text writes a long text: wiki markup in version 2, a document in version 3.
func (a *asker) text(body string) any {
	if body == "" || a.version == "2" {
		return orNull(body)
	}
	var paragraphs []any
	for line := range strings.SplitSeq(body, "\n") {
		content := []any{}
		if line != "" {
			content = append(content, object{"type": "text", "text": line})
		}
		paragraphs = append(paragraphs, object{"type": "paragraph", "content": content})
	}
	return object{"type": "doc", "version": 1, "content": paragraphs}
}

// plain reads a long text in the form of the request's version.
func (a *asker) plain(raw json.RawMessage) (string, bool) {
	var text string
	if a.version == "2" {
		return text, json.Unmarshal(raw, &text) == nil || string(raw) == "null"
	}
	if string(raw) == "null" {
		return "", true
	}
	var doc adf
	if json.Unmarshal(raw, &doc) != nil || doc.Type != "doc" {
		return "", false
	}
	return strings.TrimSuffix(doc.flat(), "\n"), true
}

// adf is a node of an Atlassian document.
type adf struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Content []adf  `json:"content"`
}

func (d adf) flat() string {
	var b strings.Builder
	b.WriteString(d.Text)
	for _, kid := range d.Content {
		b.WriteString(kid.flat())
	}
	if d.Type == "paragraph" {
		b.WriteByte('\n')
	}
	return b.String()
}

func (a *asker) userSelf(id string) string {
	return a.self("/user?accountId=" + url.QueryEscape(id))
}
