package jirasim

import (
	"errors"
	"fmt"
	"strings"
)

// found returns the ids of the list's elements that a text means.
func found[T any](list []T, o operand, id func(*T) string, names ...func(*T) string) ([]string, error) {
	var ids []string
	for i := range list {
		hit := id(&list[i]) == o.text
		for _, name := range names {
			hit = hit || strings.EqualFold(name(&list[i]), o.text)
		}
		if hit {
			ids = append(ids, id(&list[i]))
		}
	}
	if len(ids) == 0 || o.function != "" {
		return nil, fmt.Errorf("no value %s", o)
	}
	return ids, nil
}

func (c *compiler) projectValue(o operand) ([]string, error) {
	for _, p := range c.catalog.world.Projects {
		if p.Access != NoAccess && (p.ID == o.text || strings.EqualFold(p.Key, o.text) || strings.EqualFold(p.Name, o.text)) {
			return []string{p.Key}, nil
		}
	}
	return nil, errors.New("no such project")
}

func (c *compiler) statusValue(o operand) ([]string, error) {
	return found(c.catalog.world.Statuses, o, func(s *Status) string { return s.ID }, func(s *Status) string { return s.Name })
}

// category is a status category as the service shows it.
type category struct {
	id                      int
	key, name, color, alias string
}

func categories() []category {
	return []category{
		{2, string(ToDo), "To Do", "blue-gray", "new"},
		{4, string(InProgress), "In Progress", "yellow", "indeterminate"},
		{3, string(Done), "Done", "green", "complete"},
	}
}

func categoryValue(o operand) ([]string, error) {
	for _, c := range categories() {
		if o.text == fmt.Sprint(c.id) || strings.EqualFold(o.text, c.key) || strings.EqualFold(o.text, c.name) || strings.EqualFold(o.text, c.alias) {
			return []string{c.key}, nil
		}
	}
	return nil, errors.New("no such status category")
}

func (c *compiler) typeValue(o operand) ([]string, error) {
	if o.function != "" {
		return c.typeFunction(o)
	}
	return found(c.catalog.world.Types, o, func(t *IssueType) string { return t.ID }, func(t *IssueType) string { return t.Name })
}

func (c *compiler) levelValue(o operand) ([]string, error) {
	return found(c.catalog.world.Levels, o, func(l *Level) string { return l.ID }, func(l *Level) string { return l.Name })
}

func (c *compiler) resolutionValue(o operand) ([]string, error) {
	return found(c.catalog.world.Resolutions, o, func(r *Resolution) string { return r.ID }, func(r *Resolution) string { return r.Name })
}

func (c *compiler) personValue(o operand) ([]string, error) {
	if strings.EqualFold(o.function, "currentUser") {
		return []string{c.account.Person}, nil
	}
	login := func(p *Person) string { return p.Email }
	if c.server {
		login = func(p *Person) string { return c.catalog.login(p.ID) }
	}
	return found(c.catalog.world.People, o, func(p *Person) string { return p.ID }, login)
}

func (c *compiler) issueValue(o operand) ([]string, error) {
	if e := c.lookup(o.text); e != nil {
		return []string{e.Key}, nil
	}
	return nil, errors.New("no such issue")
}
