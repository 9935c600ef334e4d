package chaos_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// monday is when every life begins.
func monday() time.Time { return time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC) }

const (
	valueField    = "customfield_10101"
	effortField   = "customfield_10102"
	severityField = "customfield_10040"
	restricted    = "10100"
	horizonField  = 11
	hookSecret    = "the-hook-secret"
	// canary stands in the title of each issue that only named people may read.
	canary = "canary-7f3e"
)

// shape is what a firm uses.
type shape struct {
	pay, web, ops int
	rows          int
	server        bool // Data Center
	backlog       bool
	board         bool // of GitHub, for the horizon
	public        bool // acme/web
	overrule      bool
	keep          bool // adopt values of people, the default
	explained     bool // a comment says why
	jobs          bool // steps under leases, as the daemon's jobs do; not whole cycles
	brake, ramp   int  // 0 is none
	page          int
	acts          int
	quota         int  // calls of GitHub in an hour; 0 is the usual number
	signs         bool // Tandem signs what it writes, as the program does
}

func shaped(rng *rand.Rand) shape {
	one := func(in int) bool { return rng.IntN(in) == 0 }
	s := shape{
		pay: 3 + rng.IntN(5), web: 1 + rng.IntN(2), ops: 1, rows: rng.IntN(3),
		server: one(5), backlog: one(4), board: one(4), public: one(2), overrule: one(6), keep: !one(6), explained: one(3),
		page: []int{100, 100, 2}[rng.IntN(3)], acts: 24 + rng.IntN(20),
	}
	s.jobs = !one(3)
	if one(6) {
		s.brake = 8 + rng.IntN(20)
	}
	if one(6) {
		s.ramp = 1 + rng.IntN(4)
	}
	return s
}

// priorities are the names of the tiers by project.
func priorities(project string) []string {
	return map[string][]string{
		"PAY": {"", "Critical", "Major", "Minor", "Trivial"},
		"WEB": {"", "Highest", "High", "Medium", "Low"},
		"OPS": {"", "P1", "P2", "P3", "P4"},
	}[project]
}

// native returns the id of the priority that a tier has in a project.
func native(project, tier string) string {
	name := priorities(project)[int(tier[0]-'0')]
	for _, p := range jirasim.Sample().Priorities {
		if p.Name == name {
			return p.ID
		}
	}
	return ""
}

// tierOfNative is the tier of a priority by id, "?" for one that no rule knows.
func tierOfNative(project, id string) string {
	for tier := 1; tier <= 4; tier++ {
		if native(project, fmt.Sprint(tier)) == id {
			return fmt.Sprint(tier)
		}
	}
	return map[string]string{"10100": "1", "5": "4", "": ""}[id] // Blocker, Lowest: read, never written
}

func severityOf(option any) string {
	id, _ := option.(string)
	return map[string]string{"10020": "1", "10021": "2", "10022": "3"}[id]
}

func severityOption(tier string) string {
	return map[string]string{"1": "10020", "2": "10021", "3": "10022"}[tier]
}

// jira is the site as it is on the first day.
func (s shape) jira(rng *rand.Rand) jirasim.World {
	w := jirasim.Sample()
	w.Fields = append(w.Fields,
		jirasim.Field{ID: valueField, Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: effortField, Name: "Effort", Kind: jirasim.Number})
	created := monday().Add(-30 * 24 * time.Hour)
	add := func(project string, n int) {
		for i := range n {
			is := jirasim.Issue{
				Key: fmt.Sprintf("%s-%d", project, i+1), Project: project, Summary: fmt.Sprintf("Do %s %d", project, i+1), Type: "10001",
				ID: int64(10001 + len(w.Issues)), Created: created, Updated: created.Add(time.Duration(len(w.Issues)) * time.Second),
				Custom: map[string]any{effortField: 3.0},
			}
			if rng.IntN(8) > 0 {
				is.Custom[valueField] = float64(rng.IntN(101))
			}
			if rng.IntN(3) == 0 {
				is.Custom[severityField] = severityOption(fmt.Sprint(1 + rng.IntN(3)))
			}
			if rng.IntN(4) == 0 {
				is.Priority = native(project, fmt.Sprint(1+rng.IntN(4)))
				is.History = []jirasim.Change{{
					ID: int64(500 + len(w.Issues)), Author: jirasim.Ana, At: is.Updated,
					Items: []jirasim.Item{{Field: "priority", FieldID: "priority", FieldType: "jira", From: "", To: is.Priority}},
				}}
			}
			if rng.IntN(4) == 0 {
				is.Labels = append(is.Labels, "team", "roadmap/unsure")
			}
			if rng.IntN(10) == 0 {
				is.Status = "10001"
			}
			if project == "WEB" && i == 1 {
				is.Level, is.Summary = restricted, "Do "+canary
			}
			w.Issues = append(w.Issues, is)
		}
	}
	add("PAY", s.pay)
	add("WEB", s.web)
	add("OPS", s.ops)
	return w
}

// hub is GitHub as it is on the first day; most issues of Jira have a twin.
func (s shape) hub(jira []jirasim.Issue, rng *rand.Rand) githubsim.World {
	w := githubsim.World{
		Accounts: []githubsim.Account{{Token: "github-token", Login: "tandem-bot", Service: true}},
		People: []githubsim.Person{
			{Login: "tandem-bot", ID: 5_000_000_001, Bot: true}, {Login: "ana-acme", ID: 5_000_000_002}, {Login: "other-bot[bot]", ID: 5_000_000_003, Bot: true},
		},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay", Private: true}, {Name: "acme/web", Private: !s.public}, {Name: "acme/ops", Private: true},
		},
	}
	numbers := map[string]int{}
	created := monday().Add(-20 * 24 * time.Hour)
	for i, is := range jira {
		if rng.IntN(4) == 0 {
			continue
		}
		repository := "acme/" + strings.ToLower(is.Project)
		numbers[repository]++
		twin := githubsim.Issue{
			ID: int64(7001 + i), Repository: repository, Number: numbers[repository], Title: is.Key + ": do it", Author: "ana-acme",
			Created: created, Updated: created.Add(time.Duration(i) * time.Second),
		}
		if rng.IntN(3) == 0 {
			twin.Labels = append(twin.Labels, "team", "priority/needs-info")
		}
		if rng.IntN(5) == 0 {
			twin.Labels = append(twin.Labels, fmt.Sprintf("priority/p%d", 1+rng.IntN(4)))
		}
		w.Issues = append(w.Issues, twin)
	}
	if s.board {
		p := githubsim.Project{
			Owner: "acme", Number: 7, Title: "Roadmap",
			Fields: []githubsim.ProjectField{{ID: horizonField, Name: "Horizon", Kind: githubsim.SelectField, Options: []githubsim.ProjectOption{
				{ID: "a", Name: "Now"}, {ID: "b", Name: "Next"}, {ID: "c", Name: "Later"},
			}}},
		}
		for i := range w.Issues {
			if rng.IntN(3) > 0 {
				p.Items = append(p.Items, githubsim.ProjectItem{Issue: w.Issues[i].ID, Values: map[int64]any{}})
			}
		}
		w.Projects = []githubsim.Project{p}
	}
	return w
}

// plan is the roadmap file on the first day.
func (s shape) plan() string {
	if s.rows == 0 {
		return "items: []\n"
	}
	var b strings.Builder
	b.WriteString("items:\n")
	for n := range s.rows {
		fmt.Fprintf(&b, "  - id: R-%d\n    title: Plan %d\n    links: ['jira:PAY-%d']\n    priority: ''\n", n+1, n+1, n+1)
	}
	return b.String()
}

// rules are the rule file; high is the least score of the first tier.
func (s shape) rules(high int) string {
	var b strings.Builder
	b.WriteString(`people:
  ana: {jira: "712020:aa000000-0000-4000-8000-000000000002"}
  cy: {jira: "557058:cc000000-0000-4000-8000-000000000003"}
teams:
  pay: {roles: {pm: ana, po: cy}, places: {jira: [PAY], plan: [pay], github: [acme/pay]}, write: auto, capacity: {effort: 9000, every: 2w}}
  web: {roles: {pm: ana, po: cy}, places: {jira: [WEB], github: [acme/web]}, write: auto, capacity: {effort: 9000, every: 2w}}
  ops: {roles: {pm: cy, po: cy}, places: {jira: [OPS], github: [acme/ops]}, write: observe, capacity: {effort: 9000, every: 2w}}
`)
	adopt := "set_by_person: keep"
	if !s.keep {
		adopt = "set_by_person: replace"
	}
	if s.ramp > 0 {
		adopt += fmt.Sprintf(", ramp: {edits: %d, per: day}", s.ramp)
	}
	fmt.Fprintf(&b, "adopt: {%s}\nfields:\n", adopt)
	if s.backlog {
		b.WriteString("  rank: {owner: tandem, jira: {backlog: true}}\n")
	}
	if s.explained {
		b.WriteString("  explanation: {jira: {field: comment}, github: {field: comment}}\n")
	}
	b.WriteString(`  value: {owner: jira, jira: {field: {name: Value, id: customfield_10101}}}
  effort: {owner: jira, jira: {field: {name: Effort, id: customfield_10102}}}
  severity:
    owner: jira
    jira: {field: {name: Schweregrad, id: customfield_10040}, values: {1: [Kritisch], 2: [Hoch], 3: [Niedrig]}}
    github: {label: 'severity/{value}', values: {1: ['1'], 2: ['2'], 3: ['3']}, allow: public}
  priority:
    owner: tandem
    from: tiers
`)
	if s.overrule {
		b.WriteString("    respect: overrule\n")
	}
	b.WriteString(`    jira:
      field: priority
      by_project:
        PAY: {1: [Critical, Blocker], 2: [Major], 3: [Minor], 4: [Trivial]}
        WEB: {1: [Highest], 2: [High], 3: [Medium], 4: [Low, Lowest]}
        OPS: {1: [P1], 2: [P2], 3: [P3], 4: [P4]}
    plan: {field: priority}
    github: {label: 'priority/p{value}', reads: ['P{value}']}
  horizon:
    owner: tandem
    from: roadmap
    jira: {label: 'roadmap/{value}'}
`)
	if s.board {
		b.WriteString("    github: {project_field: Horizon, values: {now: [Now], next: [Next], later: [Later]}, allow: public}\n")
	} else {
		b.WriteString("    github: {label: 'roadmap/{value}', allow: public}\n")
	}
	order := ""
	if s.backlog {
		order = "  order: [next]\n"
	}
	fmt.Fprintf(&b, `twins:
  join: [marker, link, {key_at_start_of: github.title}]
rank:
  method: expression
%s  expression: 'item.value'
  tiers: {of: next, 1: %d, 2: 60, 3: 30, 4: 0}
  unknown: leave
  band: 0%%
  dwell: 0d
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route: {default: {accountable: pm, because: triage}}
`, order, high)
	return b.String()
}

func (s shape) settings(folder, address string) string {
	brake := "{edits: 100000, share: 0%}"
	if s.brake > 0 {
		brake = fmt.Sprintf("{edits: %d, share: 0%%}", s.brake)
	}
	auth := fmt.Sprintf(`{email: bot@acme.example, token: {file: "%s/jira.token"}}`, folder)
	more := ""
	if s.server {
		auth = fmt.Sprintf(`{token: {file: "%s/jira.token"}}`, folder)
		more = "    deployment: datacenter\n"
	}
	text := fmt.Sprintf(`instance: acme-chaos
store: "%[6]s"
write: auto
brake: %[2]s
rules: [rules.yaml]
connectors:
  jira:
    kind: jira
    url: https://acme.example
    auth: %[3]s
    projects: [PAY, WEB, OPS]
    page_size: %[4]d
    webhook: {secret: {file: "%[1]s/hook.secret"}}
%[5]s  github:
    kind: github
    auth: {token: {file: "%[1]s/github.token"}}
    repositories: [acme/pay, acme/web, acme/ops]
    write_pause: 0s
    webhook: {secret: {file: "%[1]s/hook.secret"}}
`, folder, brake, auth, s.page, more, address)
	if s.board {
		text += "    project: {board: acme/7}\n"
	}
	return text + fmt.Sprintf("  plan: {kind: file, items: \"%s/plan/*.yaml\", place: pay}\n", folder)
}
