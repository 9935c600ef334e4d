package githubsim

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Project is a board of an organisation or a user (Projects v2).
type Project struct {
	ID     int64
	Owner  string // login
	User   bool   // the owner is a user, which Apps cannot read
	Number int
	Title  string
	Closed bool
	// Public boards can be read by everybody.
	Public bool
	// Access is what the accounts may do with it.
	Access  Access
	Fields  []ProjectField
	Items   []ProjectItem
	Created time.Time
}

// The kinds of fields of a project.
const (
	TextField      = "TEXT"
	NumberField    = "NUMBER"
	DateField      = "DATE"
	SelectField    = "SINGLE_SELECT"
	IterationField = "ITERATION"
)

// ProjectField is one field of a project. Title and the like, which every
// project has, are not among them.
type ProjectField struct {
	ID      int64
	Name    string
	Kind    string
	Options []ProjectOption // of a single select, and the iterations
}

// ProjectOption is one option of a single select, or one iteration.
type ProjectOption struct {
	ID, Name string
	// Start and Days are those of an iteration; Done tells that it is over.
	Start time.Time
	Days  int
	Done  bool
}

// ProjectItem is a card: an issue, or a draft that has only a title.
type ProjectItem struct {
	ID       int64
	Issue    int64 // id of the issue; 0 is a draft
	Title    string
	Archived bool
	// Values holds text, number, date or the id of an option by the field's id.
	Values  map[int64]any
	Updated time.Time
}

// project is a live project. The site's lock guards it.
type project struct {
	Project

	byIssue map[int64]int // place in Items
}

func (p *project) nodeID() string { return nodeID("PVT", 0, p.ID) }

func (p *project) plain() Project {
	c := p.Project
	c.Fields = slices.Clone(p.Fields)
	c.Items = make([]ProjectItem, len(p.Items))
	for i, item := range p.Items {
		c.Items[i] = item
		c.Items[i].Values = maps.Clone(item.Values)
	}
	return c
}

// field finds a field by its id.
func (p *project) field(id int64) *ProjectField {
	for i := range p.Fields {
		if p.Fields[i].ID == id {
			return &p.Fields[i]
		}
	}
	return nil
}

// option finds an option or iteration by its id.
func (f *ProjectField) option(id string) *ProjectOption {
	for i := range f.Options {
		if f.Options[i].ID == id {
			return &f.Options[i]
		}
	}
	return nil
}

// item finds an item by its id.
func (p *project) item(id int64) *ProjectItem {
	for i := range p.Items {
		if p.Items[i].ID == id {
			return &p.Items[i]
		}
	}
	return nil
}

// add puts an issue on the board; one that is there already stays as it is.
func (s *Site) add(p *project, issue int64) *ProjectItem {
	if at, ok := p.byIssue[issue]; ok {
		return &p.Items[at]
	}
	p.byIssue[issue] = len(p.Items)
	p.Items = append(p.Items, ProjectItem{ID: next(&s.ids.item), Issue: issue, Values: map[int64]any{}, Updated: s.now()})
	return &p.Items[len(p.Items)-1]
}

// seedProject completes and stores a project.
func (s *Site) seedProject(p Project) {
	if p.ID == 0 {
		p.ID = next(&s.ids.project)
	}
	p.Number = cmp.Or(p.Number, len(s.projects)+1)
	p.Created = orTime(p.Created, s.now())
	live := &project{Project: p, byIssue: map[int64]int{}}
	live.Fields, live.Items = slices.Clone(p.Fields), slices.Clone(p.Items)
	for i := range live.Fields {
		if live.Fields[i].ID == 0 {
			live.Fields[i].ID = next(&s.ids.field)
		}
		for o := range live.Fields[i].Options {
			option := &live.Fields[i].Options[o]
			option.ID = cmp.Or(option.ID, strconv.FormatInt(0x47fc9ee4+live.Fields[i].ID*31+int64(o), 16))
		}
	}
	for i := range live.Items {
		item := &live.Items[i]
		if item.ID == 0 {
			item.ID = next(&s.ids.item)
		}
		if item.Values == nil {
			item.Values = map[int64]any{}
		}
		item.Updated = orTime(item.Updated, live.Created)
		if item.Issue != 0 {
			live.byIssue[item.Issue] = i
		}
	}
	s.projects = append(s.projects, live)
}

// Project returns a copy of a project as it is now, by owner/number.
func (s *Site) Project(name string) (Project, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.projects {
		if fold(p.Owner)+"/"+digits(p.Number) == fold(name) {
			return p.plain(), true
		}
	}
	return Project{}, false
}

// EditProject changes a project as a person does on the board: values of
// items, options, names. Items may be added and removed.
func (s *Site) EditProject(name, by string, edit func(*Project)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.projects {
		if fold(p.Owner)+"/"+digits(p.Number) != fold(name) {
			continue
		}
		after := p.plain()
		edit(&after)
		for i := range after.Items {
			item := &after.Items[i]
			if old := p.item(item.ID); item.ID == 0 || old == nil || !sameValues(old.Values, item.Values) {
				item.Updated = s.now()
			}
			if item.ID == 0 {
				item.ID = next(&s.ids.item)
			}
			if item.Values == nil {
				item.Values = map[int64]any{}
			}
		}
		s.note(by, p.effects(s, after))
		p.Project = after
		p.byIssue = map[int64]int{}
		for i, item := range p.Items {
			if item.Issue != 0 {
				p.byIssue[item.Issue] = i
			}
		}
		return true
	}
	return false
}
