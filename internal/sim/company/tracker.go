package company

import (
	"slices"
	"strconv"
	"time"
)

// tracker makes up the issues of the repositories.
type tracker struct {
	dice
	asOf         time.Time
	areas        []area
	repositories []Repository
	people       []Person
}

func (t *tracker) areaNamed(name string) area {
	return t.areas[max(0, slices.IndexFunc(t.areas, func(a area) bool { return a.name == name }))]
}

// own makes an issue that lives in GitHub only.
func (t *tracker) own(n int) GitHubIssue {
	repository := t.repositories[t.weighted(25, 20, 40, 15)].Name
	var here []area
	for _, a := range t.areas {
		if a.repository == repository {
			here = append(here, a)
		}
	}
	a := of(t.dice, here)
	i := GitHubIssue{Repository: repository, Area: a.name, State: "open", Author: of(t.dice, t.people).Name}
	kind := []string{"Bug", "Story", "Task"}[t.weighted(45, 30, 25)]
	switch kind {
	case "Bug":
		i.Title = of(t.dice, a.things) + " " + of(t.dice, a.troubles) + " " + of(t.dice, conditions())
	case "Story":
		i.Title = of(t.dice, a.wishes)
	default:
		i.Title = of(t.dice, chores()) + " " + lowerFirst(of(t.dice, a.things))
	}
	i.Created = t.asOf.Add(-time.Hour - t.days(400))
	t.times(&i, i.Created.Add(t.days(400)))
	if t.chance(0.35) {
		i.State, i.Closed = "closed", i.Updated
		i.Reason = []string{"completed", "not_planned"}[t.weighted(4, 1)]
	}
	if t.chance(0.3) {
		i.Assignee = of(t.dice, builders())
	}
	i.Body = story(t.dice, markdown(), kind, i.Title, a)
	if n%11 == 0 {
		i.Body = "" // people are lazy
	}
	t.labels(&i, kind)
	return i
}

// times sets the last change, between creation and the day.
func (t *tracker) times(i *GitHubIssue, wanted time.Time) {
	i.Created = i.Created.UTC().Truncate(time.Second)
	last := t.asOf.Add(-time.Minute)
	if i.Created.After(last) {
		i.Created = last
	}
	i.Updated = wanted.Truncate(time.Second)
	if i.Updated.Before(i.Created) {
		i.Updated = i.Created
	}
	if i.Updated.After(last) {
		i.Updated = last
	}
}

func (t *tracker) labels(i *GitHubIssue, kind string) {
	add := func(share float64, label string) {
		if t.chance(share) {
			i.Labels = append(i.Labels, label)
		}
	}
	switch kind {
	case "Bug":
		add(0.9, "bug")
	case "Story":
		add(0.9, "enhancement")
	default:
		add(0.1, "documentation")
	}
	add(0.4, "area/"+i.Area)
	add(0.05, "help wanted")
	add(0.04, "good first issue")
	add(0.03, "priority/needs-discussion")
	add(0.02, "roadmap/rfc")
	if i.Repository != "acme/web" {
		add(0.06, "P"+strconv.Itoa(t.between(1, 4)))
	}
}

// strange turns some of GitHub's own issues into cases that linking must
// survive: a mention that is no twin, a second claim on a twin, a key that
// does not exist.
func (t *tracker) strange(issues []GitHubIssue) {
	change := []struct{ repository, title, body string }{
		{"acme/pay-api", "Retry clients with jitter", "Blocked by PAY-12, and PAY-15 would help."},
		{"acme/ops", "OPS-18: Keep the status page green (old draft)", "A second issue that claims OPS-18."},
		{"acme/web", "WEB-99999: Written for an issue that was deleted", "The key leads nowhere."},
		{"acme/web", "<svg onload=alert(1)> & an honest title", "| a | b |\n|--|--|\n| <b>1</b> | \\| |\n\n~~~\n```\n~~~"},
	}
	for i := range issues {
		if len(change) == 0 {
			return
		}
		if issue := &issues[i]; issue.twin == "" && issue.Repository == change[0].repository {
			issue.Title, issue.Body = change[0].title, change[0].body
			issue.State, issue.Reason, issue.Closed = "open", "", time.Time{}
			change = change[1:]
		}
	}
}
