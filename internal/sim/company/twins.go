package company

import (
	"slices"
	"strconv"
	"strings"
)

// twins makes the twins: of every anchor but one, of the hidden WEB-30, of
// PAY-33, and of enough others to be a third of n. WEB-27 lives in Jira only: its role label
// comes and goes without a question of who may see it.
func (t *tracker) twins(n int, jira []JiraIssue) []GitHubIssue {
	var candidates []*JiraIssue
	for i := range jira {
		if kind := jira[i].Type; kind != "Epic" && kind != "Sub-task" && jira[i].Raw == nil {
			candidates = append(candidates, &jira[i])
		}
	}
	fixed := map[string]bool{"WEB-30": true, "PAY-33": true}
	for _, a := range t.areas {
		fixed[a.project+"-"+strconv.Itoa(a.anchor.number)] = true
	}
	share := float64(n) / 3 / float64(max(1, len(candidates)))
	issues := make([]GitHubIssue, 0, n)
	for _, j := range candidates {
		if (fixed[j.Key] || t.chance(share)) && len(issues) < n && j.Key != "WEB-27" {
			issues = append(issues, t.twin(j, fixed[j.Key]))
		}
	}
	return issues
}

func (t *tracker) twin(j *JiraIssue, fixed bool) GitHubIssue {
	a := t.areaNamed(j.Area)
	i := GitHubIssue{
		Repository: a.repository, Title: j.Summary, Area: a.name, Author: j.Reporter, Assignee: j.Assignee,
		State: "open", twin: j.Key, by: []Join{ByTitle, ByLink, ByMarker, ByRemoteLink}[t.weighted(55, 20, 15, 10)],
	}
	if fixed {
		i.by = ByTitle
	}
	i.Created = j.Created.Add(t.days(3))
	if early := t.chance(0.3); early && !fixed || j.Key == "PAY-21" { // PAY-21 was born on GitHub
		i.Created = j.Created.Add(-t.days(2))
	}
	t.times(&i, j.Updated)
	if !j.Open() && t.chance(0.9) {
		i.State, i.Reason, i.Closed = "closed", "completed", i.Updated
	}
	if t.chance(0.3) {
		i.Title = upperFirst(strings.ReplaceAll(i.Title, " for ", ", for "))
	}
	i.Body = story(t.dice, markdown(), j.Type, i.Title, a)
	switch i.by {
	case ByTitle:
		i.Title = []string{j.Key + ": ", "[" + j.Key + "] "}[t.weighted(7, 3)] + i.Title
	case ByLink:
		i.Body += "\nTwin: " + JiraURL + "/browse/" + j.Key + "\n"
	case ByMarker:
		i.Body += "\n<!-- tandem: jira:" + j.ID + " -->\n"
	case ByRemoteLink:
	}
	t.labels(&i, j.Type)
	if fixed { // nobody chose the priority of an anchor, there either
		i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return len(l) == 2 && l[0] == 'P' })
	}
	return i
}
