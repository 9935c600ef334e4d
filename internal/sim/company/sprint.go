package company

import (
	"slices"
	"strconv"
	"time"
)

// Sprint is a sprint of a team that plans in them.
type Sprint struct {
	ID                   int64
	Project, Name, State string // the state is active or future, as Jira calls it
	Start, End           time.Time
}

// The states of Acme's sprints. What is closed is of no interest to anybody.
const (
	ActiveSprint = "active"
	FutureSprint = "future"
)

// sprints plans two weeks of each team that works in sprints: what is carried
// over from the one that runs is a part of what was begun, as in life, and a
// little is in the next already. It rolls no dice, so that nothing else changes.
func sprints(asOf time.Time, projects []Project, issues []JiraIssue) []Sprint {
	const fortnight = 14 * 24 * time.Hour
	begun := asOf.Truncate(24 * time.Hour).Add(-9*24*time.Hour + 9*time.Hour)
	var all []Sprint
	for n, p := range projects {
		if p.Sprints == "" {
			continue
		}
		id := int64(100 * (n + 1))
		running := Sprint{ID: id + 1, Project: p.Key, Name: p.Sprints + " 24", State: ActiveSprint, Start: begun, End: begun.Add(fortnight)}
		coming := Sprint{ID: id + 2, Project: p.Key, Name: p.Sprints + " 25", State: FutureSprint}
		assign(issues, p, running.ID, 0.4*p.Capacity, Doing)
		assign(issues, p, coming.ID, 0.2*p.Capacity, ToDo)
		all = append(all, running, coming)
	}
	return all
}

// assign puts work of a category into a sprint, in the order of the backlog, up
// to so many points.
func assign(issues []JiraIssue, p Project, sprint int64, points float64, category string) {
	var mine []*JiraIssue
	for i := range issues {
		issue := &issues[i]
		size, estimated := issue.Custom[p.Points].(float64)
		ready := issue.Type != "Story" || issue.Custom[AcceptanceCriteria] != nil
		if issue.Project == p.Key && issue.Category == category && issue.Type != "Epic" && issue.Type != "Sub-task" &&
			estimated && size <= points && ready && len(issue.BlockedBy) == 0 && !p.anchored(issue) {
			mine = append(mine, issue)
		}
	}
	slices.SortFunc(mine, func(a, b *JiraIssue) int { return a.Rank - b.Rank })
	for _, issue := range mine {
		size, _ := issue.Custom[p.Points].(float64)
		if size <= points {
			issue.Sprint, points = sprint, points-size
		}
	}
}

// anchored reports whether the issue is one whose way through the order people
// follow.
func (p Project) anchored(i *JiraIssue) bool {
	return slices.ContainsFunc(areasOf(p.Key), func(a area) bool { return p.Key+"-"+strconv.Itoa(a.anchor.number) == i.Key })
}
