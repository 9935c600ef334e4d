package jirasim

import (
	"encoding/json"
	"regexp"
	"slices"
)

// screen is what a transition lets a request set, and demands. The nil screen
// is the edit screen.
type screen struct {
	transition *Transition
	strict     bool
}

// screenOf returns the screen of a transition. The ways of the usual workflow
// have none and take whatever an edit takes.
func (a *asker) screenOf(i *Issue, t *Transition) *screen {
	return &screen{transition: t, strict: a.catalog.projects[i.Project].workflow(i.Type) != nil}
}

func (s *screen) field(id string) *ScreenField {
	if s == nil {
		return nil
	}
	n := slices.IndexFunc(s.transition.Screen, func(f ScreenField) bool { return f.ID == id })
	if n < 0 {
		return nil
	}
	return &s.transition.Screen[n]
}

// refuses reports whether the field may not be set here.
func (s *screen) refuses(field string) bool {
	switch {
	case s == nil || !s.strict:
		return false
	case field == "comment":
		return !s.transition.HasScreen
	}
	return !s.transition.HasScreen || s.field(field) == nil
}

// demand reports what a transition requires and the draft lacks.
func (d *drafter) demand() {
	if d.screen == nil {
		return
	}
	for _, f := range d.screen.transition.Screen {
		value, _ := d.field(d.issue, f.ID)
		switch {
		case f.Required && blank(value):
			d.fail(f.ID, "%s is required.", d.title(f.ID))
		case f.Pattern != "" && !regexp.MustCompile(f.Pattern).MatchString(showValue(value)):
			d.fail(f.ID, "%s", f.Message)
		}
	}
}

// title is a field's name as people see it.
func (a *asker) title(id string) string {
	if f := a.catalog.fields[id]; f != nil {
		return f.Name
	}
	for _, bean := range systemFieldBeans() {
		if name, ok := bean["name"].(string); ok && bean["id"] == id {
			return a.say(name)
		}
	}
	return id
}

func blank(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case []any:
		return len(v) == 0
	}
	return false
}

// showValue is the text that a validator sees.
func showValue(v any) string {
	switch v := v.(type) {
	case object:
		for _, key := range []string{"value", "name", "accountId"} {
			if text, ok := v[key].(string); ok {
				return text
			}
		}
	case string, float64:
		return customText(v)
	}
	raw, err := json.Marshal(v)
	if err != nil || v == nil {
		return ""
	}
	return string(raw)
}

// resolutionOf sets how the issue was closed; only a transition's screen has
// it.
func (d *drafter) resolutionOf(raw json.RawMessage) {
	ref, null, ok := d.one("resolution", raw)
	if !ok {
		return
	}
	if null {
		d.issue.Resolution = ""
		return
	}
	allowed := d.screen.field("resolution").Allowed
	for _, r := range d.catalog.world.Resolutions {
		if (r.ID == ref.ID || (ref.ID == "" && r.Name == ref.Name)) && (len(allowed) == 0 || slices.Contains(allowed, r.ID)) {
			d.issue.Resolution = r.ID
			return
		}
	}
	d.fail("resolution", "Specify a valid 'id' or 'name' for resolution")
}

// comment adds a comment along with an edit or a transition.
func (d *drafter) comment(verb string, raw json.RawMessage) {
	var req commentBody
	if verb != "add" || json.Unmarshal(raw, &req) != nil {
		d.fail("comment", "The operation '%s' is not supported by the field 'comment'.", verb)
		return
	}
	text, ok := d.plain(req.Body)
	if !ok || text == "" {
		d.fail("comment", "Comment body can not be empty!")
		return
	}
	d.comments = append(d.comments, Comment{Author: d.account.Person, Body: text, Visibility: req.Visibility})
}
