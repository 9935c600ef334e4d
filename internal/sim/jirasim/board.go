package jirasim

import (
	"slices"
	"strings"
	"time"
)

// BoardType is what a board is for.
type BoardType string

// The types of boards. Simple boards belong to team-managed projects.
const (
	Scrum  BoardType = "scrum"
	Kanban BoardType = "kanban"
	Simple BoardType = "simple"
)

// Board is a board of Jira Software. The rank that its configuration names is
// the site's one rank field.
type Board struct {
	ID   int64
	Name string
	Type BoardType
	// JQL is the query of the board's filter; empty stands for all issues of
	// Projects by rank.
	JQL string
	// Projects are the keys of the projects that the board belongs to.
	Projects []string
}

// SprintState is how far a sprint is.
type SprintState string

// The states of a sprint.
const (
	FutureSprint SprintState = "future"
	ActiveSprint SprintState = "active"
	ClosedSprint SprintState = "closed"
)

// Sprint is a sprint of a board.
type Sprint struct {
	ID         int64
	Name, Goal string
	State      SprintState
	// Board is the id of the board where the sprint was made.
	Board int64
	// Start, End and Completed may be zero.
	Start, End, Completed time.Time
}

// filter returns the board's query.
func (b *Board) filter() string {
	if b.JQL != "" {
		return b.JQL
	}
	quoted := make([]string, len(b.Projects))
	for i, key := range b.Projects {
		quoted[i] = `"` + key + `"`
	}
	return "project in (" + strings.Join(quoted, ", ") + ") ORDER BY Rank ASC"
}

// sprints reports whether the board plans in sprints.
func (b *Board) sprints() bool { return b.Type != Kanban }

// board finds a board that accounts may see.
func (c *catalog) board(id int64) *Board {
	n := slices.IndexFunc(c.world.Boards, func(b Board) bool { return b.ID == id })
	if n < 0 || !c.open(&c.world.Boards[n]) {
		return nil
	}
	return &c.world.Boards[n]
}

// open reports whether accounts may see the board: one of its projects.
func (c *catalog) open(b *Board) bool {
	return len(b.Projects) == 0 || slices.ContainsFunc(b.Projects, func(key string) bool {
		p := c.projects[key]
		return p != nil && p.Access != NoAccess
	})
}

// sprint finds a sprint; nil is none.
func (c *catalog) sprint(id int64) *Sprint {
	n := slices.IndexFunc(c.world.Sprints, func(s Sprint) bool { return s.ID == id })
	if n < 0 {
		return nil
	}
	return &c.world.Sprints[n]
}

// current returns the active or future sprint among an issue's sprints.
func (c *catalog) current(i *Issue) *Sprint {
	for _, id := range i.Sprints {
		if s := c.sprint(id); s != nil && s.State != ClosedSprint {
			return s
		}
	}
	return nil
}

// assign puts an issue into a sprint; 0 is the backlog. What it went through
// before stays.
func (c *catalog) assign(i *Issue, sprint int64) {
	i.Sprints = slices.DeleteFunc(slices.Clone(i.Sprints), func(id int64) bool {
		s := c.sprint(id)
		return s != nil && s.State != ClosedSprint
	})
	if sprint != 0 {
		i.Sprints = append(i.Sprints, sprint)
	}
}
