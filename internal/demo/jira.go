package demo

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"tandem/internal/sim/company"
	"tandem/internal/sim/jirasim"
)

// token is what Acme's accounts sign in with; the stand-ins know no other.
const token = "acme-demo-token" //nolint:gosec // opens nothing but a stand-in of this process

// jiraWorld spells Acme as a Jira site.
func jiraWorld(c company.Company) jirasim.World {
	b := jiraBuilder{company: c}
	b.people()
	b.catalog()
	for _, i := range c.JiraIssues {
		b.issue(i)
	}
	return b.world
}

type jiraBuilder struct {
	company company.Company
	world   jirasim.World
}

func (b *jiraBuilder) people() {
	for _, p := range b.company.People {
		b.world.People = append(b.world.People, jirasim.Person{ID: p.Jira, Name: p.Display, Email: p.Email, TimeZone: "Europe/Berlin", App: p.Bot})
		b.world.Accounts = append(b.world.Accounts, jirasim.Account{Email: p.Email, Token: token, Person: p.Jira, Service: p.Bot})
	}
}

// person returns the account id of a person.
func (b *jiraBuilder) person(name string) string {
	for _, p := range b.company.People {
		if p.Name == name {
			return p.Jira
		}
	}
	return ""
}

// catalog adds types, statuses, priorities, fields and projects.
func (b *jiraBuilder) catalog() {
	w := &b.world
	for n, name := range []string{"Epic", "Story", "Bug", "Task", "Sub-task"} {
		level := map[string]int{"Epic": 1, "Sub-task": -1}[name]
		w.Types = append(w.Types, jirasim.IssueType{ID: strconv.Itoa(10001 + n), Name: name, English: name, Subtask: name == "Sub-task", Level: level})
	}
	w.Resolutions = []jirasim.Resolution{{ID: "10000", Name: "Done"}}
	for _, f := range b.company.JiraFields {
		field := jirasim.Field{ID: f.ID, Name: f.Name, Projects: f.Projects, Kind: map[string]jirasim.FieldKind{
			"number": jirasim.Number, "text": jirasim.Text, "option": jirasim.Option,
		}[f.Kind]}
		for n, o := range f.Options {
			field.Options = append(field.Options, jirasim.Choice{ID: strconv.Itoa(20000 + n), Value: o})
		}
		w.Fields = append(w.Fields, field)
	}
	for _, p := range b.company.Projects {
		b.project(p)
	}
}

func (b *jiraBuilder) project(p company.Project) {
	w := &b.world
	scheme := jirasim.Scheme{ID: "s" + p.ID, Name: p.Name + " scheme"}
	for _, name := range p.Priorities {
		id := b.priority(name)
		scheme.Priorities = append(scheme.Priorities, id)
		if name == p.Default {
			scheme.Default = id
		}
	}
	w.Schemes = append(w.Schemes, scheme)
	project := jirasim.Project{ID: p.ID, Key: p.Key, Name: p.Name, Lead: b.person(p.Lead), Scheme: scheme.ID, TeamManaged: p.TeamManaged}
	for _, t := range w.Types {
		project.Types = append(project.Types, t.ID)
	}
	for _, s := range p.Statuses {
		project.Statuses = append(project.Statuses, b.status(s))
	}
	for n, name := range p.Levels {
		w.Levels = append(w.Levels, jirasim.Level{ID: p.ID + strconv.Itoa(n), Name: name})
	}
	w.Projects = append(w.Projects, project)
	b.board(p)
}

// board adds the board of a project, with its sprints where it plans in them.
func (b *jiraBuilder) board(p company.Project) {
	board := jirasim.Board{ID: int64(len(b.world.Boards) + 1), Name: p.Name, Type: jirasim.Scrum, Projects: []string{p.Key}}
	switch {
	case p.Sprints == "":
		board.Type = jirasim.Kanban
	case p.TeamManaged:
		board.Type = jirasim.Simple
	}
	b.world.Boards = append(b.world.Boards, board)
	for _, s := range b.company.Sprints {
		if s.Project == p.Key {
			b.world.Sprints = append(b.world.Sprints, jirasim.Sprint{
				ID: s.ID, Name: s.Name, State: jirasim.SprintState(s.State), Board: board.ID, Start: s.Start, End: s.End,
			})
		}
	}
}

// priority returns the id of a priority of the site, making it where needed.
func (b *jiraBuilder) priority(name string) string {
	i := slices.IndexFunc(b.world.Priorities, func(p jirasim.Priority) bool { return p.Name == name })
	if i < 0 {
		i = len(b.world.Priorities)
		b.world.Priorities = append(b.world.Priorities, jirasim.Priority{ID: strconv.Itoa(i + 1), Name: name, Color: "#336699"})
	}
	return b.world.Priorities[i].ID
}

func (b *jiraBuilder) status(s company.Status) string {
	i := slices.IndexFunc(b.world.Statuses, func(x jirasim.Status) bool { return x.Name == s.Name })
	if i < 0 {
		i = len(b.world.Statuses)
		b.world.Statuses = append(b.world.Statuses, jirasim.Status{ID: strconv.Itoa(10100 + i), Name: s.Name, Category: jirasim.Category(s.Category)})
	}
	return b.world.Statuses[i].ID
}

func (b *jiraBuilder) issue(i company.JiraIssue) {
	id, err := strconv.ParseInt(i.ID, 10, 64)
	if err != nil {
		panic("company: issue ids are numbers: " + i.ID) // the generator's own promise
	}
	issue := jirasim.Issue{
		ID: id, Key: i.Key, Project: i.Project, Summary: i.Summary, Description: i.Description, Labels: i.Labels, Parent: i.Parent,
		Creator: b.person(i.Reporter), Reporter: b.person(i.Reporter), Assignee: b.person(i.Assignee), Due: i.Due,
		Created: i.Created, Updated: i.Updated, Resolved: i.Resolved, Custom: map[string]any{},
		Priority: b.priority(i.Priority), Status: b.status(company.Status{Name: i.Status, Category: i.Category}),
	}
	for _, t := range b.world.Types {
		if t.Name == i.Type {
			issue.Type = t.ID
		}
	}
	if i.Sprint > 0 {
		issue.Sprints = []int64{i.Sprint}
	}
	for _, l := range b.world.Levels {
		if l.Name == i.Level {
			issue.Level = l.ID
		}
	}
	for field, value := range i.Custom {
		issue.Custom[field] = b.custom(field, value)
	}
	for n, url := range i.RemoteLinks {
		body, err := json.Marshal(map[string]any{"object": map[string]any{"url": url, "title": url}})
		if err == nil {
			issue.Remote = append(issue.Remote, jirasim.RemoteLink{ID: id*10 + int64(n), GlobalID: url, Body: body})
		}
	}
	b.world.Issues = append(b.world.Issues, issue)
}

// custom turns an option's name into its id.
func (b *jiraBuilder) custom(field string, value any) any {
	for _, f := range b.world.Fields {
		if f.ID != field || f.Kind != jirasim.Option {
			continue
		}
		for _, o := range f.Options {
			if o.Value == fmt.Sprint(value) {
				return o.ID
			}
		}
	}
	return value
}
