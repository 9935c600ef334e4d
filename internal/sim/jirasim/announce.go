package jirasim

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tandem/internal/sim"
)

// Request returns the delivery as a request to an address.
func (d Delivery) Request(ctx context.Context, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(d.Body))
	if err != nil {
		return nil, fmt.Errorf("deliver %s: %w", d.Event, err)
	}
	req.Header = d.Header()
	return req, nil
}

// announcer writes the bodies of webhooks. Its methods are called under the
// site's lock.
type announcer struct {
	*asker
	site *Site
	hook *Hook
	by   string
}

// announcer is nil for a site without a hook. Callers hold the lock.
func (s *Site) announcer(by string) *announcer {
	if s.options.Hook == nil {
		return nil
	}
	base := strings.TrimSuffix(s.options.URL, "/")
	if base == "" {
		base = "https://jira.example"
	}
	a := &asker{
		base: base, version: "2", server: s.server(), fields: s.boardFields(), catalog: s.catalog, zone: time.UTC, issue: s.find,
	}
	return &announcer{asker: a, site: s, hook: s.options.Hook, by: by}
}

// send puts an event on its way.
func (n *announcer) send(event, kind, key string, body object) {
	body["webhookEvent"], body["timestamp"] = event, n.site.now().UnixMilli()
	if kind != "" && !n.hook.OldServer {
		body["issue_event_type_name"] = kind
	}
	n.site.hooked++
	n.site.announced = append(n.site.announced, Delivery{
		ID: fmt.Sprintf("%08x-0000-4000-8000-%012x", n.site.hooked, n.site.now().UnixMilli()), Event: event, Key: key,
		Body: sim.MarshalJSON(body), secret: n.hook.Secret,
	})
}

// announceChange tells of a change: the issue with what changed, and each
// comment by itself. Callers hold the lock.
func (s *Site) announceChange(by string, before, after *Issue, d *difference) {
	n := s.announcer(by)
	if n == nil {
		return
	}
	if len(d.items) > 0 {
		n.send("jira:issue_updated", n.kindOf(before, after, d), after.Key, object{
			"user": n.person(by), "issue": n.whole(after), "changelog": n.log(after.History[len(after.History)-1]),
		})
	}
	eachPair(before.Comments, after.Comments, func(c Comment) int64 { return c.ID }, func(from, to Comment) {
		switch {
		case from.ID == 0:
			n.comment("created", after, to)
		case to.ID == 0:
			n.comment("deleted", after, from)
		case from.Body != to.Body:
			n.comment("updated", after, to)
		}
	})
}

// kindOf is the event type of a change.
func (n *announcer) kindOf(before, after *Issue, d *difference) string {
	done := n.catalog.done
	switch {
	case before.Status == after.Status && len(d.items) == 1 && d.items[0].FieldID == "assignee":
		return "issue_assigned"
	case before.Status == after.Status:
		return "issue_updated"
	case !n.server:
		return "issue_generic"
	case done(after.Status) && !done(before.Status):
		return "issue_resolved"
	case done(before.Status) && !done(after.Status):
		return "issue_reopened"
	}
	return "issue_generic"
}

// comment tells of a comment. Servers tell it twice: with the issue, and
// without.
func (n *announcer) comment(what string, i *Issue, c Comment) {
	bean := n.asker.comment(i, c)
	if !n.server && !n.hook.OldServer {
		n.send("comment_"+what, "", i.Key, object{"comment": bean, "issue": n.reduced(i)})
		return
	}
	body := object{"user": n.person(n.by), "issue": n.whole(i)}
	if what != "deleted" {
		body["comment"] = bean
	}
	kind := map[string]string{"created": "issue_commented", "updated": "issue_comment_edited", "deleted": "issue_comment_deleted"}[what]
	n.send("jira:issue_updated", kind, i.Key, body)
	body = object{"comment": bean}
	if what != "created" {
		body["user"] = n.person(n.by)
	}
	n.send("comment_"+what, "", i.Key, body)
}

// announceIssue tells that an issue came or went. Callers hold the lock.
func (s *Site) announceIssue(by, event string, i *Issue) {
	n := s.announcer(by)
	if n == nil {
		return
	}
	body := object{"user": n.person(by), "issue": n.whole(i)}
	kind := ""
	if event == "jira:issue_created" {
		kind = "issue_created"
		body["changelog"] = n.log(Change{ID: s.part(), Author: by, At: i.Created, Items: []Item{
			{Field: "description", FieldID: "description", FieldType: "jira", ToText: i.Description},
			{Field: "priority", FieldID: "priority", FieldType: "jira", To: i.Priority, ToText: nameOf(s.catalog.priorities[i.Priority], func(p *Priority) string { return p.Name })},
			{Field: "reporter", FieldID: "reporter", FieldType: "jira", To: i.Reporter, ToText: s.catalog.name(i.Reporter)},
			{Field: "Status", FieldID: "status", FieldType: "jira", To: i.Status, ToText: nameOf(s.catalog.statuses[i.Status], func(st *Status) string { return st.Name })},
		}})
	}
	n.send(event, kind, i.Key, body)
}

// log is a change as events show it; a rank has null where the changelog has
// an empty text, as recorded.
func (n *announcer) log(c Change) object {
	entry := n.history(c)
	for _, item := range entry["items"].([]any) {
		if bean := item.(object); bean["field"] == "Rank" {
			bean["from"], bean["to"] = nil, nil
		}
	}
	return object{"id": entry["id"], "items": entry["items"]}
}

// whole is an issue as events about issues show it.
func (n *announcer) whole(i *Issue) object {
	bean := n.bean(newEntry(i), selection{})
	delete(bean, "expand")
	return bean
}

// reduced is an issue as events about comments show it.
func (n *announcer) reduced(i *Issue) object {
	bean := n.whole(i)
	fields := bean["fields"].(object)
	for name := range fields {
		if !slices.Contains([]string{"summary", "issuetype", "project", "assignee", "priority", "status"}, name) {
			delete(fields, name)
		}
	}
	return bean
}
