package jirasim

import (
	"slices"
	"strings"

	"tandem/internal/sim"
)

// compareMany handles custom fields with many values, as the changelog shows
// each kind.
func (c *catalog) compareMany(d *difference, f *Field, before, after *Issue) {
	from, _ := before.Custom[f.ID].([]string)
	to, _ := after.Custom[f.ID].([]string)
	changed := elements(after.Key, f.ID, from, to)
	if len(changed) == 0 {
		return
	}
	item := Item{Field: f.Name, FieldID: f.ID, FieldType: "custom", FromText: c.texts(f, from), ToText: c.texts(f, to)}
	switch f.Kind {
	case MultiOption, Checkboxes, Pickers:
		item.From, item.To = bracketed(from), bracketed(to)
	default:
	}
	d.items = append(d.items, item)
	d.effects = append(d.effects, changed...)
}

func bracketed(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return "[" + strings.Join(ids, ", ") + "]"
}

// texts joins the values as people see them.
func (c *catalog) texts(f *Field, ids []string) string {
	names := make([]string, len(ids))
	for n, id := range ids {
		names[n] = c.textOf(f, id)
	}
	switch f.Kind {
	case Tags:
		return strings.Join(names, " ")
	case Pickers:
		return strings.Join(names, ", ")
	default:
		return strings.Join(names, ",")
	}
}

// textOf is one value as people see it.
func (c *catalog) textOf(f *Field, value string) string {
	switch f.Kind {
	case Option, Radio, MultiOption, Checkboxes:
		return nameOf(f.option(value, ""), func(o *Choice) string { return o.Value })
	case Picker, Pickers:
		return c.name(value)
	case Cascade:
		top, below, deep := strings.Cut(value, "/")
		choice := f.option(top, "")
		if choice == nil {
			return ""
		}
		text := "Parent values: " + choice.Value + "(" + top + ")"
		if kid := f.child(top, below, ""); deep && kid != nil {
			text += "Level 1 values: " + kid.Value + "(" + below + ")"
		}
		return text
	default:
		return value
	}
}

// compareComponents writes one entry per component, as the service does.
func (c *catalog) compareComponents(d *difference, before, after *Issue) {
	name := func(id string) string {
		for _, p := range c.projects {
			for _, have := range p.Components {
				if have.ID == id {
					return have.Name
				}
			}
		}
		return ""
	}
	for _, e := range elements(after.Key, "components", before.Components, after.Components) {
		d.items = append(d.items, Item{
			Field: "Component", FieldID: "components", FieldType: "jira",
			From: e.From, FromText: name(e.From), To: e.To, ToText: name(e.To),
		})
		d.effects = append(d.effects, sim.Effect{Ref: e.Ref, Field: e.Field, From: e.From, To: e.To})
	}
}

// labelled lists ids and names of what an issue has, for the search.
func labelled[T any](have []string, all []T, id, name func(T) string) []string {
	var texts []string
	for _, one := range all {
		if slices.Contains(have, id(one)) {
			texts = append(texts, id(one), name(one))
		}
	}
	return texts
}

func (c *catalog) versionTexts(e *entry) []string {
	return labelled(e.FixVersions, c.projects[e.Project].Versions, func(v Version) string { return v.ID }, func(v Version) string { return v.Name })
}

func (c *catalog) componentTexts(e *entry) []string {
	return labelled(e.Components, c.projects[e.Project].Components, func(p Component) string { return p.ID }, func(p Component) string { return p.Name })
}
