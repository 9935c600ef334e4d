package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tandem": main})
}

// TestScripts types every command as a stranger would, in an empty folder. A
// script that asks for one gets a stand-in of Jira on the loopback:
//
//	jira [server]    serves it, as Cloud or as Data Center: $JIRA_URL is its
//	                 address, jira-token its token; $GITHUB_URL holds acme/pay,
//	                 $HUB_URL the GitHub of a firm without a Jira, $PAGE_URL a
//	                 web page
//	untouched        fails if anything changed these, but the first GitHub
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"jira": serveJira, "untouched": untouched},
		Setup: func(env *testscript.Env) error {
			env.Values[siteKey{}] = &jiraSite{}
			return nil
		},
	})
}

type siteKey struct{}

// jiraSite is the stand-in of one script.
type jiraSite struct {
	*jirasim.Site

	hub *githubsim.Site
}

func siteOf(ts *testscript.TestScript) *jiraSite {
	site, ok := ts.Value(siteKey{}).(*jiraSite)
	if !ok {
		ts.Fatalf("the script has no place for a stand-in")
	}
	return site
}

func serveJira(ts *testscript.TestScript, _ bool, args []string) {
	world, deployment := jirasim.Sample(), jirasim.Cloud
	if len(args) > 0 {
		deployment = jirasim.DataCenter
	}
	for n := range 60 {
		project, points := []string{"PAY", "WEB", "OPS"}[n%3], []string{"customfield_10026", "customfield_10016", "customfield_10026"}[n%3]
		issue := jirasim.Issue{
			Key: fmt.Sprintf("%s-%d", project, n/3+1), Summary: fmt.Sprintf("Issue %d", n), Custom: map[string]any{},
			Type: []string{"10001", "10004", "10002"}[n/3%3], Updated: time.Now().Add(-time.Duration(n) * time.Hour),
		}
		if n%4 != 0 {
			issue.Custom[points] = float64(1 + n%8)
		}
		if n%7 == 0 {
			issue.Custom["customfield_10040"] = "10020"
		}
		world.Issues = append(world.Issues, issue)
	}
	site, err := jirasim.New(world, jirasim.Options{Deployment: deployment})
	ts.Check(err)
	server := httptest.NewServer(site)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = fmt.Fprint(w, "<!doctype html><title>Welcome</title>")
	}))
	hub := httptest.NewServer(serveGitHub(ts))
	ts.Defer(hub.Close)
	ts.Setenv("GITHUB_URL", hub.URL)
	ts.Defer(server.Close)
	ts.Defer(page.Close)
	siteOf(ts).Site = site
	alone := httptest.NewServer(serveFirm(ts))
	ts.Defer(alone.Close)
	ts.Setenv("HUB_URL", alone.URL)
	ts.Setenv("JIRA_URL", server.URL)
	ts.Setenv("PAGE_URL", page.URL)
}

// serveGitHub is a GitHub with one repository, whose first issue is the twin of
// PAY-1.
func serveGitHub(ts *testscript.TestScript) http.Handler {
	site, err := githubsim.New(githubsim.World{
		Accounts:     []githubsim.Account{{Token: "github-token", Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{ID: 1, Name: "acme/pay", Private: true}},
		Issues: []githubsim.Issue{
			{ID: 1, Repository: "acme/pay", Number: 1, Title: "PAY-1: Issue 0", State: githubsim.Open, Author: "tandem"},
			{ID: 2, Repository: "acme/pay", Number: 2, Title: "Another", State: githubsim.Open, Author: "tandem"},
		},
	}, githubsim.Options{})
	ts.Check(err)
	return site
}

// serveFirm is the GitHub of a firm that has no Jira: two repositories with
// labels of their own, a new one, and one that is archived.
func serveFirm(ts *testscript.TestScript) http.Handler {
	labels := func(names ...string) (all []githubsim.Label) {
		for _, n := range names {
			all = append(all, githubsim.Label{Name: n})
		}
		return all
	}
	site, err := githubsim.New(githubsim.World{
		Accounts: []githubsim.Account{{Token: "github-token", Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay", Description: "Payments", Private: true, Labels: labels("bug", "priority/p1", "priority/p2", "priority/p3", "priority/needs-info", "size/S", "size/M", "sev/high", "sev/low")},
			{Name: "acme/web", Labels: labels("bug", "enhancement", "Priority: High", "Priority: Low")},
			{Name: "acme/new", Private: true},
			{Name: "acme/old", Private: true, Archived: true},
		},
		Issues: []githubsim.Issue{
			{Repository: "acme/pay", Title: "Export drops rows", Labels: []string{"bug", "priority/p1", "size/M"}, Author: "ana"},
			{Repository: "acme/pay", Title: "Pay by card", Body: "## Acceptance criteria\n- one sees it", Labels: []string{"priority/needs-info"}, Author: "ana"},
			{Repository: "acme/web", Title: "Dark mode", Labels: []string{"enhancement"}, Author: "cy"},
		},
	}, githubsim.Options{})
	ts.Check(err)
	siteOf(ts).hub = site
	return site
}

func untouched(ts *testscript.TestScript, _ bool, _ []string) {
	if all := append(siteOf(ts).Writes().Effects(true), siteOf(ts).hub.Writes().Effects(true)...); len(all) > 0 {
		ts.Fatalf("the stand-in was changed: %v", all)
	}
}
