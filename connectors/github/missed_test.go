package github_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// deaf is a site whose webhook did not reach us, and the connector.
func deaf(t *testing.T, auth, repositories string, hook githubsim.Hook, account githubsim.Account) (*githubsim.Site, *connectors.Connector) {
	t.Helper()
	account.Token, account.Login, account.Service = connectortest.Token, "tandem", true
	hook.Secret = hookSecret
	site, err := githubsim.New(githubsim.World{
		Accounts:     []githubsim.Account{account},
		Apps:         []githubsim.App{{ID: 12, Installation: 34, Key: &appKey().PublicKey, Login: "tandem[bot]", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}, {Name: "acme/web", Private: true}},
		Issues: []githubsim.Issue{
			{Repository: "acme/pay", Title: "A"}, {Repository: "acme/pay", Title: "B"}, {Repository: "acme/pay", Title: "C"}, {Repository: "acme/web", Title: "D"},
		},
	}, githubsim.Options{Now: time.Now, Hook: &hook})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "hook.secret")
	if err := os.WriteFile(path, []byte(hookSecret), 0o600); err != nil {
		t.Fatal(err)
	}
	transport := judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site})
	c := connect(t, connectors.Env{Name: "github", Transport: transport, Now: time.Now}, fmt.Sprintf("url: http://127.0.0.1\n%swebhook: {secret: {file: %q}}\nrepositories: [%s]", auth, path, repositories))
	return site, c
}

// missed is what a look finds, in words.
func missed(t *testing.T, c *connectors.Connector, from connectors.Cursor) (hints, findings []string, next connectors.Cursor) {
	t.Helper()
	m, err := c.Recovery.Missed(t.Context(), from)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range m.Hints {
		if h.Delivery == "" || h.Ref.Connector != "github" {
			t.Errorf("hint %+v", h)
		}
		hints = append(hints, strings.TrimSpace(h.Event+" "+h.Ref.Key))
	}
	for _, f := range m.Findings {
		findings = append(findings, f.What+"; "+f.Remedy)
	}
	return hints, findings, m.Cursor
}

// What GitHub could not deliver is read from its own list, once: what polls
// cannot see one by one, all else as a reason to poll.
func TestDeliveriesThatDidNotArriveAreRecovered(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		auth, repositories string
		hook               githubsim.Hook
	}{
		"of an organisation": {tokenAuth, `"acme/*"`, githubsim.Hook{}},
		"of a repository":    {tokenAuth, "acme/web, acme/pay", githubsim.Hook{Of: "acme/pay"}},
		"of an App":          {appAuth(t), "acme/pay, acme/web", githubsim.Hook{Of: githubsim.AppHook}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site, c := deaf(t, k.auth, k.repositories, k.hook, githubsim.Account{Hooks: true})
			_, transferred := site.Transfer("acme/pay#2", "ana", "acme/web")
			arrived := site.Deliveries()
			for _, err := range []error{
				transferred, site.Delete("acme/pay#1", "ana"), site.Edit("acme/pay#3", "ana", func(i *githubsim.Issue) { i.Labels = []string{"bug"} }),
				site.Configure("acme/pay", func(r *githubsim.Repository) { r.Private = false }),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			if len(arrived) == 0 || len(site.Miss()) != 3 {
				t.Fatal("the site announced something else")
			}
			hints, findings, next := missed(t, c, nil)
			if diff := cmp.Diff([]string{"issues.deleted acme/pay#1", "repository.publicized", "missed"}, hints); diff != "" || len(findings) > 0 {
				t.Errorf("%v (-want +got):\n%s", findings, diff)
			}
			calls := site.Calls("", "")
			if hints, _, next = missed(t, c, next); len(hints) > 0 || site.Calls("", "") != calls+1 {
				t.Errorf("once more: %v in %d calls", hints, site.Calls("", "")-calls)
			}
			if _, err := site.Transfer("acme/pay#3", "ana", "acme/web"); err != nil {
				t.Fatal(err)
			}
			site.Miss()
			hints, _, _ = missed(t, c, next)
			if len(hints) < 2 || hints[0] != "issues.transferred acme/pay#3" || hints[1] != "issues.transferred acme/web#3" {
				t.Errorf("later: %v", hints)
			}
		})
	}
}

func TestWithoutTheRightToSeeDeliveriesAFindingSaysWhatToGrant(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		auth string
		hook githubsim.Hook
		who  githubsim.Account
		want string
		cost int
	}{
		"no right":            {tokenAuth, githubsim.Hook{}, githubsim.Account{}, "do not see the webhooks of acme, acme/pay; grant Webhooks (read)", 2},
		"no webhook":          {tokenAuth, githubsim.Hook{URL: "https://ci.acme.example/build"}, githubsim.Account{Hooks: true}, "no webhook whose address ends in /hooks/github", 3},
		"an App without ours": {appAuth(t), githubsim.Hook{Of: githubsim.AppHook, URL: "https://x.example/"}, githubsim.Account{}, "grant Webhooks (read)", 4},
	} {
		site, c := deaf(t, k.auth, "acme/pay, acme/web", k.hook, k.who)
		site.Miss()
		hints, findings, _ := missed(t, c, nil)
		if len(hints) > 0 || len(findings) != 1 || !strings.Contains(findings[0], k.want) || site.Calls("", "") != k.cost {
			t.Errorf("%s: %v, %v in %d calls", name, hints, findings, site.Calls("", ""))
		}
		if n := len(slices.DeleteFunc(c.Checker.Check(t.Context()), func(f work.Finding) bool {
			return f.Subject != "github webhook" || !strings.Contains(f.What+"; "+f.Remedy, k.want)
		})); n != 1 {
			t.Errorf("%s: check tells it %d times", name, n)
		}
		calls := site.Calls("", "")
		if _, findings, _ = missed(t, c, nil); len(findings) > 0 || site.Calls("", "") != calls {
			t.Errorf("%s: told again: %v in %d calls", name, findings, site.Calls("", "")-calls)
		}
	}
}

// A long outage is worked off in portions.
func TestManyMissedDeliveriesAreReadInPortions(t *testing.T) {
	t.Parallel()
	site, c := deaf(t, tokenAuth, "acme/pay", githubsim.Hook{}, githubsim.Account{Hooks: true})
	for range 250 {
		if err := site.Comment("acme/pay#1", "ana", "x"); err != nil {
			t.Fatal(err)
		}
		site.Deliveries()
		if err := site.Edit("acme/pay#1", "ana", func(i *githubsim.Issue) { i.Comments = nil }); err != nil {
			t.Fatal(err)
		}
		site.Miss()
	}
	var next connectors.Cursor
	var got []int
	for range 4 {
		m, err := c.Recovery.Missed(t.Context(), next)
		if err != nil {
			t.Fatal(err)
		}
		next = m.Cursor
		got = append(got, len(m.Hints))
		if m.More != (len(got) < 3) {
			t.Errorf("after %v more is %v", got, m.More)
		}
	}
	if diff := cmp.Diff([]int{100, 100, 50, 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
