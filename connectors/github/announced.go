package github

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"tandem/connectors"
	"tandem/internal/work"
)

// announced is what a webhook tells of: the raw parts that may name issues.
// Each is read by itself, so that one in an odd form hides no other.
type announced struct {
	event, action string
	parts         map[string]json.RawMessage
}

// takeApart reads a body. Any JSON object is understood; most events name no
// issue.
func takeApart(event string, body []byte) (announced, error) {
	a := announced{event: event}
	if err := json.Unmarshal(body, &a.parts); err != nil || a.parts == nil {
		return a, fmt.Errorf("%w: it is no JSON object", connectors.ErrUnreadable)
	}
	a.action = partOf[string](a, "action")
	if len(a.action) > maxEvent {
		a.action = ""
	}
	return a, nil
}

// partOf reads one part; what is not there, or odd, is empty.
func partOf[T any](a announced, name string) T {
	var v, empty T
	if raw, ok := a.parts[name]; !ok || json.Unmarshal(raw, &v) != nil {
		return empty
	}
	return v
}

// hookIssue is an issue as webhooks show it.
type hookIssue struct {
	Number        int             `json:"number"`
	RepositoryURL string          `json:"repository_url"`
	PullRequest   json.RawMessage `json:"pull_request"`
}

// hookRepository is a repository as webhooks show it.
type hookRepository struct {
	FullName string `json:"full_name"`
}

// hints are the issues to read.
//
//	issues                    the issue; at a transfer also the new one
//	issue_comment             the issue; pull requests are none of ours
//	sub_issues                parent and child
//	issue_dependencies        both
//	projects_v2_item          the issue on the board, by its node id
//	repository                a poll, where who may read it may have changed
//	label, milestone          a poll, where one was renamed or deleted
//	and else                  none
func (i *inbox) hints(a announced) []connectors.Hint {
	here := partOf[hookRepository](a, "repository").FullName
	var hints []connectors.Hint
	add := func(part, home string, scoped func(string) connectors.Scope) {
		is := partOf[hookIssue](a, part)
		if len(is.PullRequest) > 0 && string(is.PullRequest) != "null" {
			return
		}
		name := repositoryOf(is.RepositoryURL, home)
		if key, ok := keyOf(name, is.Number); ok {
			hints = append(hints, connectors.Hint{Ref: work.NewRef(i.name, "", key), Scope: scoped(name)})
		}
	}
	switch a.event {
	case "issues":
		if a.action == "deleted" || a.action == "transferred" {
			add("issue", here, outside) // one that was never read needs no reading
		} else {
			add("issue", here, i.scopeOf)
		}
		a.parts["new_issue"] = partOf[map[string]json.RawMessage](a, "changes")["new_issue"]
		add("new_issue", "", i.scopeOf)
	case "issue_comment":
		add("issue", here, i.scopeOf)
	case "sub_issues", "issue_dependencies":
		for _, part := range []string{"parent_issue", "sub_issue", "blocked_issue", "blocking_issue"} {
			home := partOf[hookRepository](a, part+"_repo").FullName
			if home == "" {
				home = here
			}
			add(part, home, i.scopeOf)
		}
	case "projects_v2_item":
		hints = append(hints, i.card(a)...)
	case "label", "milestone":
		hints = append(hints, i.renamed(a, here)...)
	case "repository":
		hints = append(hints, i.opened(a, here)...)
	}
	return hints
}

func outside(string) connectors.Scope { return connectors.Outside }

// scopeOf says whether the settings cover a repository.
func (i *inbox) scopeOf(name string) connectors.Scope {
	if i.scope.includes(name) {
		return connectors.Inside
	}
	return connectors.Outside
}

// card names the issue of a card. The delivery does not say where the issue
// is: the reader finds out.
func (i *inbox) card(a announced) []connectors.Hint {
	item := partOf[struct {
		Type string `json:"content_type"`
		Node string `json:"content_node_id"`
	}](a, "projects_v2_item")
	if item.Type != "Issue" || !isNode(item.Node) {
		return nil
	}
	return []connectors.Hint{{Ref: work.NewRef(i.name, "", item.Node), Scope: connectors.Inside}}
}

// opened lets the next poll look at who may read the repository, and makes it
// soon: what is public now must not be written from stricter sources.
func (i *inbox) opened(a announced, name string) []connectors.Hint {
	switch a.action {
	case "publicized", "privatized", "renamed", "transferred":
	default:
		return nil
	}
	if !i.scope.includes(name) {
		return nil
	}
	i.viewers.doubt(name)
	return []connectors.Hint{{Ref: work.NewRef(i.name, "", ""), Scope: connectors.Unsure}}
}

// renamed lets the next poll look at the names of labels and milestones.
func (i *inbox) renamed(a announced, name string) []connectors.Hint {
	if a.action != "edited" && a.action != "deleted" || !i.scope.includes(name) {
		return nil
	}
	i.names.doubt(name)
	return []connectors.Hint{{Ref: work.NewRef(i.name, "", ""), Scope: connectors.Unsure}}
}

// keyOf makes the key of an issue; false where the parts are none.
func keyOf(name string, number int) (string, bool) {
	key := name + "#" + strconv.Itoa(number)
	_, _, err := splitKey(key)
	return key, err == nil && len(key) < 250 && !strings.ContainsAny(key, " \t\r\n\x00")
}

// isNode reports whether a text is a node id of GitHub: letters and digits,
// and no key.
func isNode(s string) bool {
	return len(s) > 3 && len(s) < 200 && strings.Trim(strings.ToUpper(s), "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_=-") == ""
}
