package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/connectors/github"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// forum is a site with three issues, one of them a pull request.
func forum(t *testing.T, settings string) (*githubsim.Site, *connectors.Connector) {
	t.Helper()
	site, err := githubsim.New(githubsim.World{
		Accounts: []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}, {Token: "x", Login: "member"}},
		People:   []githubsim.Person{{Login: "ci[bot]", ID: 7, Bot: true}},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay"}, {Name: "acme/web", Private: true},
		},
		Issues: []githubsim.Issue{
			{Repository: "acme/pay", Title: "A"}, {Repository: "acme/pay", Title: "B", PullRequest: true}, {Repository: "acme/web", Title: "C"},
		},
	}, githubsim.Options{Now: time.Now, URL: "http://127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, connectors.Env{Name: "gh", Transport: sim.Network{"127.0.0.1": site}, Now: time.Now}, hubSettings+"repositories: [acme/pay, acme/web]\n"+settings)
	return site, c
}

// spoken is what a read of the comments brings.
func spoken(t *testing.T, c *connectors.Connector, from connectors.Cursor) (all []work.Feedback, next connectors.Cursor) {
	t.Helper()
	next = from
	for page, err := range c.Source.Pages(t.Context(), "comments", from) {
		if err != nil {
			t.Fatal(err)
		}
		all, next = append(all, page.Feedback...), page.Cursor
	}
	return all, next
}

func TestCommentsAreFeedbackWhereTheSettingsSaySo(t *testing.T) {
	t.Parallel()
	for whose, want := range map[string][]string{
		"":                                nil,
		"comments: {feedback: outsiders}": {"ann acme/pay#1: This blocks us.", "eve acme/web#1: Us too"},
		"comments: {feedback: everybody}": {"ann acme/pay#1: This blocks us.", "eve acme/web#1: Us too", "member acme/pay#1: On it"},
	} {
		synctest.Test(t, func(t *testing.T) {
			site, c := forum(t, whose)
			read(t, c, nil)
			for _, say := range [][3]string{
				{"acme/pay#1", "ann", "> when will it come?\n\nThis blocks us."},
				{"acme/pay#1", "member", "On it"},
				{"acme/pay#1", "ci[bot]", "Built."},
				{"acme/pay#1", "tandem", "<!-- tandem:explanation -->\nWhy"},
				{"acme/pay#2", "ann", "LGTM"},
				{"acme/web#1", "eve", "Us too"},
				{"acme/pay#1", "bob", "> only\n> this"},
			} {
				if err := site.Comment(say[0], say[1], say[2]); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			all, next := spoken(t, c, nil)
			var got []string
			for _, f := range all {
				got = append(got, fmt.Sprintf("%s %s: %s", f.Person, strings.TrimPrefix(strings.Join(f.Links, " "), "gh:"), f.Text))
				audience := map[bool]work.Audience{true: work.Public, false: work.Internal}[strings.Contains(f.Links[0], "pay")]
				if f.Audience != audience || f.Kind != "request" || f.At.IsZero() || !strings.Contains(f.URL, "#issuecomment-") || f.ID == "" {
					t.Errorf("%+v", f)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", whose, diff)
			}
			if whose == "" && site.Calls("GET", "/repos/{owner}/{repo}/issues/comments") > 0 {
				t.Error("comments are read although nobody asked")
			}
			time.Sleep(time.Hour)
			_, next = spoken(t, c, next)
			used := quota(site)
			if again, _ := spoken(t, c, next); len(again) > 0 || quota(site) > used {
				t.Errorf("%s: an idle read brings %d and takes %d from the quota", whose, len(again), quota(site)-used)
			}
		})
	}
}

// Every comment comes once, whatever is written while pages are turned.
func TestManyCommentsAreReadPageByPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site, c := forum(t, "comments: {feedback: everybody}")
		read(t, c, nil)
		for n := range 350 {
			if err := site.Comment("acme/pay#1", "ann", fmt.Sprint("comment ", n)); err != nil {
				t.Fatal(err)
			}
			if n%3 == 0 {
				time.Sleep(time.Second)
			}
		}
		seen := map[string]bool{}
		all, next := spoken(t, c, nil)
		for _, f := range all {
			seen[f.ID] = true
		}
		calls := site.Calls("GET", "/repos/{owner}/{repo}/issues/comments")
		if len(seen) != 350 || calls > 7 {
			t.Errorf("%d of 350 comments in %d calls", len(seen), calls)
		}
		time.Sleep(time.Minute)
		if err := site.Comment("acme/pay#1", "eve", "new"); err != nil {
			t.Fatal(err)
		}
		all, _ = spoken(t, c, next)
		if !slices.ContainsFunc(all, func(f work.Feedback) bool { return f.Text == "new" }) {
			t.Errorf("the new one is not among %d", len(all))
		}
	})
}

func TestWhoseCommentsAreFeedbackIsChecked(t *testing.T) {
	t.Parallel()
	_, decode := connectortest.Settings("g:\n  kind: github\n  auth: {token: {env: GITHUB_TEST_TOKEN}}\n  repositories: [acme/pay]\n  comments: {feedback: strangers}")
	_, problems := github.Definition().New("gh", decode)
	if len(problems) != 1 || !strings.Contains(problems[0].Error(), "write outsiders") {
		t.Errorf("problems %v", problems)
	}
}
