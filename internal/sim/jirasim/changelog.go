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
	out := object{"id": strconv.FormatInt(c.ID, 10), "author": a.person(c.Author), "created": a.time(c.At), "items": items}
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

// changelogBulk answers for many issues at once, oldest change first.
func (s *Site) changelogBulk(a *asker, w http.ResponseWriter, r *http.Request) {
	var req struct {
		Issues    []string `json:"issueIdsOrKeys"`
		Fields    []string `json:"fieldIds"`
		Max       *int     `json:"maxResults"`
		NextToken string   `json:"nextPageToken"`
	}
	if !body(w, r, &req, true) {
		return
	}
	size := 1000
	if req.Max != nil {
		size = *req.Max
	}
	offset, err := strconv.Atoi(req.NextToken)
	if (err != nil && req.NextToken != "") || len(req.Issues) == 0 || len(req.Issues) > 1000 || len(req.Fields) > 10 || size < 1 || size > 10000 {
		badPayload(w)
		return
	}
	type line struct {
		issue  int64
		change Change
	}
	var lines []line
	s.mu.Lock()
	for _, idOrKey := range req.Issues {
		if e := s.seen(a, idOrKey); e != nil {
			for _, c := range e.History {
				if c.Items = only(c.Items, req.Fields); len(c.Items) > 0 {
					lines = append(lines, line{e.ID, c})
				}
			}
		}
	}
	s.mu.Unlock()
	slices.SortStableFunc(lines, func(x, y line) int { return int(x.issue - y.issue) })
	answer := object{}
	end := min(offset+size, len(lines))
	if end < len(lines) {
		answer["nextPageToken"] = strconv.Itoa(end)
	}
	logs := []object{}
	for _, l := range lines[min(offset, end):end] {
		id := strconv.FormatInt(l.issue, 10)
		if len(logs) == 0 || logs[len(logs)-1]["issueId"] != id {
			logs = append(logs, object{"issueId": id, "changeHistories": []any{}})
		}
		last := logs[len(logs)-1]
		last["changeHistories"] = append(last["changeHistories"].([]any), a.history(l.change))
	}
	answer["issueChangeLogs"] = logs
	reply(w, http.StatusOK, answer)
}

func only(items []Item, fields []string) []Item {
	if len(fields) == 0 {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return !slices.Contains(fields, i.FieldID) })
}
