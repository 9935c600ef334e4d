package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/loopback"
)

const (
	valueField = "customfield_10101"
	botPerson  = jirasim.Bot
	hookSecret = "the-hook-secret"
	// personal is how many issues there are for one that a person decides.
	personal = 5
)

// yard is a firm whose Tandem is a process: people change the value of an
// issue, which decides its priority; of some issues they set the priority
// themselves, once.
type yard struct {
	testing.TB

	folder, hooks string
	settings      string
	// database and address are where the journal is read.
	database, address string
	// quiet is how long nothing is written once there is peace.
	quiet   time.Duration
	size    int
	jira    *jirasim.Site
	github  *githubsim.Site
	log     tail
	decided map[int]bool
	crossed map[string]bool
}

// tail keeps the end of what processes say, and all of their last words.
type tail struct {
	mu   sync.Mutex
	said []byte
	last []string
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.said = append(t.said, p...)
	t.said = t.said[max(0, len(t.said)-20_000):]
	for line := range strings.Lines(string(p)) {
		if strings.HasPrefix(line, "tandem: ") {
			t.last = append(t.last, line)
		}
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.said)
}

func jiraKey(n int) string { return fmt.Sprintf("PAY-%d", n+1) }
func hubKey(n int) string  { return fmt.Sprintf("acme/pay#%d", n+1) }

func newYard(t *testing.T, size int) *yard {
	t.Helper()
	y := &yard{TB: t, folder: t.TempDir(), hooks: loopback.Address(t), size: size, quiet: 3 * time.Second, decided: map[int]bool{}, crossed: map[string]bool{}}
	y.database, y.address = "sqlite", "file:"+filepath.Join(y.folder, "tandem.db")+"?mode=ro"
	world := jirasim.Sample()
	world.Fields = append(world.Fields, jirasim.Field{ID: valueField, Name: "Value", Kind: jirasim.Number})
	hub := githubsim.World{
		Accounts:     []githubsim.Account{{Token: "github-token", Login: "tandem-bot", Service: true}},
		People:       []githubsim.Person{{Login: "tandem-bot", ID: 5_000_000_001, Bot: true}, {Login: "ana-acme", ID: 5_000_000_002}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}
	at := time.Now().UTC().Truncate(time.Second).Add(-30 * 24 * time.Hour)
	for n := range size {
		world.Issues = append(world.Issues, jirasim.Issue{
			Key: jiraKey(n), Project: "PAY", Summary: "Do it", Type: "10001", Priority: "10102", Created: at, Updated: at.Add(time.Duration(n) * time.Second),
			Custom: map[string]any{valueField: 90.0},
		})
		hub.Issues = append(hub.Issues, githubsim.Issue{
			Repository: "acme/pay", Number: n + 1, Title: jiraKey(n) + ": do it", Author: "ana-acme", Created: at.Add(time.Hour), Updated: at.Add(time.Hour + time.Duration(n)*time.Second),
		})
	}
	var err error
	if y.jira, err = jirasim.New(world, jirasim.Options{Hook: &jirasim.Hook{Secret: hookSecret}}); err != nil {
		t.Fatal(err)
	}
	if y.github, err = githubsim.New(hub, githubsim.Options{Hook: &githubsim.Hook{Secret: hookSecret}}); err != nil {
		t.Fatal(err)
	}
	// Answers take their time after the work is done, so that kills lose some.
	slow := func(*http.Request) *sim.Fault { return &sim.Fault{Name: "slow", Delay: rand.N(40 * time.Millisecond)} }
	y.jira.SetFault(slow)
	y.github.SetFault(slow)
	site, repositories := httptest.NewServer(y.jira), httptest.NewServer(y.github)
	t.Cleanup(site.Close)
	t.Cleanup(repositories.Close)
	y.write("jira.token", "jira-token")
	y.write("github.token", "github-token")
	y.write("hook.secret", hookSecret)
	y.write("rules.yaml", yardRules)
	y.settings = strings.NewReplacer("FOLDER", y.folder, "JIRA", site.URL, "GITHUB", repositories.URL, "HOOKS", y.hooks).Replace(yardSettings)
	y.write("tandem.yaml", y.settings)
	return y
}

func (y *yard) write(name, text string) {
	y.Helper()
	if err := os.WriteFile(filepath.Join(y.folder, name), []byte(text), 0o600); err != nil {
		y.Fatal(err)
	}
}

// eventually waits until something is so.
func (y *yard) eventually(what string, is func() bool) {
	y.Helper()
	for began := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			y.Fatalf("%s: not so after 20 s\n%s", what, y.log.String())
		}
	}
}

// act is one act of a person.
func (y *yard) act(rng *rand.Rand) {
	n := rng.IntN(y.size)
	var err error
	switch {
	case n%personal != 0:
		value := []float64{90, 70, 40, 10}[rng.IntN(4)]
		err = y.jira.Edit(jiraKey(n), jirasim.Ana, func(i *jirasim.Issue) { i.Custom[valueField] = value })
	case y.decided[n]:
		err = y.jira.Edit(jiraKey(n), jirasim.Ana, func(i *jirasim.Issue) { i.Summary = fmt.Sprint("Do it ", rng.IntN(1000)) })
	case n%(2*personal) == 0: // the wish is the tier 1 all the time
		y.decided[n] = true
		err = y.jira.Edit(jiraKey(n), jirasim.Ana, func(i *jirasim.Issue) { i.Priority = "10104" })
	default:
		y.decided[n] = true
		err = y.github.Edit(hubKey(n), "ana-acme", func(i *githubsim.Issue) {
			i.Labels = append(slices.DeleteFunc(i.Labels, func(l string) bool { return strings.HasPrefix(l, "priority/") }), "priority/p4")
		})
	}
	if err != nil {
		y.Error(err)
	}
}

func priorityName(id string) string {
	for _, p := range jirasim.Sample().Priorities {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func tierOf(value float64) string {
	for i, least := range []float64{80, 60, 30} {
		if value >= least {
			return fmt.Sprint(i + 1)
		}
	}
	return "4"
}

func tierName(tier string) string {
	return map[string]string{"1": "Critical", "2": "Major", "3": "Minor", "4": "Trivial"}[tier]
}

const yardSettings = `instance: yard
store: "sqlite:FOLDER/tandem.db"
write: auto
every: 1s
brake: {edits: 1000000, share: 0%}
rules: [rules.yaml]
webhooks: {listen: "HOOKS", public_url: "http://HOOKS"}
connectors:
  jira: {kind: jira, url: "JIRA", auth: {email: bot@acme.example, token: {file: "FOLDER/jira.token"}}, projects: [PAY], webhook: {secret: {file: "FOLDER/hook.secret"}}}
  github: {kind: github, url: "GITHUB", auth: {token: {file: "FOLDER/github.token"}}, repositories: [acme/pay], webhook: {secret: {file: "FOLDER/hook.secret"}}}
`

const yardRules = `people: {ana: {email: ana@acme.example}}
teams: {pay: {roles: {pm: ana, po: ana}, places: {jira: [PAY], github: [acme/pay]}, write: auto, capacity: {effort: 9, every: 2w}}}
adopt: {untouched_default: replace}
fields:
  value: {owner: jira, jira: {field: customfield_10101}}
  priority:
    owner: tandem
    jira: {field: priority, default: [Major], values: {1: [Critical], 2: [Major], 3: [Minor], 4: [Trivial]}}
    github: {label: 'priority/p{value}'}
  horizon: {owner: tandem, jira: {label: 'roadmap/{value}'}, github: {label: 'roadmap/{value}'}}
  explanation: {owner: tandem, jira: {field: comment}, github: {field: comment}}
twins: {join: [marker, {key_at_start_of: github.title}], mark: jira, link: jira}
rank: {method: expression, expression: 'item.value', tiers: {of: next, 1: 80, 2: 60, 3: 30, 4: 0}, unknown: leave, band: 0%, dwell: 0d}
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route: {default: {accountable: pm, because: triage}}
`
