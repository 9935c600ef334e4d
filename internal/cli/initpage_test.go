package cli_test

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// guest is somebody at the page of init, whose browser runs no script.
type guest struct {
	t            *testing.T
	client       *http.Client
	base, folder string
	page         string // the last one
}

func atInit(t *testing.T) *guest {
	t.Helper()
	ctx, end := context.WithCancel(t.Context())
	var said told
	g := &guest{t: t, folder: filepath.Join(t.TempDir(), "mine")}
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: &said, Err: &said}, "test", []string{"init", "--page", "--no-open", "--dir", g.folder})
	}()
	t.Cleanup(func() {
		end()
		if code := <-ended; code != 0 {
			t.Errorf("exit %d\n%s", code, &said.text)
		}
	})
	waiting, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	link := said.wait(waiting, `http://127\.0\.0\.1:\d+/signin\?once=\S+`)
	if link == "" {
		t.Fatal("no link was printed")
	}
	g.base, _, _ = strings.Cut(link, "/signin")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	g.client = &http.Client{Jar: jar}
	g.get(strings.TrimPrefix(link, g.base))
	return g
}

func (g *guest) do(method, path string, form url.Values) (status int, at string) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), method, g.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		g.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	g.page = html.UnescapeString(string(body))
	return resp.StatusCode, resp.Request.URL.Path
}

func (g *guest) get(path string) (at string) {
	g.t.Helper()
	_, at = g.do(http.MethodGet, path, nil)
	return at
}

// post sends a form, and waits for what it starts.
func (g *guest) post(path string, pairs ...string) (status int, at string) {
	g.t.Helper()
	form := url.Values{"csrf": {g.token()}}
	for n := 0; n < len(pairs); n += 2 {
		form.Add(pairs[n], pairs[n+1])
	}
	status, at = g.do(http.MethodPost, path, form)
	for began := time.Now(); at == "/working" && time.Since(began) < time.Minute; time.Sleep(20 * time.Millisecond) {
		at = g.get("/working")
	}
	return status, at
}

func (g *guest) token() string {
	found := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(g.page)
	if found == nil {
		return ""
	}
	return found[1]
}

func (g *guest) sees(texts ...string) {
	g.t.Helper()
	for _, text := range texts {
		if !strings.Contains(g.page, text) {
			g.t.Errorf("the page does not say %q:\n%s", text, g.page)
		}
	}
}

// oneIssue is a Jira with one issue.
func oneIssue(t *testing.T) string {
	t.Helper()
	world := jirasim.Sample()
	world.Issues = []jirasim.Issue{{Key: "PAY-1", Summary: "Pay <script>alert(1)</script>", Updated: time.Now()}}
	site, err := jirasim.New(world, jirasim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server.URL
}

func TestAMistakeOnThePageOfInitLosesNothingAndSaysTheRemedy(t *testing.T) {
	t.Parallel()
	jira, g := oneIssue(t), atInit(t)
	if at := g.get("/preview"); at != "/connect" {
		t.Errorf("a step that is not reached leads to %s", at)
	}
	for _, c := range []struct {
		name  string
		pairs []string
		says  string
	}{
		{"no token", []string{"url", jira, "email", "bot@acme.example"}, "the token is missing"},
		{"an address where nothing is", []string{"url", "http://127.0.0.1:1", "email", "bot@acme.example", "jira_token", "x"}, "127.0.0.1:1"},
		{"a variable that is not set", []string{"url", jira, "email", "bot@acme.example", "jira_source", "TANDEM_TEST_NOT_SET"}, "TANDEM_TEST_NOT_SET is not set"},
		{"a token where its name goes", []string{"url", jira, "email", "bot@acme.example", "jira_source", "hunter2"}, "is no name of an environment variable"},
		{"a wrong token", []string{"url", jira, "email", "bot@acme.example", "jira_token", "hunter2"}, "does not let in"},
	} {
		status, _ := g.post("/connect", append([]string{"kind", "jira"}, c.pairs...)...)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", c.name, status)
		}
		g.sees(c.says, `value="`+c.pairs[1]+`"`, `value="bot@acme.example"`)
		if strings.Contains(g.page, "hunter2") {
			t.Errorf("%s: the token comes back", c.name)
		}
		if strings.Contains(g.page, "--jira") {
			t.Errorf("%s: a page speaks of flags:\n%s", c.name, g.page)
		}
	}
	if status, at := g.post("/connect", "kind", "jira", "url", jira, "email", "bot@acme.example", "jira_token", "jira-token"); at != "/choose" {
		t.Fatalf("connected, and sent to %s with %d:\n%s", at, status, g.page)
	}
	if status, _ := g.post("/choose"); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing is chosen: status %d", status)
	}
	g.get("/connect")
	g.sees("A token is kept")
	if status, _ := g.post("/connect", "kind", "jira", "url", strings.Replace(jira, "127.0.0.1", "localhost", 1), "email", "bot@acme.example"); status != http.StatusUnprocessableEntity {
		t.Errorf("a kept token was sent to another address: status %d", status)
	}
	if status, _ := g.do(http.MethodPost, "/connect", url.Values{"kind": {"jira"}}); status != http.StatusForbidden {
		t.Errorf("a form without its token: status %d", status)
	}
}

func TestThePageOfInitOverwritesNothingAndShowsTheDifference(t *testing.T) {
	t.Parallel()
	jira, g := oneIssue(t), atInit(t)
	g.post("/connect", "kind", "jira", "url", jira, "email", "bot@acme.example", "jira_token", "jira-token")
	if _, at := g.post("/choose", "place", "PAY"); at != "/fields" {
		t.Fatalf("chosen, and sent to %s:\n%s", at, g.page)
	}
	if _, at := g.post("/fields"); at != "/preview" {
		t.Fatalf("proposed, and sent to %s:\n%s", at, g.page)
	}
	g.sees("Adopt", "Keep", "Write", "write: observe")
	if err := os.MkdirAll(g.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(g.folder, "tandem.yaml")
	if err := os.WriteFile(mine, []byte("instance: mine\nwrite: observe\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _ := g.post("/write", "dir", g.folder); status != http.StatusUnprocessableEntity {
		t.Errorf("a folder that is taken: status %d", status)
	}
	g.sees("is there already", "<del>- instance: mine</del>", "<ins>+ store: sqlite:tandem.db")
	if body, err := os.ReadFile(mine); err != nil || string(body) != "instance: mine\nwrite: observe\n" {
		t.Errorf("the file was changed: %q, %v", body, err)
	}
	other := filepath.Join(t.TempDir(), "other")
	if _, at := g.post("/write", "dir", other); at != "/done" {
		t.Fatalf("written, and sent to %s:\n%s", at, g.page)
	}
	g.sees(other, "Later: let one team propose")
	for _, name := range []string{"tandem.yaml", "rules/teams.yaml", "secrets/jira", "secrets/.gitignore"} {
		if _, err := os.Stat(filepath.Join(other, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(g.folder, "secrets")); err == nil {
		t.Error("the token lies in the folder that was refused")
	}
}

func TestThePageOfInitServesGitHubAlone(t *testing.T) {
	t.Parallel()
	site, err := githubsim.New(githubsim.World{
		People:   []githubsim.Person{{Login: "tandem-bot", ID: 1, Bot: true}},
		Accounts: []githubsim.Account{{Token: "hub-token", Login: "tandem-bot", Service: true}},
		Repositories: []githubsim.Repository{{ID: 1, Name: "acme/pay", Labels: []githubsim.Label{
			{ID: 1, Name: "priority: high"}, {ID: 2, Name: "priority: low"}, {ID: 3, Name: "bug"},
		}}},
		Issues: []githubsim.Issue{{ID: 1, NodeID: "I_1", Repository: "acme/pay", Number: 1, Title: "Pay", State: "open", Author: "tandem-bot", Created: time.Now(), Updated: time.Now()}},
	}, githubsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hub := httptest.NewServer(site)
	t.Cleanup(hub.Close)
	g := atInit(t)
	if status, _ := g.post("/connect", "kind", "github", "hub_url", hub.URL, "hub_token", "hunter2"); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong token: status %d", status)
	}
	g.sees(`value="` + hub.URL + `"`)
	if _, at := g.post("/connect", "kind", "github", "hub_url", hub.URL, "hub_token", "hub-token"); at != "/choose" {
		t.Fatalf("connected, and sent to %s:\n%s", at, g.page)
	}
	g.sees("acme/pay")
	if _, at := g.post("/choose", "place", "acme/pay"); at != "/fields" {
		t.Fatalf("chosen, and sent to %s:\n%s", at, g.page)
	}
	g.sees("priority: high")
	if _, at := g.post("/fields", "use", "priority"); at != "/preview" {
		t.Fatalf("proposed, and sent to %s:\n%s", at, g.page)
	}
	g.sees("1 issue from github")
	if _, at := g.post("/write", "dir", g.folder); at != "/done" {
		t.Fatalf("written, and sent to %s:\n%s", at, g.page)
	}
	body, err := os.ReadFile(filepath.Join(g.folder, "tandem.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if text := string(body); strings.Contains(text, "hub-token") || !strings.Contains(text, filepath.Join(g.folder, "secrets", "github")) {
		t.Errorf("the settings:\n%s", text)
	}
}
