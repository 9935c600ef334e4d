package jirasim

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// drafter sets fields of a copy of an issue.
type drafter struct {
	*asker
	issue    *Issue
	lookup   func(idOrKey string) *entry
	screen   *screen // nil for the edit screen
	comments []Comment
	problems map[string]string
}

func (d *drafter) fail(field, format string, args ...any) {
	if _, had := d.problems[field]; !had {
		d.problems[field] = fmt.Sprintf(format, args...)
	}
}

// reference is how a request names one of several things.
type reference struct {
	ID, Name, Value, Key, AccountID string
}

func (d *drafter) apply(field, verb string, raw json.RawMessage) {
	custom := d.catalog.fields[field]
	switch {
	case d.screen.refuses(field):
		d.fail(field, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", field)
	case field == "comment":
		d.comment(verb, raw)
	case field == "resolution" && d.screen.field(field) != nil:
		d.resolutionOf(raw)
	case field == "labels":
		d.tags(field, verb, raw, &d.issue.Labels)
	case field == d.sprintField():
		d.sprintOf(verb, raw)
	case field == "fixVersions":
		d.versionsOf(field, verb, raw)
	case field == "components":
		d.componentsOf(verb, raw)
	case custom != nil && custom.onScreen(d.issue.Project):
		d.custom(custom, verb, raw)
	case verb != "set":
		d.fail(field, "The operation '%s' is not supported by the field '%s'.", verb, field)
	default:
		d.system(field, raw)
	}
}

// system sets one of the fields that every site has.
func (d *drafter) system(field string, raw json.RawMessage) {
	switch field {
	case "summary":
		d.summary(raw)
	case "description":
		text, ok := d.plain(raw)
		if !ok {
			d.fail(field, "Operation value must be %s", map[string]string{"2": "a string", "3": "an Atlassian Document (see the Atlassian Document Format)"}[d.version])
		}
		d.issue.Description = text
	case "priority":
		d.priorityOf(raw)
	case "duedate":
		if !d.may(d.issue.Project, ScheduleIssues) {
			d.fail(field, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", field)
			return
		}
		d.dueDate(raw)
	case "assignee":
		d.assignee(raw)
	case "parent":
		d.parentOf(raw)
	case "security":
		d.security(raw)
	default:
		d.fail(field, "Field '%s' cannot be set. It is not on the appropriate screen, or unknown.", field)
	}
}

func (d *drafter) summary(raw json.RawMessage) {
	var text string
	switch {
	case json.Unmarshal(raw, &text) != nil:
		d.fail("summary", "Operation value must be a string")
	case strings.TrimSpace(text) == "":
		d.fail("summary", "You must specify a summary of the issue.")
	case strings.ContainsAny(text, "\r\n"):
		d.fail("summary", "The summary is invalid because it contains newline characters.")
	case utf8.RuneCountInString(text) > 255:
		d.fail("summary", "Summary can't exceed 255 characters.")
	default:
		d.issue.Summary = text
	}
}

// one reads a reference; null and objects without a known key count as none.
func (d *drafter) one(field string, raw json.RawMessage) (ref reference, null, ok bool) {
	if string(raw) == "null" {
		return ref, true, true
	}
	if json.Unmarshal(raw, &ref) != nil {
		d.fail(field, "Could not find valid 'id' or 'name' in the %s object.", field)
		return ref, false, false
	}
	return ref, false, true
}

// priorityOf takes an id, or a name as the site spells it, of the project's
// own scheme.
func (d *drafter) priorityOf(raw json.RawMessage) {
	ref, null, ok := d.one("priority", raw)
	if !ok {
		return
	}
	for _, p := range d.catalog.allowed(d.issue.Project) {
		if !null && (p.ID == ref.ID || (ref.ID == "" && ref.Name != "" && p.Name == ref.Name)) {
			d.issue.Priority = p.ID
			return
		}
	}
	d.fail("priority", "The priority selected is invalid.")
}

func (d *drafter) dueDate(raw json.RawMessage) {
	var text *string
	if json.Unmarshal(raw, &text) == nil {
		if text == nil || *text == "" {
			d.issue.Due = ""
			return
		}
		if _, err := time.Parse(time.DateOnly, *text); err == nil {
			d.issue.Due = *text
			return
		}
	}
	d.fail("duedate", "Error parsing date string: %s", raw)
}

func (d *drafter) assignee(raw json.RawMessage) {
	ref, null, ok := d.one("assignee", raw)
	id := ref.AccountID + ref.ID
	if p := d.catalog.byLogin(ref.Name); d.server {
		if id = ref.Name; p != nil {
			id = p.ID
		}
	}
	switch {
	case !ok:
	case null:
		d.issue.Assignee = ""
	case d.catalog.people[id] == nil:
		d.fail("assignee", "User '%s' cannot be assigned issues.", id)
	default:
		d.issue.Assignee = id
	}
}

func (d *drafter) parentOf(raw json.RawMessage) {
	ref, null, ok := d.one("parent", raw)
	if !ok {
		return
	}
	if null {
		d.issue.Parent = ""
		return
	}
	parent := d.lookup(ref.Key + ref.ID)
	if parent == nil || parent.ID == d.issue.ID {
		d.fail("parent", "Given parent issue does not exist or is not valid.")
		return
	}
	d.issue.Parent = parent.Key
}

func (d *drafter) security(raw json.RawMessage) {
	ref, null, ok := d.one("security", raw)
	if !ok {
		return
	}
	if null {
		d.issue.Level = ""
		return
	}
	for _, l := range d.catalog.world.Levels {
		if l.ID == ref.ID || (ref.ID == "" && l.Name == ref.Name) {
			d.issue.Level = l.ID
			return
		}
	}
	d.fail("security", "Specify a valid 'id' or 'name' for security")
}
