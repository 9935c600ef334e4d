package demo_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// An audience; a larger one is stricter.
const (
	public = iota + 1
	internal
	restricted
)

// number is a number that somebody may have given.
type number struct {
	is    float64
	given bool
}

// issue is an issue of either service, as the rules look at it.
type issue struct {
	service string // jira or github
	id      string // the service's own
	key     string // PAY-12, acme/pay#7
	place   string // PAY, acme/pay
	url     string
	title   string
	// audience is who can read the issue.
	audience int
	status   string // todo, doing, done
	kind     string // Jira only
	created  time.Time
	labels   []string

	// Of Jira: what its fields say, and the priority by name.
	priority                                       string
	effort, impact, value, urgency, risk, severity number
	goal, theme, acceptance, due                   string
	// Of GitHub: what its text claims to be the twin of.
	marker string
	links  []string
}

// ref names the issue for good; keys could move.
func (i *issue) ref() string { return i.service + ":" + i.id }

// name is how people write it.
func (i *issue) name() string { return i.service + ":" + i.key }

// world is both services at a moment.
type world struct {
	jira   jirasim.World
	github githubsim.World
}

// read returns what Tandem may see of the world: issues of Jira within the
// scope of the settings, and all issues of GitHub, by ref.
func (w world) read(jiraURL string, at time.Time) []*issue {
	var all []*issue
	for n := range w.jira.Issues {
		from := &w.jira.Issues[n]
		i, age := w.jiraIssue(from, jiraURL), at.Sub(from.Resolved)
		if i.status != "done" || age <= 90*24*time.Hour {
			all = append(all, i)
		}
	}
	for n := range w.github.Issues {
		all = append(all, w.gitHubIssue(&w.github.Issues[n]))
	}
	slices.SortFunc(all, func(a, b *issue) int { return strings.Compare(a.ref(), b.ref()) })
	return all
}

func (w world) jiraIssue(from *jirasim.Issue, jiraURL string) *issue {
	i := &issue{
		service: "jira", id: strconv.FormatInt(from.ID, 10), key: from.Key, place: from.Project, title: from.Summary, due: from.Due,
		url: jiraURL + "/browse/" + from.Key, audience: internal, created: from.Created, labels: from.Labels,
	}
	if from.Level != "" {
		i.audience = restricted
	}
	for _, s := range w.jira.Statuses {
		if s.ID == from.Status {
			i.status = map[jirasim.Category]string{jirasim.ToDo: "todo", jirasim.InProgress: "doing", jirasim.Done: "done"}[s.Category]
		}
	}
	for _, t := range w.jira.Types {
		if t.ID == from.Type {
			i.kind = map[string]string{"Epic": "epic", "Story": "story", "Bug": "bug", "Task": "task", "Sub-task": "subtask"}[t.Name]
		}
	}
	for _, p := range w.jira.Priorities {
		if p.ID == from.Priority {
			i.priority = p.Name
		}
	}
	amount := func(field string) number {
		f, ok := from.Custom[field].(float64)
		return number{f, ok}
	}
	i.effort, i.impact, i.value = amount(effortField(from.Project)), amount(jiraImpact), amount(jiraValue)
	i.urgency, i.risk, i.severity = amount(jiraUrgency), amount(jiraRisk), amount(jiraSeverity)
	i.goal, _ = from.Custom[jiraGoal].(string)
	i.theme, _ = from.Custom[jiraTheme].(string)
	for _, f := range w.jira.Fields {
		for _, o := range f.Options {
			if f.ID == jiraAcceptance && from.Custom[jiraAcceptance] == o.ID {
				i.acceptance = o.Value
			}
		}
	}
	return i
}

func (w world) gitHubIssue(from *githubsim.Issue) *issue {
	i := &issue{
		service: "github", id: strconv.FormatInt(from.ID, 10), key: from.Key(), place: from.Repository, title: from.Title,
		audience: internal, status: "todo", created: from.Created, labels: from.Labels,
	}
	for _, r := range w.github.Repositories {
		if r.Name == from.Repository && !r.Private {
			i.audience = public
		}
	}
	if from.State == githubsim.Closed {
		i.status = "done"
	}
	code := false
	for line := range strings.Lines(from.Body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if rest, ok := strings.CutPrefix(line, "Twin: "); ok && !code {
			i.links = append(i.links, rest)
		}
		if rest, ok := strings.CutPrefix(line, "<!-- tandem: "); ok && !code {
			i.marker = strings.TrimSuffix(rest, " -->")
		}
	}
	return i
}

// titleKey is the key that a title begins with: "PAY-12: …" or "[PAY-12] …".
func (i *issue) titleKey() string {
	if found := keyAtStart.FindStringSubmatch(i.title); found != nil {
		return found[1]
	}
	return ""
}

var keyAtStart = regexp.MustCompile(`^\[?([A-Z]+-[0-9]+)[\]: ]`)

func lower(s string) string { return strings.ToLower(s) }
