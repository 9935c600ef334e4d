package scheduler_test

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// The fields of Jira that rules read.
const (
	valueField  = "customfield_10101"
	effortField = "customfield_10102"
)

// world is what a story starts from.
type world struct {
	// issues of Jira.
	issues []jirasim.Issue
	// github are issues of acme/pay and acme/web; without any, nobody uses
	// GitHub.
	github []githubsim.Issue
	// board is the project whose field Horizon the rules use; nil is none.
	board *githubsim.Project
	// more repositories of GitHub belong to the team pay: acme/pay-1 and on.
	more int
	// public opens acme/web to everybody.
	public bool
	// rows of the roadmap file: id → the key of its twin in Jira.
	rows map[string]string
	// write and brake are settings; empty is auto, and no brake that matters.
	write, brake string
	// extra are further settings, in whole lines.
	extra string
	// audience is who can read the projects of Jira; empty is internal.
	audience string
	// where restricts what is read of Jira.
	where string
	// patch replaces parts of testdata/rules.yaml: old, new, old, new…
	patch []string
	// hooks lets Jira and GitHub send webhooks; sees lets Tandem see what became
	// of GitHub's.
	hooks, sees bool
	// comments says whose comments in GitHub are feedback.
	comments string
	// pageSize of the reads of Jira; 0 is 100.
	pageSize int
	// oneWriter writes one record at a time. Writers of GitHub wait for each
	// other by a mutex, and in a bubble no time passes while anybody waits so.
	oneWriter bool
	// store is the address of the store; empty is a file.
	store string
	// owner signs what Tandem writes; nobody by default.
	owner connectors.Owner
	// shape and hubShape change the services before the story begins; horizonAt
	// is where the horizon stands in GitHub, instead of a label.
	shape     func(*jirasim.World)
	hubShape  func(*githubsim.World)
	horizonAt string
	// unjudged spares a large story the judge.
	unjudged bool
}

// issue is an open issue whose value decides its priority; nobody chose the
// one that it has.
func issue(key string, value float64) jirasim.Issue {
	project, _, _ := strings.Cut(key, "-")
	created := monday().Add(-30 * 24 * time.Hour)
	return jirasim.Issue{
		Key: key, Project: project, Summary: "Do " + key, Type: "10001", Created: created, Updated: created.Add(time.Hour),
		Custom: map[string]any{valueField: value, effortField: 3.0},
	}
}

// issues are n issues of a project, whose values go from low to high.
func issues(project string, n int) []jirasim.Issue {
	all := make([]jirasim.Issue, n)
	for i := range all {
		all[i] = issue(project+"-"+strconv.Itoa(i+1), float64(1+i*98/max(n-1, 1)))
		all[i].Updated = all[i].Updated.Add(time.Duration(i) * time.Second)
	}
	return all
}

func (w world) jira() jirasim.World {
	s := jirasim.Sample()
	s.Fields = append(s.Fields,
		jirasim.Field{ID: valueField, Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: effortField, Name: "Effort", Kind: jirasim.Number})
	s.Issues = w.issues
	if w.shape != nil {
		w.shape(&s)
	}
	return s
}

// twin is an issue in GitHub whose title begins with the key of its twin.
func twin(repository string, number int, key string, labels ...string) githubsim.Issue {
	created := monday().Add(-20 * 24 * time.Hour)
	return githubsim.Issue{
		Repository: repository, Number: number, Title: key + ": do it", Labels: labels, Author: "ana-acme",
		Created: created, Updated: created.Add(time.Duration(number) * time.Second),
	}
}

func (w world) hub() githubsim.World {
	hub := githubsim.World{
		Accounts:     []githubsim.Account{{Token: "github-token", Login: "tandem-bot", Service: true, Hooks: w.sees}},
		People:       []githubsim.Person{{Login: "tandem-bot", ID: 5_000_000_001, Bot: true}, {Login: "ana-acme", ID: 5_000_000_002}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}, {Name: "acme/web", Private: !w.public}},
		Issues:       w.github,
	}
	for _, name := range w.others() {
		hub.Repositories = append(hub.Repositories, githubsim.Repository{Name: name, Private: true})
	}
	if w.board != nil {
		hub.Projects = []githubsim.Project{*w.board}
	}
	if w.hubShape != nil {
		w.hubShape(&hub)
	}
	return hub
}

// others are the further repositories of the team pay.
func (w world) others() []string {
	names := make([]string, w.more)
	for n := range names {
		names[n] = fmt.Sprintf("acme/pay-%d", n+1)
	}
	return names
}

func priorityName(id string) string {
	for _, p := range jirasim.Sample().Priorities {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func priorityID(name string) string {
	for _, p := range jirasim.Sample().Priorities {
		if p.Name == name {
			return p.ID
		}
	}
	panic("no such priority: " + name)
}

// plan is the roadmap file.
func (w world) plan() string {
	var b strings.Builder
	b.WriteString("items:\n")
	for n := range len(w.rows) {
		id := fmt.Sprintf("R-%d", n+1)
		fmt.Fprintf(&b, "  - id: %s\n    title: Plan %s\n    links: ['jira:%s']\n    priority: ''\n", id, id, w.rows[id])
	}
	if len(w.rows) == 0 {
		return "items: []\n"
	}
	return b.String()
}

func (w world) rules(tb testing.TB) string {
	tb.Helper()
	raw, err := os.ReadFile("testdata/rules.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	text := string(raw)
	if w.github != nil {
		text = strings.NewReplacer(
			"jira: [PAY], ", "jira: [PAY], github: ["+strings.Join(append(w.others(), "acme/pay"), ", ")+"], ", "jira: [WEB], ", "jira: [WEB], github: [acme/web], ",
			"plan: {field: priority}", "plan: {field: priority}\n    github: {label: 'priority/p{value}', reads: ['P{value}']}",
			"jira: {label: 'roadmap/{value}'}", "jira: {label: 'roadmap/{value}'}\n    github: "+w.horizon(),
			"[marker, link]", "[marker, link, {key_at_start_of: github.title}]",
		).Replace(text)
	}
	for i := 0; i+1 < len(w.patch); i += 2 {
		if !strings.Contains(text, w.patch[i]) {
			tb.Fatalf("the rules have no %q to replace", w.patch[i])
		}
		text = strings.ReplaceAll(text, w.patch[i], w.patch[i+1])
	}
	return text
}

// horizon is where the horizon stands in GitHub.
func (w world) horizon() string {
	if w.horizonAt != "" {
		return w.horizonAt
	}
	if w.board != nil {
		return "{project_field: Horizon, values: {now: [Now], next: [Next], later: [Later]}}"
	}
	return "{label: 'roadmap/{value}', allow: public}"
}

func (w world) settings(folder string) string {
	text := fmt.Sprintf(`instance: acme-test
store: "%[5]s"
write: %[2]s
brake: %[3]s
rules: [rules.yaml]
connectors:
  jira:
    kind: jira
    url: https://acme.example
    auth: {email: bot@acme.example, token: {file: "%[1]s/jira.token"}}
    projects: [PAY, WEB, OPS]
    page_size: %[4]d
`, folder, cmp.Or(w.write, "auto"), cmp.Or(w.brake, "{edits: 100000, share: 0%}"), cmp.Or(w.pageSize, 100), cmp.Or(w.store, "sqlite:"+folder+"/tandem.db"))
	if w.hooks {
		text += fmt.Sprintf("    webhook: {secret: {file: \"%s/hook.secret\"}}\n", folder)
	}
	if w.audience != "" {
		text += "    audience: " + w.audience + "\n"
	}
	if w.where != "" {
		text += "    where: '" + w.where + "'\n"
	}
	if w.github != nil {
		text += fmt.Sprintf(`  github:
    kind: github
    auth: {token: {file: "%s/github.token"}}
    repositories: [%s]
    write_pause: 0s
`, folder, strings.Join(append(w.others(), "acme/pay", "acme/web"), ", "))
		if w.hooks {
			text += fmt.Sprintf("    webhook: {secret: {file: \"%s/hook.secret\"}}\n", folder)
		}
		if w.comments != "" {
			text += "    comments: {feedback: " + w.comments + "}\n"
		}
	}
	text = w.extra + text
	if w.board != nil {
		text += fmt.Sprintf("    project: {board: %s/%d}\n", w.board.Owner, w.board.Number)
	}
	return text + fmt.Sprintf("  plan: {kind: file, items: \"%s/plan/*.yaml\", place: pay}\n", folder)
}
