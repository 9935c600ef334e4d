package company

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// GitHubURL is where people open Acme's repositories.
const GitHubURL = "https://github.com"

// GitHubIssue is one issue of a repository. People are Person names.
type GitHubIssue struct {
	ID          int64
	NodeID      string
	Repository  string // full name
	Number      int
	Title, Body string // the body is Markdown
	// State is open or closed; Reason completed, not_planned or empty.
	State, Reason    string
	Labels           []string
	Author, Assignee string
	Created, Updated time.Time
	Closed           time.Time // zero while open
	Area             string

	twin string
	by   Join
}

// Key returns the key as people write it: acme/pay#7.
func (i GitHubIssue) Key() string { return i.Repository + "#" + strconv.Itoa(i.Number) }

// gitHubIssues makes up n issues, a third of them twins of Jira issues.
func gitHubIssues(seed uint64, asOf time.Time, n int, jira []JiraIssue) ([]GitHubIssue, []Twin) {
	t := tracker{dice: newDice(seed, "github"), asOf: asOf, areas: areas(), repositories: repositories(), people: colleagues()}
	issues := t.twins(n, jira)
	for len(issues) < n {
		issues = append(issues, t.own(len(issues)))
	}
	if n >= 60 {
		t.strange(issues)
	}
	slices.SortStableFunc(issues, func(a, b GitHubIssue) int {
		return cmp.Or(cmp.Compare(a.Repository, b.Repository), a.Created.Compare(b.Created))
	})
	var twins []Twin
	for i := range issues {
		issue := &issues[i]
		if i > 0 && issues[i-1].Repository == issue.Repository {
			issue.Number = issues[i-1].Number
		}
		issue.Number++
		issue.ID = 2_300_000_000 + int64(i)*7 // beyond 32 bits, as the service's are
		issue.NodeID = fmt.Sprintf("I_kwDOAcme%08X", issue.ID)
		if issue.twin != "" {
			twins = append(twins, Twin{Jira: issue.twin, GitHub: issue.Key(), By: issue.by})
		}
	}
	return issues, twins
}

// linkBack sets the remote links of twins that are joined by one.
func linkBack(jira []JiraIssue, twins []Twin) {
	byKey := make(map[string]int, len(jira))
	for i := range jira {
		byKey[jira[i].Key] = i
	}
	for _, t := range twins {
		if t.By == ByRemoteLink {
			i := &jira[byKey[t.Jira]]
			i.RemoteLinks = append(i.RemoteLinks, GitHubURL+"/"+strings.Replace(t.GitHub, "#", "/issues/", 1))
		}
	}
}
