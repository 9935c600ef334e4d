package company

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Size is how much of everything there is. The anchors need 120 Jira issues.
type Size struct {
	JiraIssues, GitHubIssues, Feedback int
}

// DemoSize is the size of the demo.
func DemoSize() Size { return Size{JiraIssues: 300, GitHubIssues: 300, Feedback: 2000} }

// Company is a firm at a moment.
type Company struct {
	Name string
	AsOf time.Time

	People       []Person
	Projects     []Project
	JiraFields   []JiraField
	Repositories []Repository
	Sprints      []Sprint

	JiraIssues   []JiraIssue // by project, by number
	GitHubIssues []GitHubIssue
	Feedback     []Feedback // oldest first
	// Twins says which issues are the same work: the truth that linking must
	// find.
	Twins []Twin
	// Changes is what people do next, in order.
	Changes []Change
}

// Twin is one piece of work in two places.
type Twin struct {
	Jira, GitHub string // keys: PAY-12, acme/pay#7
	By           Join
}

// Join is what tells that two issues are twins.
type Join string

// The ways in which the firm says so.
const (
	ByTitle      Join = "title"       // the GitHub title starts with the Jira key
	ByMarker     Join = "marker"      // a hidden comment in the GitHub body
	ByLink       Join = "link"        // a line in the GitHub body: Twin: https://…
	ByRemoteLink Join = "remote_link" // a remote link of the Jira issue
)

// New makes up the firm as it stands at asOf.
func New(seed uint64, asOf time.Time, size Size) Company {
	asOf = asOf.UTC().Truncate(time.Second)
	c := Company{
		Name: "Acme", AsOf: asOf,
		People: people(), Projects: projects(), JiraFields: jiraFields(), Repositories: repositories(),
	}
	c.JiraIssues = jiraIssues(seed, asOf, size.JiraIssues)
	c.Sprints = sprints(asOf, c.Projects, c.JiraIssues)
	c.GitHubIssues, c.Twins = gitHubIssues(seed, asOf, size.GitHubIssues, c.JiraIssues)
	linkBack(c.JiraIssues, c.Twins)
	c.Feedback = feedback(seed, asOf, size.Feedback, c.JiraIssues)
	c.Changes = changes(asOf, c.JiraIssues, c.Twins)
	return c
}

// At returns the firm with its services at other addresses: people write them
// into bodies and links. Addresses have no slash at the end.
func (c Company) At(jira, github string) Company {
	r := strings.NewReplacer(JiraURL+"/", jira+"/", GitHubURL+"/", github+"/")
	c.JiraIssues, c.GitHubIssues = slices.Clone(c.JiraIssues), slices.Clone(c.GitHubIssues)
	for i := range c.JiraIssues {
		issue := &c.JiraIssues[i]
		issue.RemoteLinks = slices.Clone(issue.RemoteLinks)
		for j, link := range issue.RemoteLinks {
			issue.RemoteLinks[j] = r.Replace(link)
		}
	}
	for i := range c.GitHubIssues {
		c.GitHubIssues[i].Body = r.Replace(c.GitHubIssues[i].Body)
	}
	return c
}

// dice is the chance of one part of the firm. Every part has its own, so that
// more feedback changes no issue.
type dice struct{ *rand.Rand }

func newDice(seed uint64, part string) dice {
	h := fnv.New64a()
	h.Write([]byte(part))
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true in a share p of the cases.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a number from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// days returns a time of up to n days, to the second.
func (d dice) days(n float64) time.Duration {
	return time.Duration(d.Float64() * n * float64(24*time.Hour)).Truncate(time.Second)
}

// of picks one of the list.
func of[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

// weighted picks an index with the chance of its weight.
func (d dice) weighted(weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := d.IntN(total)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
