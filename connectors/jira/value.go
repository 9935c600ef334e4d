package jira

import (
	"bytes"
	"encoding/json"

	"tandem/internal/work"
)

// anyValue reads a custom field by its form: the search does not say its type,
// and apps invent their own. What is not understood is unknown, which nobody
// overwrites; it is no reason to set the issue aside.
func anyValue(raw json.RawMessage) (work.Value, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return work.Value{}, nil
	}
	switch raw[0] {
	case '"':
		return customText(raw), nil
	case '[':
		return customList(raw), nil
	case '{':
		if s, ok := objectText(raw); ok {
			return work.NewText(s), nil
		}
		return work.Value{}, nil
	case 't', 'f':
		return work.NewFlag(raw[0] == 't'), nil
	default:
		return customNumber(raw), nil
	}
}

func customNumber(raw json.RawMessage) work.Value {
	var f float64
	if json.Unmarshal(raw, &f) != nil {
		return work.Value{}
	}
	return work.NewNumber(f)
}

// customText is a text, or a time where it looks like one and nothing else.
func customText(raw json.RawMessage) work.Value {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return work.Value{}
	}
	if t, ok := parseMoment(s); ok {
		return work.NewTime(t)
	}
	return work.NewText(s)
}

// customList reads options, users, versions, sprints and texts. A list with an
// element that is not understood is unknown as a whole.
func customList(raw json.RawMessage) work.Value {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return work.Value{}
	}
	all := make([]string, 0, len(list))
	for _, one := range list {
		s, ok := elementText(one)
		if !ok {
			return work.Value{}
		}
		all = append(all, s)
	}
	return work.NewList(all...)
}

func elementText(raw json.RawMessage) (string, bool) {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s, s != ""
	}
	return objectText(raw)
}

// objectText names an object: the account of a user, the value of an option
// (and of its child), the name of a version or sprint, the text of a document,
// the key of an issue.
func objectText(raw json.RawMessage) (string, bool) {
	var o struct {
		user
		Value   *string `json:"value"`
		Display *string `json:"displayName"`
		Child   *named  `json:"child"`
		Type    string  `json:"type"`
		Content any     `json:"content"`
	}
	if json.Unmarshal(raw, &o) != nil {
		return "", false
	}
	switch {
	case o.AccountID != "" || o.Display != nil && o.id() != "":
		return o.id(), true
	case o.Value != nil && o.Child != nil:
		return *o.Value + " / " + o.Child.Value, true
	case o.Value != nil:
		return *o.Value, true
	case o.Name != "":
		return o.Name, true
	case o.Type == "doc" && o.Content != nil:
		return documentText(raw)
	case o.Key != "":
		return o.Key, true
	default:
		return "", false
	}
}
