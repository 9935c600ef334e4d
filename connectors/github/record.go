package github

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tandem/internal/work"
)

// row is one element of a list of issues.
type row struct {
	id      int64 // 0 if unreadable
	updated time.Time
	// pull tells a pull request, which is no issue.
	pull   bool
	record work.Record
	// fault says why it cannot be understood; empty if it can.
	fault string
	where string
}

// decodeRow reads one element; home is the repository that was asked.
func decodeRow(raw json.RawMessage, connector, home string, audience work.Audience) row {
	var w wireIssue
	if err := json.Unmarshal(raw, &w); err != nil {
		return faultyRow(raw, home, err.Error())
	}
	r := row{id: w.ID, updated: w.Updated, where: fmt.Sprintf("%s#%d", home, w.Number)}
	if len(w.PullRequest) > 0 && string(w.PullRequest) != "null" {
		r.pull = true
		return r
	}
	if r.fault = w.check(); r.fault == "" {
		r.record = w.record(connector, home, audience)
	}
	return r
}

// faultyRow learns from an unreadable element as much as there is.
func faultyRow(raw json.RawMessage, home, cause string) row {
	r := row{fault: cause, where: home}
	var head wireHead
	if json.Unmarshal(raw, &head) != nil {
		return r
	}
	if id, ok := head.ID.(float64); ok {
		r.id = int64(id)
	}
	if number, ok := head.Number.(float64); ok {
		r.where = fmt.Sprintf("%s#%d", home, int(number))
	}
	if text, ok := head.Updated.(string); ok {
		r.updated, _ = time.Parse(time.RFC3339, text) // zero where it is no time
	}
	return r
}

// reject sets the row aside.
func (r row) reject(connector string, raw json.RawMessage) work.Reject {
	return work.Reject{
		Connector: connector, Where: r.where, Cause: "the issue cannot be understood: " + r.fault,
		Remedy: "look at the issue; if it is in order, report this", Body: string(raw[:min(len(raw), 2000)]),
	}
}

// check says what an issue lacks that a record needs.
func (w wireIssue) check() string {
	switch {
	case w.ID <= 0 || w.Number <= 0:
		return "it has no id or number"
	case w.Updated.IsZero() || w.Created.IsZero():
		return "nobody knows when it was created or changed"
	case w.State == "":
		return "it is neither open nor closed"
	default:
		return ""
	}
}

// record turns an issue into a record.
func (w wireIssue) record(connector, home string, audience work.Audience) work.Record {
	place := repositoryOf(w.RepositoryURL, home)
	key := fmt.Sprintf("%s#%d", place, w.Number)
	body := deref(w.Body)
	fields := map[string]work.Value{
		"title": work.NewText(w.Title), "body": work.NewText(body),
		"state": work.NewText(w.State), "state_reason": work.NewText(deref(w.StateReason)),
		work.NativeLabels: work.NewList(names(w.Labels)...),
		"milestone":       work.Empty(),
		"assignees":       work.NewList(logins(w.Assignees)...), "assignee": work.Empty(), "author": work.Empty(),
		"created": work.NewTime(w.Created), "updated": work.NewTime(w.Updated), "closed": work.Empty(),
		"comments": work.NewNumber(w.Comments), "locked": work.NewFlag(w.Locked),
		work.NativeMarker: work.NewText(marker(body)), work.NativeLinks: work.NewList(explicitLinks(body)...),
	}
	if w.Milestone != nil {
		fields["milestone"] = work.NewText(w.Milestone.Title)
	}
	if people := logins(w.Assignees); len(people) > 0 {
		fields["assignee"] = work.NewText(people[0])
	}
	if w.User != nil {
		fields["author"] = work.NewText(w.User.Login)
	}
	if w.Closed != nil {
		fields["closed"] = work.NewTime(*w.Closed)
	}
	if w.Reactions != nil {
		fields["reactions"] = work.NewNumber(w.Reactions.PlusOne)
	}
	if kind, read := typeOf(w.Type); read {
		fields["type"] = kind
	}
	if parent, read := w.parent(); read {
		fields[nativeParent] = parent
	}
	if w.Blockers != nil && w.Blockers.Total == 0 {
		fields[nativeBlockers] = work.Empty()
	}
	return work.Record{
		Ref: work.NewRef(connector, fmt.Sprint(w.ID), key), Place: place, URL: webAddress(w.HTMLURL),
		Audience: audience, Version: w.Updated.UTC(), Created: w.Created.UTC(), Fields: fields,
	}
}

// typeOf reads the issue type, which older servers do not send.
func typeOf(raw json.RawMessage) (work.Value, bool) {
	if len(raw) == 0 {
		return work.Value{}, false
	}
	var t wireType
	if json.Unmarshal(raw, &t) != nil { // null gives no error
		return work.Value{}, false
	}
	return work.NewText(t.Name), true
}

// repositoryOf takes the full name off the end of a repository's API address;
// it is the true one where the repository was renamed.
func repositoryOf(address, otherwise string) string {
	_, name, found := strings.Cut(address, "/repos/")
	if owner, repository, both := strings.Cut(name, "/"); found && both && owner != "" && repository != "" && !strings.Contains(repository, "/") {
		return name
	}
	return otherwise
}

func names(labels []wireLabel) []string {
	var all []string
	for _, l := range labels {
		all = append(all, l.Name)
	}
	return all
}

// logins names people: GraphQL does not list Apps among the assignees, and a
// record must not depend on how it was read.
func logins(users []wireUser) []string {
	var all []string
	for _, u := range users {
		if u.Type != "Bot" {
			all = append(all, u.Login)
		}
	}
	return all
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func webAddress(s string) string {
	if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") {
		return s
	}
	return ""
}
