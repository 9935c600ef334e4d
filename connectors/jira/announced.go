package jira

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// announced is what a webhook tells of: the raw parts that may name issues.
// Each is read by itself, so that one in an odd form hides no other.
type announced struct {
	event string
	parts map[string]json.RawMessage
}

// takeApart reads a body. Any JSON object is understood; most events of Jira
// name no issue.
func takeApart(body []byte) (announced, error) {
	var a announced
	if err := json.Unmarshal(body, &a.parts); err != nil || a.parts == nil {
		return a, fmt.Errorf("%w: it is no JSON object", connectors.ErrUnreadable)
	}
	_ = json.Unmarshal(a.parts["webhookEvent"], &a.event) // it is for the log only
	if len(a.event) > maxEvent {
		a.event = ""
	}
	return a, nil
}

// maxEvent is longer than any name of an event.
const maxEvent = 100

// hints are the issues to read.
func (a announced) hints(connector string, c Config) []connectors.Hint {
	var hints []connectors.Hint
	add := func(id identifier, key string, scope connectors.Scope) {
		if !isID(string(id)) {
			id = ""
		}
		if !isKey(key) {
			key = ""
		}
		if id != "" || key != "" {
			hints = append(hints, connectors.Hint{Ref: work.NewRef(connector, string(id), key), Event: a.event, Scope: scope})
		}
	}
	i := partOf[struct {
		ID  identifier `json:"id"`
		Key string     `json:"key"`
	}](a, "issue")
	if i.ID != "" || i.Key != "" {
		scope := scopeOfKey(i.Key, c)
		if a.event == "jira:issue_deleted" {
			scope = connectors.Outside // one that was never read needs no reading
		}
		add(i.ID, i.Key, scope)
	} else {
		add(a.commented(), "", connectors.Outside)
	}
	// Only ids: a new issue announces itself.
	add(partOf[struct {
		Issue identifier `json:"issueId"`
	}](a, "worklog").Issue, "", connectors.Outside)
	link := partOf[struct {
		From identifier `json:"sourceIssueId"`
		To   identifier `json:"destinationIssueId"`
	}](a, "issueLink")
	add(link.From, "", connectors.Outside)
	add(link.To, "", connectors.Outside)
	return hints
}

// partOf reads one part; what is not there, or odd, is empty.
func partOf[T any](a announced, name string) T {
	var v, empty T
	if raw, ok := a.parts[name]; !ok || json.Unmarshal(raw, &v) != nil {
		return empty
	}
	return v
}

// commented finds the issue of a comment by the comment's own address, where a
// server sends nothing else. The address is not followed.
func (a announced) commented() identifier {
	self := partOf[struct {
		Self string `json:"self"`
	}](a, "comment").Self
	_, after, _ := strings.Cut(self, "/issue/")
	id, rest, _ := strings.Cut(after, "/")
	if !strings.HasPrefix(rest, "comment/") {
		return ""
	}
	return identifier(id)
}

// scopeOfKey says whether the settings cover an issue. What a restriction says
// of it only a search can tell.
func scopeOfKey(key string, c Config) connectors.Scope {
	cut := max(strings.LastIndexByte(key, '-'), 0)
	switch {
	case !slices.Contains(c.Projects, key[:cut]):
		return connectors.Outside
	case c.Where != "":
		return connectors.Unsure
	default:
		return connectors.Inside
	}
}

// isID reports whether a text is a native id.
func isID(s string) bool {
	return s != "" && len(s) < 20 && strings.Trim(s, "0123456789") == ""
}

// isKey reports whether a text is an issue key: letters, digits and _, then a
// number.
func isKey(s string) bool {
	cut := strings.LastIndexByte(s, '-')
	if cut < 1 || len(s) > 255 || !isID(s[cut+1:]) {
		return false
	}
	return strings.Trim(strings.ToUpper(s[:cut]), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}
