package jirasim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

// history writes one entry of the changelog.
func (a *asker) history(c Change) object {
	items := make([]any, len(c.Items))
	for i, item := range c.Items {
		items[i] = object{
			"field": item.Field, "fieldtype": item.FieldType, "fieldId": item.FieldID,
			"from": orNull(item.From), "fromString": orNull(item.FromText),
			"to": orNull(item.To), "toString": orNull(item.ToText),
		}
		if item.FieldID == "assignee" || item.FieldID == "reporter" {
			items[i].(object)["from"], items[i].(object)["to"] = orNull(a.userOf(item.From)), orNull(a.userOf(item.To))
		}
		if item.Field == "Rank" { // as recorded: the direction, and empty texts
			items[i] = object{
				"field": "Rank", "fieldtype": item.FieldType, "fieldId": item.FieldID, "from": "", "fromString": "", "to": "", "toString": item.ToText,
			}
		}
	}
	if a.server {
		for _, item := range items {
			delete(item.(object), "fieldId")
		}
	}
	out := object{"id": strconv.FormatInt(c.ID, 10), "created": a.time(c.At), "items": items}
	if author := a.person(c.Author); author != nil { // nobody is told of an anonymous change
		out["author"] = author
	}
	if len(c.Metadata) > 0 && json.Valid(c.Metadata) {
		out["historyMetadata"] = c.Metadata
	}
	return out
}

// inside writes the changelog inside an issue: newest first and cut short on
// Cloud, whole and oldest first on a Data Center.
func (a *asker) inside(i *Issue) object {
	const most = 40
	entries := []any{}
	if a.server {
		for _, c := range i.History {
			entries = append(entries, a.history(c))
		}
		return object{"startAt": 0, "maxResults": len(entries), "total": len(entries), "histories": entries}
	}
	for _, c := range slices.Backward(i.History) {
		if len(entries) < most {
			entries = append(entries, a.history(c))
		}
	}
	return object{"startAt": 0, "maxResults": len(entries), "total": len(i.History), "histories": entries}
}

// pageRange reads startAt and maxResults; most is the largest page.
func pageRange(r *http.Request, usual, most, total int) (start, size, end int) {
	read := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n >= 0 {
			return n
		}
		return otherwise
	}
	start, size = read("startAt", 0), min(read("maxResults", usual), most)
	return start, size, min(max(start+size, start), total)
}

// pageBean writes one page of a list.
func (a *asker) pageBean(r *http.Request, usual, most, total int, value func(i int) any) object {
	start, size, end := pageRange(r, usual, most, total)
	values := []any{}
	for i := start; i < end; i++ {
		values = append(values, value(i))
	}
	return object{
		"self": a.base + r.URL.RequestURI(), "startAt": start, "maxResults": size, "total": total,
		"isLast": end >= total, "values": values,
	}
}

// changelog is oldest first.
func (s *Site) changelog(a *asker, w http.ResponseWriter, r *http.Request) {
	if e := s.visibleIssue(w, r); e != nil {
		reply(w, http.StatusOK, a.pageBean(r, 100, 100, len(e.History), func(i int) any { return a.history(e.History[i]) }))
	}
}
