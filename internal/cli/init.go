package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tandem/connectors"
	"tandem/internal/work"
)

// answers are what init must know, from flags or from a person.
type answers struct {
	dir string
	yes bool

	url, deployment, email, cloudID string
	tokenEnv, tokenFile             string
	projects                        []string

	repositories                  []string
	githubURL                     string
	githubTokenEnv, githubTokenTo string

	// said is of which fields a person wants the proposals, or not.
	said map[work.Field]bool
}

func (a *app) initCommand() *cobra.Command {
	var w answers
	var page, closed bool
	cmd := &cobra.Command{
		Use: "init", Short: "Look at your Jira or GitHub, and write settings and rules that fit it; change nothing there",
		Long: "init asks for the address of your Jira and who Tandem is there, looks at the projects that you choose, and writes\n" +
			"tandem.yaml and three commented rule files that pass check. Without a Jira it does the same for repositories of\n" +
			"GitHub. It overwrites no file, changes nothing in Jira and GitHub, and never asks for a token itself: only where it lies.\n" +
			"With --page it asks in the browser, where a token may be pasted: it is kept in a file that only you can read.",
		Example: "  tandem init\n  tandem init --page\n" +
			"  tandem init --jira-url https://acme.atlassian.net --jira-email bot@acme.example --jira-token-env JIRA_TOKEN --projects PAY,WEB --yes\n" +
			"  tandem init --github-token-env GITHUB_TOKEN --github-repositories acme/pay,acme/web --yes",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if page && (w.yes || a.json) {
				return wrong("--page asks a person; leave out --yes and --json")
			}
			i := &initiation{app: a, cmd: cmd, answers: w, ask: newAsker(a, w.yes, a.json)}
			if !page && i.empty() && a.typed() {
				var err error
				if page, err = i.offerPage(); err != nil {
					return err
				}
			}
			if page {
				return i.onPage(cmd.Context(), !closed)
			}
			return i.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&w.dir, "dir", ".", "folder for the files")
	f.BoolVar(&w.yes, "yes", false, "ask nothing: flags say everything; without --projects (or --github-repositories, where there is no Jira) all are taken")
	f.BoolVar(&page, "page", false, "ask on a page in the browser, which a link opens once, instead of here")
	f.BoolVar(&closed, "no-open", false, "print the link to the page, and open no browser")
	f.StringVar(&w.url, "jira-url", "", "address under which people open Jira")
	f.StringVar(&w.deployment, "deployment", "", "cloud or datacenter (default: what the address answers)")
	f.StringVar(&w.email, "jira-email", "", "e-mail address of the account")
	f.StringVar(&w.cloudID, "jira-cloud-id", "", "id of the site at Atlassian's gateway, for tokens with scopes")
	f.StringVar(&w.tokenEnv, "jira-token-env", "", "name of the environment variable that holds the account's token")
	f.StringVar(&w.tokenFile, "jira-token-file", "", "file that holds the account's token")
	f.StringSliceVar(&w.projects, "projects", nil, "keys of the projects, such as PAY,WEB")
	f.StringSliceVar(&w.repositories, "github-repositories", nil, "repositories, such as acme/pay,acme/web: beside Jira, or alone")
	f.StringVar(&w.githubURL, "github-url", "", "address of GitHub Enterprise Server")
	f.StringVar(&w.githubTokenEnv, "github-token-env", "", "name of the environment variable that holds the token of GitHub")
	f.StringVar(&w.githubTokenTo, "github-token-file", "", "file that holds the token of GitHub")
	return cmd
}

// initiation is one run of init.
type initiation struct {
	*app
	answers

	cmd *cobra.Command
	ask *asker
	// person tells that somebody answers at a terminal.
	person bool

	// alone tells that there is no Jira: GitHub is looked at instead.
	alone bool

	service connectors.Service
	survey  connectors.Survey
	found   connectors.Discovery
}

func (i *initiation) run(ctx context.Context) error {
	if err := i.vacant(); err != nil {
		return err
	}
	if i.alone = i.onlyGitHub(); !i.alone {
		if err := i.address(ctx); err != nil {
			return err
		}
	}
	steps := []func(context.Context) error{i.account, i.choose, i.look, i.github}
	if i.alone {
		steps = []func(context.Context) error{i.hubAddress, i.hubAccount, i.choose, i.look}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	files := i.files()
	if err := i.prove(files); err != nil {
		return err
	}
	if i.json {
		return i.finish(files)
	}
	i.show()
	if ok, err := i.ask.sure("Write " + fileNames(files) + " to " + i.folder() + "?"); err != nil || !ok {
		return err
	}
	return i.finish(files)
}

// folder names the folder as people would.
func (i *initiation) folder() string {
	if i.dir == "." {
		return "this folder"
	}
	return i.dir
}

// vacant refuses a folder where Tandem's files are already: init overwrites
// nothing, and rules of another Tandem would be read along.
func (i *initiation) vacant() error {
	old, err := filepath.Glob(filepath.Join(strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(i.dir), "rules", "*.yaml"))
	if err != nil {
		return wrong("%q cannot be a folder; name another with --dir", i.dir)
	}
	for _, path := range append([]string{filepath.Join(i.dir, settingsName)}, old...) {
		if _, err := os.Lstat(path); err == nil {
			return wrong("%s is there already, and init overwrites nothing; name another folder with --dir, or move it away", path)
		}
	}
	return nil
}

// address asks for the site until a Jira answers there.
func (i *initiation) address(ctx context.Context) error {
	if i.url == "" {
		i.person = !i.ask.closed
		i.ask.say("init looks at your Jira, or at your GitHub, and writes settings and rules that fit it. Nothing is changed there.\n")
	}
	for try := 1; ; try++ {
		asked := i.url == ""
		if err := i.ask.text(&i.url, question{"Address of your Jira", "--jira-url", "", "such as https://acme.atlassian.net; or none, for GitHub alone"}); err != nil {
			return err
		}
		if asked && strings.EqualFold(i.url, nothing) {
			i.url, i.alone = "", true
			return nil
		}
		i.url = strings.TrimRight(i.url, "/")
		if asked && !strings.Contains(i.url, "://") {
			i.url = "https://" + i.url
		}
		err := i.probe(ctx)
		if err == nil {
			i.ask.say("  %s answers there.", i.service.Name)
			return nil
		}
		if !asked || try == mostTries {
			return err
		}
		i.ask.say("  %s", err)
		i.url = ""
	}
}

func (i *initiation) probe(ctx context.Context) error {
	live, err := i.open(ctx, "url", "deployment")
	if err != nil {
		return err
	}
	service, findings := live.Surveyor.Probe(ctx)
	if err := i.fatal(findings); err != nil {
		return err
	}
	i.service = service
	if i.deployment == "" {
		i.deployment = service.Kind
	}
	_, err = i.open(ctx, "url", "deployment")
	return err
}

// account asks who Tandem is there, and tries that once.
func (i *initiation) account(ctx context.Context) error {
	if i.deployment == "cloud" {
		if err := i.ask.text(&i.email, question{"E-mail of Tandem's account there", "--jira-email", "", "such as tandem@acme.example"}); err != nil {
			return err
		}
	}
	if err := i.ask.secret(&i.tokenEnv, &i.tokenFile, "JIRA_TOKEN", "--jira-token-env"); err != nil {
		return err
	}
	live, err := i.open(ctx, "url", "deployment", "auth", "cloud_id")
	if err != nil {
		return err
	}
	survey, findings := live.Surveyor.Survey(ctx)
	if err := i.fatal(findings); err != nil {
		return err
	}
	i.warn(findings)
	i.survey = survey
	i.ask.say("  Connected as %s%s. %s.", short(survey.Account, 60), zoneOf(survey.TimeZone), plural(len(survey.Places), "project is visible", "projects are visible"))
	return nil
}

func zoneOf(zone string) string {
	if zone == "" {
		return ""
	}
	return ", time zone " + zone
}

// wanted are the places that were chosen, and the words to speak of them.
func (i *initiation) wanted() (chosen *[]string, q question, grant string) {
	if i.alone {
		return &i.repositories, question{"Which repositories", "--github-repositories", "all", "names or numbers, such as "}, "check the name, and give the token access to it"
	}
	return &i.projects, question{"Which projects", "--projects", "all", "keys or numbers, such as "}, "check the key, and give the account Browse projects"
}

// choose asks which projects or repositories.
func (i *initiation) choose(context.Context) error {
	if len(i.survey.Places) == 0 && i.alone {
		return failed("the token sees no repository with issues; give it access to those that Tandem shall read, with Metadata and Issues (read and write)")
	} else if len(i.survey.Places) == 0 {
		return failed("the account sees no project; give it Browse projects in the permission scheme of those that Tandem shall read")
	}
	chosen, q, _ := i.wanted()
	q.hint += i.survey.Places[0].Key
	if len(*chosen) == 0 && !i.ask.closed {
		i.offer()
		if len(i.survey.Places) > mostOffered {
			q.preset = "" // nobody means hundreds by pressing return
		}
	}
	for try := 1; ; try++ {
		asked := len(*chosen) == 0
		text := strings.Join(*chosen, ",")
		if err := i.ask.text(&text, q); err != nil {
			return err
		}
		keys, err := i.chosen(text)
		if err == nil {
			*chosen = keys
			return nil
		}
		if !asked || try == mostTries {
			return err
		}
		i.ask.say("  %s", err)
		*chosen = nil
	}
}

// mostOffered is how many projects are listed.
const mostOffered = 30

// offer lists the projects to choose from.
func (i *initiation) offer() {
	i.ask.say("")
	var rows [][]string
	for n, p := range i.survey.Places[:min(len(i.survey.Places), mostOffered)] {
		name := short(p.Name, 50)
		if p.Name == p.Key {
			name = ""
		}
		rows = append(rows, []string{fmt.Sprint(n + 1), p.Key, name, p.Kind})
	}
	i.ask.table(rows)
	if rest := len(i.survey.Places) - mostOffered; rest > 0 {
		i.ask.say("  … and %s more; their keys will do", thousands(rest))
	}
}

// chosen turns keys and numbers into keys, in the order of the list.
func (i *initiation) chosen(text string) ([]string, error) {
	_, _, grant := i.wanted()
	known := make([]string, 0, len(i.survey.Places))
	for _, p := range i.survey.Places {
		known = append(known, p.Key)
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' })
	if len(words) == 1 && strings.EqualFold(words[0], "all") && !slices.Contains(known, "ALL") {
		return known, nil
	}
	taken := map[string]bool{}
	for _, word := range words {
		if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(known) {
			word = known[n-1]
		}
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, word) })
		if at < 0 {
			return nil, wrong("%s sees no %s %q; %s", short(i.survey.Account, 60), i.placeWord(), word, or(work.Suggest(word, known), grant))
		}
		taken[known[at]] = true
	}
	return slices.DeleteFunc(known, func(k string) bool { return !taken[k] }), nil
}

func (i *initiation) placeWord() string {
	if i.alone {
		return "repository"
	}
	return "project"
}

// look discovers what the projects hold.
func (i *initiation) look(ctx context.Context) error {
	live, err := i.open(ctx)
	if i.alone {
		live, err = i.openHub(ctx)
	}
	if err != nil {
		return err
	}
	places, _, _ := i.wanted()
	i.ask.say("\nLooking at %s …", list(*places))
	found, findings := live.Surveyor.Discover(ctx, *places)
	if err := i.fatal(findings); err != nil {
		return err
	}
	i.warn(findings)
	i.found = found
	return nil
}

// or returns the first of both that says something.
func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
