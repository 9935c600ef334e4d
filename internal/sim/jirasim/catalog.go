package jirasim

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// catalog is everything of a site but its issues, with look-ups. It is never
// changed: acts of people store a new one.
type catalog struct {
	world      World // without issues
	people     map[string]*Person
	zones      map[string]*time.Location // by person
	statuses   map[string]*Status
	types      map[string]*IssueType
	priorities map[string]*Priority
	urgency    map[string]int // by priority id, 0 is most urgent
	schemes    map[string]*Scheme
	resolved   map[string]*Resolution
	levels     map[string]*Level
	fields     map[string]*Field
	projects   map[string]*Project // by key
	projectIDs map[string]*Project // by id
	numbers    boardFields
	// views are the catalog as single accounts see it, made when first asked
	// for, under the site's lock.
	views map[string]*catalog
}

func newCatalog(w World) *catalog {
	w = copyCatalog(w)
	c := &catalog{
		world:      w,
		people:     byID(w.People, func(p *Person) string { return p.ID }),
		zones:      map[string]*time.Location{},
		views:      map[string]*catalog{},
		statuses:   byID(w.Statuses, func(s *Status) string { return s.ID }),
		types:      byID(w.Types, func(t *IssueType) string { return t.ID }),
		priorities: byID(w.Priorities, func(p *Priority) string { return p.ID }),
		urgency:    map[string]int{},
		schemes:    byID(w.Schemes, func(s *Scheme) string { return s.ID }),
		resolved:   byID(w.Resolutions, func(r *Resolution) string { return r.ID }),
		levels:     byID(w.Levels, func(l *Level) string { return l.ID }),
		fields:     byID(w.Fields, func(f *Field) string { return f.ID }),
		projects:   byID(w.Projects, func(p *Project) string { return p.Key }),
		projectIDs: byID(w.Projects, func(p *Project) string { return p.ID }),
	}
	for i, p := range w.Priorities {
		c.urgency[p.ID] = i
	}
	for _, p := range w.People {
		zone, err := time.LoadLocation(p.TimeZone)
		if err != nil {
			zone = time.UTC
		}
		c.zones[p.ID] = zone
	}
	return c
}

func byID[T any](list []T, id func(*T) string) map[string]*T {
	m := make(map[string]*T, len(list))
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
	return m
}

// copyCatalog returns the world without issues, sharing nothing with it.
func copyCatalog(w World) World {
	c := World{
		Accounts: slices.Clone(w.Accounts), People: slices.Clone(w.People), Statuses: slices.Clone(w.Statuses),
		Types: slices.Clone(w.Types), Priorities: slices.Clone(w.Priorities), Schemes: slices.Clone(w.Schemes),
		Resolutions: slices.Clone(w.Resolutions), Levels: slices.Clone(w.Levels), Fields: slices.Clone(w.Fields),
		Projects: slices.Clone(w.Projects), Boards: slices.Clone(w.Boards), Sprints: slices.Clone(w.Sprints),
	}
	for i := range c.Boards {
		c.Boards[i].Projects = slices.Clone(c.Boards[i].Projects)
	}
	for i := range c.Accounts {
		c.Accounts[i].Rights, c.Accounts[i].Roles = maps.Clone(c.Accounts[i].Rights), slices.Clone(c.Accounts[i].Roles)
	}
	for i := range c.Schemes {
		c.Schemes[i].Priorities = slices.Clone(c.Schemes[i].Priorities)
	}
	for i := range c.Fields {
		c.Fields[i].Options = slices.Clone(c.Fields[i].Options)
		c.Fields[i].Children = maps.Clone(c.Fields[i].Children)
		c.Fields[i].Projects = slices.Clone(c.Fields[i].Projects)
	}
	for i := range c.Projects {
		p := &c.Projects[i]
		p.Types, p.Statuses, p.Versions = slices.Clone(p.Types), slices.Clone(p.Statuses), slices.Clone(p.Versions)
		p.Workflows, p.Components = cloneWorkflows(p.Workflows), slices.Clone(p.Components)
	}
	return c
}

// name returns a person's display name; unknown people keep their id.
func (c *catalog) name(person string) string {
	if p := c.people[person]; p != nil {
		return p.Name
	}
	return person
}

// onScreen reports whether the field can be set in the project.
func (f *Field) onScreen(project string) bool {
	return len(f.Projects) == 0 || slices.Contains(f.Projects, project)
}

// custom returns the type key of the field.
func (f *Field) custom() string {
	if f.Custom != "" {
		return f.Custom
	}
	return f.Kind.shape().custom
}

// schemaType returns the JSON type of the field's value, and of its elements.
func (f *Field) schemaType() (value, items string) {
	s := f.Kind.shape()
	return s.value, s.items
}

// option returns the choice with the given id or value.
func (f *Field) option(id, value string) *Choice {
	for i, o := range f.Options {
		if (id != "" && o.ID == id) || (id == "" && strings.EqualFold(o.Value, value)) {
			return &f.Options[i]
		}
	}
	return nil
}

// allowed returns the priorities of a project, most urgent first.
func (c *catalog) allowed(project string) []*Priority {
	p := c.projects[project]
	if p == nil {
		return nil
	}
	scheme := c.schemes[p.Scheme]
	if scheme == nil {
		return nil
	}
	var list []*Priority
	for _, id := range scheme.Priorities {
		if priority := c.priorities[id]; priority != nil {
			list = append(list, priority)
		}
	}
	slices.SortStableFunc(list, func(a, b *Priority) int { return c.urgency[a.ID] - c.urgency[b.ID] })
	return list
}

// visible reports whether accounts may see the issue.
func (c *catalog) visible(i *Issue) bool {
	if p := c.projects[i.Project]; p == nil || p.Access == NoAccess {
		return false
	}
	level := c.levels[i.Level]
	return level == nil || !level.Hidden
}

// done reports whether the status belongs to the last category.
func (c *catalog) done(status string) bool {
	s := c.statuses[status]
	return s != nil && s.Category == Done
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
