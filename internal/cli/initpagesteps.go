package cli

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tandem/internal/web/firsthour"
	"tandem/internal/work"
)

// next is a copy of what was answered, to try more on.
func (t *tour) next() *initiation {
	next, own := *t.i, *t.i.app
	next.app = &own
	return &next
}

// typed reads a field of a form.
func typed(r *http.Request, name string) string { return strings.TrimSpace(r.PostFormValue(name)) }

// connect tries an address and a token.
func (t *tour) connect(r *http.Request) (string, error) {
	i := t.next()
	steps := []func(context.Context) error{i.address, i.account}
	var err error
	if typed(r, "kind") == "github" {
		i.answers = answers{dir: i.dir, said: i.said, githubURL: plainHub(typed(r, "hub_url")), repositories: kept(t.i.repositories, t.i.alone)}
		i.alone, steps = true, []func(context.Context) error{i.hubAddress, i.hubAccount}
		i.githubTokenEnv, i.githubTokenTo, err = t.token(r, "hub", t.i.alone && t.i.githubURL == i.githubURL, t.i.githubTokenEnv, t.i.githubTokenTo)
	} else {
		i.alone, i.url, i.email, i.cloudID, i.deployment = false, withScheme(typed(r, "url")), typed(r, "email"), typed(r, "cloud_id"), ""
		if t.i.alone { // what was said of GitHub alone is of no use beside Jira
			i.repositories, i.githubURL, i.githubTokenEnv, i.githubTokenTo = nil, "", "", ""
		}
		i.tokenEnv, i.tokenFile, err = t.token(r, "jira", t.i.url == i.url, t.i.tokenEnv, t.i.tokenFile)
	}
	if err == nil {
		err = soon(r, steps...)
	}
	if err != nil {
		return "", err
	}
	if t.i.alone != i.alone || t.i.url != i.url || t.i.githubURL != i.githubURL {
		i.projects, i.said = nil, nil
	}
	t.i, t.reached = i, 1
	return "/choose", nil
}

func kept(values []string, keep bool) []string {
	if keep {
		return values
	}
	return nil
}

// withScheme completes an address as people type it.
func withScheme(address string) string {
	address = strings.TrimRight(address, "/")
	if address == "" || strings.Contains(address, "://") {
		return address
	}
	return "https://" + address
}

// plainHub is the address of a GitHub; empty for github.com.
func plainHub(address string) string {
	address = withScheme(address)
	if _, host, _ := strings.Cut(address, "://"); host == "github.com" || host == "www.github.com" || host == "api.github.com" {
		return ""
	}
	return address
}

// token is where a form says that a token lies. A pasted one is written to a
// file of its own at once, and is nowhere else.
func (t *tour) token(r *http.Request, name string, same bool, env, file string) (newEnv, newFile string, err error) {
	pasted, source := typed(r, name+"_token"), typed(r, name+"_source")
	switch {
	case pasted != "":
		t.pasted++
		path := filepath.Join(t.folder, fmt.Sprintf("%s-%d", name, t.pasted))
		if err := os.WriteFile(path, []byte(pasted), 0o600); err != nil {
			return "", "", fmt.Errorf("keep the token: %w", err)
		}
		return "", path, nil
	case source == "" && same && env+file != "":
		return env, file, nil
	case source == "" && env+file != "":
		return "", "", wrong("the token is missing: the address is another one than before, so give its token again")
	case source == "":
		return "", "", wrong("the token is missing: paste it, or name the variable or the file that holds it")
	}
	if _, err := os.Stat(source); err == nil || strings.ContainsAny(source, `/\`) {
		full, err := filepath.Abs(source)
		return "", full, err
	}
	return source, "", nil
}

// ours reports whether a file is one that a token was pasted into.
func (t *tour) ours(file string) bool { return file != "" && filepath.Dir(file) == t.folder }

// tokenData shows where a token lies, as far as it is no secret.
func (t *tour) tokenData(name, example, file, env, lies string) firsthour.Token {
	d := firsthour.Token{Name: name, Of: map[bool]string{true: "Jira", false: "GitHub"}[name == "jira"], Example: example, File: file, Source: or(env, lies)}
	if t.ours(lies) {
		d.Source, d.Kept = "", true
	}
	return d
}

func (t *tour) connectData(r *http.Request) any {
	i := t.i
	d := firsthour.Connect{
		URL: i.url, Email: i.email, CloudID: i.cloudID, HubURL: i.githubURL, Alone: i.alone, Folder: i.folder(),
		Jira: t.tokenData("jira", "JIRA_TOKEN", "secrets/jira", i.tokenEnv, i.tokenFile),
		Hub:  t.tokenData("hub", "GITHUB_TOKEN", "secrets/github", i.githubTokenEnv, i.githubTokenTo),
	}
	if r.Method == http.MethodPost {
		d.URL, d.Email, d.CloudID, d.HubURL = or(typed(r, "url"), d.URL), or(typed(r, "email"), d.Email), or(typed(r, "cloud_id"), d.CloudID), or(typed(r, "hub_url"), d.HubURL)
	}
	return d
}

// choose takes the places and looks at them.
func (t *tour) choose(r *http.Request) (string, error) {
	i := t.next()
	places := slices.Concat(r.PostForm["place"], strings.FieldsFunc(typed(r, "keys"), apart))
	if len(places) == 0 {
		return "", wrong("nothing is chosen; tick one %s or more", i.placeWord())
	}
	into, _, _ := i.wanted()
	*into = places
	all := []func(context.Context) error{i.choose, i.look}
	if !i.alone {
		i.repositories = strings.FieldsFunc(typed(r, "repositories"), apart)
		if len(i.repositories) > 0 {
			var err error
			i.githubURL = plainHub(typed(r, "hub_url"))
			if i.githubTokenEnv, i.githubTokenTo, err = t.token(r, "hub", i.githubURL == t.i.githubURL, i.githubTokenEnv, i.githubTokenTo); err != nil {
				return "", fmt.Errorf("GitHub: %w", err)
			}
		}
		all = []func(context.Context) error{i.choose, i.github, i.look}
	}
	return t.start(r, "Looking at "+list(places), "/choose", "/fields", func(ctx context.Context) (func(), error) {
		for _, do := range all {
			if err := do(ctx); err != nil {
				return nil, err
			}
		}
		return func() { t.i, t.reached, t.preview = i, 2, firsthour.Preview{} }, nil
	}), nil
}

func apart(r rune) bool {
	return r == ',' || r == ' ' || r == ';' || r == '\n' || r == '\r' || r == '\t'
}

// mostPlaces bounds the list of a page.
const mostPlaces = 200

func (t *tour) chooseData(r *http.Request) any {
	i := t.i
	into, _, _ := i.wanted()
	chosen, repositories, hub := *into, strings.Join(i.repositories, ", "), i.githubURL
	if r.Method == http.MethodPost {
		chosen, repositories, hub = r.PostForm["place"], typed(r, "repositories"), typed(r, "hub_url")
	}
	d := firsthour.Choose{
		Service: i.service.Name, Account: short(i.survey.Account, 60), Alone: i.alone, Repositories: repositories, HubURL: hub, Keys: typed(r, "keys"),
		More: max(0, len(i.survey.Places)-mostPlaces), Hub: t.tokenData("hub", "GITHUB_TOKEN", "secrets/github", i.githubTokenEnv, i.githubTokenTo),
	}
	for _, p := range i.survey.Places[:min(len(i.survey.Places), mostPlaces)] {
		d.Places = append(d.Places, firsthour.Place{Key: p.Key, Name: short(p.Name, 80), Kind: p.Kind, Chosen: slices.Contains(chosen, p.Key) || len(i.survey.Places) == 1})
	}
	return d
}

// fields takes what a person says of the proposals, and rehearses.
func (t *tour) fields(r *http.Request) (string, error) {
	i := t.next()
	i.said = map[work.Field]bool{}
	for _, f := range i.proposed() {
		i.said[f] = slices.Contains(r.PostForm["use"], f.String())
	}
	files := i.files()
	if err := i.prove(files); err != nil {
		return "", err
	}
	return t.start(r, "Reading everything, to see what Tandem would do", "/fields", "/preview", func(ctx context.Context) (func(), error) {
		p := i.rehearse(ctx, t.folder, files)
		return func() { t.i, t.preview, t.reached = i, p, 3 }, nil
	}), nil
}
