package jira

import (
	"encoding/json"
	"fmt"

	"tandem/internal/work"
)

// column reads one native field from one of Jira's fields.
type column struct {
	id     string // Jira's
	native string // ours
	read   func(json.RawMessage) (work.Value, error)
	// others are further fields of Jira's that hold the value in other
	// projects.
	others []string
}

// pick returns the value of the first field that has one.
func (c column) pick(fields map[string]json.RawMessage) (raw json.RawMessage, ok bool) {
	raw, ok = fields[c.id]
	for _, id := range c.others {
		if other, there := fields[id]; there && (!ok || isNull(raw)) {
			raw, ok = other, true
		}
	}
	return raw, ok
}

// readerOf reads a field that rules want beyond the schema's own.
func readerOf(native string) func(json.RawMessage) (work.Value, error) {
	switch native {
	case work.NativeSprint:
		return sprintName
	case work.NativeSprintState:
		return sprintState
	default:
		return anyValue
	}
}

// value reads a field that is there; null is empty for every kind.
func (c column) value(raw json.RawMessage) (work.Value, error) {
	if isNull(raw) {
		return work.Empty(), nil
	}
	return c.read(raw)
}

// columns are the fields of the schema that stand in "fields".
func columns(connector string) []column {
	return []column{
		{id: "summary", native: "summary", read: text},
		{id: "description", native: "description", read: richText},
		{id: "issuetype", native: "issuetype", read: name},
		{id: "issuetype", native: hierarchy, read: level},
		{id: "status", native: "status", read: name},
		{id: "status", native: statusCategory, read: category},
		{id: "priority", native: "priority", read: name},
		{id: "labels", native: work.NativeLabels, read: texts},
		{id: "assignee", native: "assignee", read: person},
		{id: "reporter", native: "reporter", read: person},
		{id: "created", native: "created", read: moment},
		{id: "updated", native: "updated", read: moment},
		{id: "duedate", native: "duedate", read: moment},
		{id: "parent", native: "parent", read: key},
		{id: "resolution", native: "resolution", read: name},
		{id: "fixVersions", native: fixVersions, read: names},
		{id: "components", native: "components", read: names},
		{id: "security", native: "security", read: nameOrID},
		{id: "issuelinks", native: work.NativeLinks, read: links(connector)},
		{id: "issuelinks", native: blockedBy, read: blockers},
	}
}

// into decodes a raw value and says what was expected.
func into[T any](raw json.RawMessage, what string) (T, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("%s expected, found %s", what, clip(raw))
	}
	return v, nil
}

// clip shows the start of a value in a message.
func clip(raw []byte) string {
	const limit = 60
	if len(raw) <= limit {
		return validText(string(raw))
	}
	return validText(string(raw[:limit])) + "…"
}

func text(raw json.RawMessage) (work.Value, error) {
	s, err := into[string](raw, "text")
	return work.NewText(s), err
}

func texts(raw json.RawMessage) (work.Value, error) {
	list, err := into[[]string](raw, "list of texts")
	return work.NewList(list...), err
}

func name(raw json.RawMessage) (work.Value, error) {
	n, err := into[named](raw, "object with a name")
	return work.NewText(n.Name), err
}

// clipTo cuts a text to a number of characters.
func clipTo(s string, limit int) string {
	if r := []rune(validText(s)); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return validText(s)
}

// nameOrID reads a security level, which webhooks write as its id alone.
func nameOrID(raw json.RawMessage) (work.Value, error) {
	if v, err := text(raw); err == nil {
		return v, nil
	}
	return name(raw)
}

func names(raw json.RawMessage) (work.Value, error) {
	list, err := into[[]named](raw, "list of objects with names")
	all := make([]string, 0, len(list))
	for _, n := range list {
		all = append(all, n.Name)
	}
	return work.NewList(all...), err
}

func key(raw json.RawMessage) (work.Value, error) {
	k, err := into[struct {
		Key string `json:"key"`
	}](raw, "object with a key")
	return work.NewText(k.Key), err
}

// level tells epics from stories from sub-tasks in every language. Data Center
// knows sub-tasks only.
func level(raw json.RawMessage) (work.Value, error) {
	t, err := into[struct {
		Level   *float64 `json:"hierarchyLevel"`
		Subtask bool     `json:"subtask"`
	}](raw, "issue type")
	switch {
	case err != nil:
		return work.Value{}, err
	case t.Level != nil:
		return work.NewNumber(*t.Level), nil
	case t.Subtask:
		return work.NewNumber(-1), nil
	default:
		return work.Value{}, nil
	}
}

func category(raw json.RawMessage) (work.Value, error) {
	s, err := into[struct {
		Category struct {
			Key string `json:"key"`
		} `json:"statusCategory"`
	}](raw, "status")
	if err != nil || s.Category.Key == "" {
		return work.Value{}, err
	}
	return work.NewText(s.Category.Key), nil
}

// user is a person: accountId on Cloud, key on Data Center.
type user struct {
	AccountID string `json:"accountId"`
	Key       string `json:"key"`
	Name      string `json:"name"`
}

// id returns the id that stays; empty for people who were made anonymous.
func (u user) id() string {
	for _, id := range []string{u.AccountID, u.Key, u.Name} {
		if id != "" {
			return id
		}
	}
	return ""
}

func person(raw json.RawMessage) (work.Value, error) {
	u, err := into[user](raw, "user")
	if err != nil || u.id() == "" {
		return work.Value{}, err
	}
	return work.NewText(u.id()), nil
}

// links lists the issues that people linked, whatever the kind of link.
func links(connector string) func(json.RawMessage) (work.Value, error) {
	type end struct {
		Key string `json:"key"`
	}
	return func(raw json.RawMessage) (work.Value, error) {
		list, err := into[[]struct {
			In  end `json:"inwardIssue"`
			Out end `json:"outwardIssue"`
		}](raw, "list of issue links")
		var all []string
		for _, l := range list {
			for _, e := range []end{l.In, l.Out} {
				if e.Key != "" {
					all = append(all, connector+":"+e.Key)
				}
			}
		}
		return work.NewList(all...), err
	}
}
