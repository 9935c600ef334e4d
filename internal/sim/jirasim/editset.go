package jirasim

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// tags edits a list of labels element by element, or sets it as a whole.
func (d *drafter) tags(field, verb string, raw json.RawMessage, list *[]string) {
	var values []string
	if verb == "set" {
		if json.Unmarshal(raw, &values) != nil {
			d.fail(field, "Operation value must be an array of strings")
			return
		}
		*list = nil
	} else {
		var one string
		if json.Unmarshal(raw, &one) != nil {
			d.fail(field, "Operation value must be a string")
			return
		}
		values = []string{one}
	}
	for _, v := range values {
		switch {
		case verb == "remove":
			*list = slices.DeleteFunc(*list, func(l string) bool { return l == v })
		case verb != "set" && verb != "add":
			d.fail(field, "The operation '%s' is not supported by the field '%s'.", verb, field)
		case strings.ContainsAny(v, " \t\n") || v == "":
			d.fail(field, "The label '%s' contains spaces which is invalid.", v)
		case utf8.RuneCountInString(v) > 255:
			d.fail(field, "The label '%s' exceeds the maximum length for a single label of 255 characters.", v)
		case !slices.Contains(*list, v):
			*list = append(*list, v)
		}
	}
}

func (d *drafter) versionsOf(field, verb string, raw json.RawMessage) {
	var refs []reference
	var err error
	if verb == "set" {
		err = json.Unmarshal(raw, &refs)
	} else {
		refs = make([]reference, 1)
		err = json.Unmarshal(raw, &refs[0])
	}
	if err != nil {
		d.fail(field, "Operation value must be a version object or an array of them")
		return
	}
	before := d.issue.FixVersions
	if verb == "set" {
		d.issue.FixVersions = nil
	}
	for _, ref := range refs {
		all := d.catalog.projects[d.issue.Project].Versions
		n := slices.IndexFunc(all, func(v Version) bool {
			return v.ID == ref.ID || (ref.ID == "" && ref.Name != "" && v.Name == ref.Name)
		})
		switch {
		case n < 0 && ref.ID == "":
			d.fail(field, "Version name '%s' is not valid", ref.Name)
		case n < 0:
			d.fail(field, "Version id '%s' is not valid", ref.ID)
		case verb == "remove":
			d.issue.FixVersions = slices.DeleteFunc(d.issue.FixVersions, func(id string) bool { return id == all[n].ID })
		case all[n].Archived && !slices.Contains(before, all[n].ID):
			d.fail(field, "Version '%s' is archived", all[n].Name)
		case !slices.Contains(d.issue.FixVersions, all[n].ID):
			d.issue.FixVersions = append(d.issue.FixVersions, all[n].ID)
		}
	}
}

func (d *drafter) put(id string, value any, clear bool) {
	if d.issue.Custom == nil {
		d.issue.Custom = map[string]any{}
	}
	if clear {
		delete(d.issue.Custom, id)
		return
	}
	d.issue.Custom[id] = value
}
