package jirasim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// custom sets a custom field. The texts of refusals are the service's where
// they are known, and like them elsewhere; clients should not read them.
func (d *drafter) custom(f *Field, verb string, raw json.RawMessage) {
	switch {
	case !slices.Contains(f.operations(), verb):
		d.fail(f.ID, "The operation '%s' is not supported by the field '%s'.", verb, f.Name)
	case f.Kind == Tags:
		list, _ := d.issue.Custom[f.ID].([]string)
		d.tags(f.ID, verb, raw, &list)
		d.put(f.ID, list, len(list) == 0)
	case string(raw) == "null" && verb == "set":
		d.put(f.ID, nil, true)
	case f.Kind.shape().many:
		d.several(f, verb, raw)
	default:
		d.single(f, raw)
	}
}

// single sets a field with at most one value.
func (d *drafter) single(f *Field, raw json.RawMessage) {
	var value any
	ok := false
	switch f.Kind {
	case Number:
		value, ok = d.number(f, raw)
	case Option, Radio:
		ref, _, read := d.one(f.ID, raw)
		choice := f.option(ref.ID, ref.Value)
		if !read || choice == nil {
			d.fail(f.ID, "Specify a valid 'id' or 'value' for %s", f.Name)
			return
		}
		value, ok = choice.ID, true
	case Cascade:
		value, ok = d.cascade(f, raw)
	case Picker:
		value, ok = d.person(f, raw)
	case Area:
		text, read := d.plain(raw)
		if value, ok = text, read; !read {
			d.fail(f.ID, "Operation value must be %s", longText(d.version))
		}
		if utf8.RuneCountInString(text) > 32767 {
			d.fail(f.ID, "The entered text is too long. It exceeds the allowed limit of 32,767 characters.")
			return
		}
	default:
		value, ok = d.short(f, raw)
	}
	if ok {
		d.put(f.ID, value, value == "")
	}
}

func longText(version string) string {
	return map[string]string{"2": "a string", "3": "an Atlassian Document (see the Atlassian Document Format)"}[version]
}

func (d *drafter) number(f *Field, raw json.RawMessage) (any, bool) {
	var n float64
	if json.Unmarshal(raw, &n) != nil {
		d.fail(f.ID, "Operation value must be a number")
		return nil, false
	}
	if math.Abs(n) > 1e14 {
		d.fail(f.ID, "'%v' is an invalid number. The number must be between -100,000,000,000,000 and 100,000,000,000,000.", n)
		return nil, false
	}
	return n, true
}

// short reads a text on one line, a date, a moment or an address.
func (d *drafter) short(f *Field, raw json.RawMessage) (any, bool) {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		d.fail(f.ID, "Operation value must be a %s", map[bool]string{true: "date in the format yyyy-MM-dd", false: "string"}[f.Kind == Date])
		return nil, false
	}
	if text == "" {
		return "", true
	}
	var err error
	switch f.Kind {
	case Date:
		if _, err = time.Parse(time.DateOnly, text); err != nil {
			d.fail(f.ID, "Operation value must be a date in the format yyyy-MM-dd")
		}
	case Moment:
		var at time.Time
		if at, err = time.Parse(jiraTime, text); err != nil {
			d.fail(f.ID, "Error parsing date string: %s", text)
		}
		text = at.UTC().Format(time.RFC3339Nano)
	case Link:
		var u *url.URL
		if u, err = url.Parse(text); err == nil && (u.Scheme == "" || u.Host == "") {
			err = fmt.Errorf("no address: %s", text)
		}
		if err != nil {
			d.fail(f.ID, "Not a valid URL")
		}
	default:
		if utf8.RuneCountInString(text) > 255 {
			d.fail(f.ID, "The entered text is too long. It exceeds the allowed limit of 255 characters.")
			return nil, false
		}
	}
	return text, err == nil
}

// cascade reads {"id":…} or {"value":…} with a child of the same form.
func (d *drafter) cascade(f *Field, raw json.RawMessage) (any, bool) {
	var ref struct {
		reference
		Child *reference `json:"child"`
	}
	if json.Unmarshal(raw, &ref) != nil {
		d.fail(f.ID, "Could not find valid 'id' or 'value' in the %s object.", f.Name)
		return nil, false
	}
	top := f.option(ref.ID, ref.Value)
	if top == nil {
		d.fail(f.ID, "%s is not valid", named(ref.reference))
		return nil, false
	}
	if ref.Child == nil {
		return top.ID, true
	}
	below := f.child(top.ID, ref.Child.ID, ref.Child.Value)
	if below == nil {
		d.fail(f.ID, "%s is not a child of the option '%s'", named(*ref.Child), top.Value)
		return nil, false
	}
	return top.ID + "/" + below.ID, true
}

func named(ref reference) string {
	if ref.ID == "" && ref.Value != "" {
		return "Option value '" + ref.Value + "'"
	}
	return "Option id '" + cmp.Or(ref.ID, "null") + "'"
}

// person reads a user; null was handled before.
func (d *drafter) person(f *Field, raw json.RawMessage) (any, bool) {
	ref, _, ok := d.one(f.ID, raw)
	id := cmp.Or(ref.AccountID, ref.ID)
	if p := d.catalog.byLogin(ref.Name); d.server {
		if id = ref.Name; p != nil {
			id = p.ID
		}
	}
	if ok && d.catalog.people[id] == nil {
		d.fail(f.ID, "User '%s' was not found in the system.", id)
		return nil, false
	}
	return id, ok
}

// several edits a list element by element, or sets it as a whole.
func (d *drafter) several(f *Field, verb string, raw json.RawMessage) {
	elements := []json.RawMessage{raw}
	if verb == "set" && json.Unmarshal(raw, &elements) != nil {
		d.fail(f.ID, "data was not an array")
		return
	}
	list, _ := d.issue.Custom[f.ID].([]string)
	if verb == "set" {
		list = nil
	}
	for _, element := range elements {
		id, ok := d.element(f, element)
		switch {
		case !ok:
			return
		case verb == "remove":
			list = slices.DeleteFunc(list, func(have string) bool { return have == id })
		case !slices.Contains(list, id):
			list = append(list, id)
		}
	}
	d.put(f.ID, list, len(list) == 0)
}

func (d *drafter) element(f *Field, raw json.RawMessage) (string, bool) {
	if f.Kind == Pickers {
		id, ok := d.person(f, raw)
		text, _ := id.(string)
		return text, ok
	}
	ref, _, ok := d.one(f.ID, raw)
	if !ok {
		return "", false
	}
	choice := f.option(ref.ID, ref.Value)
	if choice == nil {
		d.fail(f.ID, "%s is not valid", named(ref))
		return "", false
	}
	return choice.ID, true
}

// componentsOf edits the components, by id or name.
func (d *drafter) componentsOf(verb string, raw json.RawMessage) {
	refs := make([]reference, 1)
	var err error
	if verb == "set" {
		err = json.Unmarshal(raw, &refs)
	} else {
		err = json.Unmarshal(raw, &refs[0])
	}
	if err != nil || !slices.Contains([]string{"set", "add", "remove"}, verb) {
		d.fail("components", "data was not an array")
		return
	}
	if verb == "set" {
		d.issue.Components = nil
	}
	all := d.catalog.projects[d.issue.Project].Components
	for _, ref := range refs {
		n := slices.IndexFunc(all, func(c Component) bool {
			return c.ID == ref.ID || (ref.ID == "" && strings.EqualFold(c.Name, ref.Name))
		})
		switch {
		case n < 0 && ref.ID != "":
			d.fail("components", "Component id '%s' is not valid", ref.ID)
		case n < 0:
			d.fail("components", "Component name '%s' is not valid", ref.Name)
		case verb == "remove":
			d.issue.Components = slices.DeleteFunc(d.issue.Components, func(id string) bool { return id == all[n].ID })
		case !slices.Contains(d.issue.Components, all[n].ID):
			d.issue.Components = append(d.issue.Components, all[n].ID)
		}
	}
}
