package jira

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/work"
)

// difference spells a list as what is added to it and removed from it since
// the plan. A list is never set as a whole: what other people put there
// meanwhile stays.
func (s *sink) difference(ctx context.Context, c *change, m fieldMeta) (out spelled, fault string, err error) {
	gone, come := c.goneAndCome()
	switch {
	case m.Required && c.edit.Target.Element == "" && !wish(c.edit).Present():
		return out, m.label() + " is required here and cannot be emptied; keep one element", nil
	case len(gone) > 0 && !m.takes("remove") || len(come) > 0 && !m.takes("add"):
		return out, m.label() + " cannot be changed element by element, and Tandem never replaces a list as a whole; map the value to another field", nil
	}
	standing := c.standing()
	for _, text := range gone {
		element, fault, err := s.element(ctx, c, m, text, standing)
		if fault != "" || err != nil {
			return out, fault, err
		}
		out.verbs = append(out.verbs, map[string]any{"remove": element})
	}
	for _, text := range come {
		element, fault, err := s.element(ctx, c, m, text, nil)
		if fault != "" || err != nil {
			return out, fault, err
		}
		out.verbs = append(out.verbs, map[string]any{"add": element})
	}
	return out, "", nil
}

// goneAndCome are the elements that the edit takes off and those that it adds.
func (c *change) goneAndCome() (gone, come []string) {
	if c.edit.Verb == work.AddLabel {
		return nil, []string{c.edit.Target.Element}
	}
	if c.edit.Verb == work.RemoveLabel {
		return []string{c.edit.Target.Element}, nil
	}
	before, after := c.edit.Expect, wish(c.edit)
	for e := range before.Elements {
		if !after.Has(e) {
			gone = append(gone, e)
		}
	}
	for e := range after.Elements {
		if !before.Has(e) {
			come = append(come, e)
		}
	}
	return gone, come
}

// standing are the elements that the issue shows, with their ids: what is
// removed may be allowed no more, such as an archived version.
func (c *change) standing() []choice {
	var all []choice
	if json.Unmarshal(c.issue.Fields[c.id], &all) != nil {
		return nil
	}
	return all
}

// element spells one element by the schema of the list.
func (s *sink) element(ctx context.Context, c *change, m fieldMeta, text string, standing []choice) (value any, fault string, err error) {
	switch m.Schema.Items {
	case "string":
		return text, labelFaultOf(m, text), nil
	case "version", "component", "option":
		if known, ok := pick(standing, text); ok {
			return map[string]string{"id": string(known.ID)}, "", nil
		}
		if known, ok := pick(m.choices(), text); ok {
			return map[string]string{"id": string(known.ID)}, "", nil
		}
		if m.Schema.Items == "version" {
			return nil, s.versionFault(ctx, c, m, text), nil
		}
		return nil, m.unknown(text, m.choices()), nil
	case "user":
		value, err = s.site.person(ctx, text)
		return value, "", err
	case "group":
		return map[string]string{"name": text}, "", nil
	default:
		return nil, m.label() + " is a list of type " + m.Schema.Items + ", which this version does not write; map the value to a list of texts, choices, people, versions or components", nil
	}
}

// labelFaultOf holds texts that are labels against Jira's rules for them.
func labelFaultOf(m fieldMeta, text string) string {
	if m.Schema.Custom != "" && !strings.HasSuffix(m.Schema.Custom, ":labels") {
		return ""
	}
	return labelFault(text)
}

// versionFault says why a version cannot be chosen: the edit screen offers
// those that are not archived.
func (s *sink) versionFault(ctx context.Context, c *change, m fieldMeta, text string) string {
	project := placeOf(c)
	var all []choice
	if s.site.client.get(ctx, path("project", project, "versions"), nil, &all) == nil {
		if i := slices.IndexFunc(all, func(v choice) bool { return v.text() == text }); i >= 0 && all[i].Archived {
			return fmt.Sprintf("the version %q of %s is archived and takes no issues; unarchive it in Jira, or choose one of: %s", text, project, listed(m.choices()))
		}
	}
	return fmt.Sprintf("%s has no version %q; it has: %s; create it in Jira, or map the value to one of these under by_project", project, text, listed(m.choices()))
}
