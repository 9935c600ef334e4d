package jirasim

import (
	"slices"
	"strings"
	"time"
)

func (a *asker) custom(i *Issue, id string) (any, bool) {
	if id == a.rankField() {
		return i.Rank, true
	}
	if id == a.sprintField() {
		return a.sprintValue(i), true
	}
	f := a.catalog.fields[id]
	if f == nil || !f.onScreen(i.Project) {
		return nil, f != nil
	}
	if _, has := i.Custom[id]; !has {
		return nil, true
	}
	return a.value(f, i.Custom[id]), true
}

// value writes what a custom field holds.
func (a *asker) value(f *Field, v any) any {
	if f.Kind.shape().many && f.Kind != Tags {
		list, _ := v.([]string)
		out := []any{}
		for _, id := range list {
			if bean := a.elementOf(f, id); bean != nil {
				out = append(out, bean)
			}
		}
		return out
	}
	text := customText(v)
	switch f.Kind {
	case Option, Radio:
		if choice := f.option(text, ""); choice != nil {
			return a.choice(choice)
		}
		return nil
	case Cascade:
		return a.cascade(f, text)
	case Picker:
		return a.person(text)
	case Area:
		return a.text(text)
	case Moment:
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return nil
		}
		return a.time(at)
	default:
		return v
	}
}

func (a *asker) elementOf(f *Field, id string) any {
	switch f.Kind {
	case Pickers:
		return a.person(id)
	default:
		if choice := f.option(id, ""); choice != nil {
			return a.choice(choice)
		}
		return nil
	}
}

func (a *asker) cascade(f *Field, value string) any {
	top, below, _ := strings.Cut(value, "/")
	choice := f.option(top, "")
	if choice == nil {
		return nil
	}
	bean := a.choice(choice)
	if kid := f.child(top, below, ""); kid != nil && below != "" {
		bean["child"] = a.choice(kid)
	}
	return bean
}

// choicesOf lists what a field may be set to.
func (a *asker) choicesOf(f *Field) []any {
	out := []any{}
	for _, o := range f.Options {
		bean := a.choice(&o)
		if f.Kind == Cascade {
			kids := []any{}
			for _, kid := range f.Children[o.ID] {
				kids = append(kids, a.choice(&kid))
			}
			bean["children"] = kids
		}
		out = append(out, bean)
	}
	return out
}

func (a *asker) componentBean(c Component) object {
	return object{"self": a.self("/component/" + c.ID), "id": c.ID, "name": c.Name}
}

// componentBeans writes the components of an issue, or all of a project for a
// nil list.
func (a *asker) componentBeans(p *Project, ids []string, all bool) []any {
	out := []any{}
	if p == nil {
		return out
	}
	for _, c := range p.Components {
		if all || slices.Contains(ids, c.ID) {
			out = append(out, a.componentBean(c))
		}
	}
	return out
}
