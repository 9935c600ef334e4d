package company

import (
	"strconv"
	"strings"
	"time"
)

// JiraURL is the address of Acme's site.
const JiraURL = "https://acme.atlassian.net"

// JiraIssue is one issue of the site. People are Person names, all else is
// spelled as Jira shows it.
type JiraIssue struct {
	ID, Key, Project     string
	Type                 string // Epic, Story, Bug, Task, Sub-task
	Summary, Description string // the description is wiki markup
	Status, Category     string
	Priority             string
	// PriorityBy set the priority by hand; empty where Jira set the default.
	PriorityBy         string
	Parent             string // key
	Labels             []string
	Reporter, Assignee string
	Created, Updated   time.Time
	Resolved           time.Time // zero while open
	Due                string    // yyyy-MM-dd
	// Rank is the place in the backlog of the project, 1 is on top.
	Rank int
	// Sprint is the id of the sprint that it is in; 0 is none.
	Sprint int64
	// Level is the security level; empty is none.
	Level string
	// RemoteLinks are addresses outside.
	RemoteLinks []string
	// BlockedBy are keys of what must come first.
	BlockedBy []string
	// Custom holds custom fields by id: float64 or string.
	Custom map[string]any
	// Raw replaces fields of the answer by something that no client expects.
	Raw map[string]any
	// Area is the part of the product that it is about.
	Area string
}

// Number returns the number in the key.
func (i JiraIssue) Number() int {
	_, digits, _ := strings.Cut(i.Key, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// Open reports whether the issue is not finished.
func (i JiraIssue) Open() bool { return i.Category != Done }

// jiraIssues makes up n issues over the projects.
func jiraIssues(seed uint64, asOf time.Time, n int) []JiraIssue {
	issues := make([]JiraIssue, 0, n)
	counts := []int{n * 2 / 5, n * 2 / 5}
	counts = append(counts, n-counts[0]-counts[1])
	for i, p := range projects() {
		b := backlog{dice: newDice(seed, "jira/"+p.Key), project: p, areas: areasOf(p.Key), people: colleagues(), asOf: asOf, size: counts[i]}
		for number := 1; number <= counts[i]; number++ {
			issue := b.issue(number)
			issue.ID = strconv.Itoa(10000 + len(issues))
			issues = append(issues, issue)
		}
		for place, j := range b.Perm(counts[i]) {
			issues[len(issues)-counts[i]+j].Rank = place + 1
		}
	}
	return issues
}

// backlog makes up the issues of one project, from the oldest.
type backlog struct {
	dice
	project Project
	areas   []area
	people  []Person
	asOf    time.Time
	size    int
	parents []string // standard issues that may have sub-tasks
}

func (b *backlog) issue(number int) JiraIssue {
	key := b.project.Key + "-" + strconv.Itoa(number)
	i := JiraIssue{Key: key, Project: b.project.Key, Custom: map[string]any{}, Reporter: of(b.dice, b.people).Name}
	// A year of work, denser towards today.
	age := 420 * (1 - float64(number)/float64(b.size+1))
	i.Created = b.asOf.Add(-time.Duration(age*24)*time.Hour - b.days(420/float64(b.size+1)) - time.Hour).Truncate(time.Second)
	a, isAnchor := b.about(number)
	i.Area = a.name
	switch {
	case number <= len(b.areas):
		b.epic(&i, a, a.epic)
	case isAnchor:
		i.Type, i.Summary = a.anchor.kind, a.anchor.title
	case number%40 == 0:
		b.epic(&i, a, a.epic+", next step")
	default:
		b.content(&i, a)
	}
	b.state(&i, age/420, isAnchor)
	b.describe(&i, a)
	b.inputs(&i, a, isAnchor)
	b.priority(&i, isAnchor)
	b.labels(&i, a, isAnchor)
	odd(&i)
	if i.Type == "Story" || i.Type == "Task" {
		b.parents = append(b.parents, key)
	}
	return i
}

// about returns the area of an issue: epics and anchors have theirs.
func (b *backlog) about(number int) (a area, isAnchor bool) {
	for _, a := range b.areas {
		if a.anchor.number == number {
			return a, true
		}
	}
	if number <= len(b.areas) {
		return b.areas[number-1], false
	}
	return of(b.dice, b.areas), false
}

func (b *backlog) epic(i *JiraIssue, a area, title string) {
	i.Type, i.Summary = "Epic", title
	i.Custom[Theme] = a.theme
	if a.goal != "" {
		i.Custom[Goal] = a.goal
	}
}

// content gives an ordinary issue its type and title.
func (b *backlog) content(i *JiraIssue, a area) {
	switch b.weighted(40, 34, 20, 6) {
	case 0:
		i.Type, i.Summary = "Story", of(b.dice, a.wishes)+" for "+of(b.dice, roles())
	case 1:
		i.Type, i.Summary = "Bug", of(b.dice, a.things)+" "+of(b.dice, a.troubles)+" "+of(b.dice, conditions())
	case 2:
		i.Type, i.Summary = "Task", of(b.dice, chores())+" "+lowerFirst(of(b.dice, a.things))
	default:
		i.Type, i.Summary = "Sub-task", "Test: "+lowerFirst(of(b.dice, a.wishes))
		if len(b.parents) == 0 {
			i.Type = "Task"
			return
		}
		i.Parent = of(b.dice, b.parents)
		return
	}
	if b.chance(0.8) {
		i.Parent = b.project.Key + "-" + strconv.Itoa(b.epicOf(a))
	}
	if b.chance(0.1) {
		i.Summary += " (" + of(b.dice, customers()) + ")"
	}
	if len(b.parents) > 0 && b.chance(0.06) {
		i.BlockedBy = []string{of(b.dice, b.parents)}
	}
}

func (b *backlog) epicOf(a area) int {
	for n, other := range b.areas {
		if other.name == a.name {
			return n + 1
		}
	}
	return 1
}

// state gives status, dates and people; old issues are more often done. An
// anchor is open: what users speak of is not finished.
func (b *backlog) state(i *JiraIssue, age float64, isAnchor bool) {
	done := 0.1 + 0.45*age
	if i.Type == "Epic" {
		done = 0.05
	}
	category := ToDo
	switch roll := b.Float64(); {
	case isAnchor || i.Number() <= len(b.areas):
	case roll < done:
		category = Done
	case roll < done+0.15:
		category = Doing
	}
	var names []string
	for _, s := range b.project.Statuses {
		if s.Category == category {
			names = append(names, s.Name)
		}
	}
	i.Status, i.Category = of(b.dice, names), category
	i.Updated = i.Created.Add(time.Duration(b.Float64() * float64(b.asOf.Add(-time.Hour).Sub(i.Created)))).Truncate(time.Second)
	if category == Done {
		i.Resolved = i.Updated
	}
	if category != ToDo || b.chance(0.2) {
		i.Assignee = of(b.dice, builders())
	}
	if category != Done && b.chance(0.06) {
		i.Due = b.asOf.AddDate(0, 0, b.between(7, 120)).Format(time.DateOnly)
	}
}
