package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// town has three repositories with 2,150, 130 and 3 issues, and a pull request
// in each.
func town(t *testing.T) *githubsim.Site {
	t.Helper()
	w := githubsim.World{Accounts: []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}}}
	at := time.Now().UTC().Add(-90 * 24 * time.Hour).Truncate(time.Second)
	for name, n := range map[string]int{"acme/pay": 2150, "acme/web": 130, "acme/ops": 3} {
		w.Repositories = append(w.Repositories, githubsim.Repository{Name: name, Private: true})
		for i := range n + 1 {
			w.Issues = append(w.Issues, githubsim.Issue{Repository: name, Title: fmt.Sprint(i), Created: at, Updated: at.Add(time.Duration(i) * time.Second), PullRequest: i == n})
		}
	}
	site, err := githubsim.New(w, githubsim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func censusOf(t *testing.T, site http.Handler) *connectors.Connector {
	t.Helper()
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	return connect(t, env, hubSettings+`repositories: ["acme/*"]`)
}

// counted lists what a census yields, and the error that ended it.
func counted(t *testing.T, c *connectors.Connector) (all []string, done bool, failure error) {
	t.Helper()
	for page, err := range c.Census.IDs(t.Context(), time.Time{}, nil) {
		if err != nil {
			return all, false, err
		}
		for _, r := range page.Records {
			if r.Fields != nil || !r.Version.IsZero() || r.Connector != "gh" {
				t.Errorf("a census yields %+v", r)
			}
			all = append(all, r.ID+" "+r.Key)
		}
		done = page.Done
	}
	slices.Sort(all)
	return all, done, nil
}

func inWorld(site *githubsim.Site) (all []string) {
	for _, i := range site.World().Issues {
		if !i.PullRequest {
			all = append(all, fmt.Sprint(i.ID, " ", i.Key()))
		}
	}
	slices.Sort(all)
	return all
}

func TestTheCensusListsEveryIssueAndNoPullRequest(t *testing.T) {
	t.Parallel()
	site := town(t)
	c := censusOf(t, site)
	got, done, err := counted(t, c)
	if diff := cmp.Diff(inWorld(site), got); diff != "" || !done || err != nil {
		t.Errorf("listed (-want +got), done %v, error %v:\n%s", done, err, diff)
	}
	if n := site.Calls("POST", "/graphql"); n != 22 {
		t.Errorf("%d GraphQL requests for 2,283 issues in three repositories, want 22", n)
	}
	// Gone, moved, renamed.
	if err := site.Delete("acme/ops#1", "ana"); err != nil {
		t.Fatal(err)
	}
	if _, err := site.Transfer("acme/ops#2", "ana", "acme/web"); err != nil {
		t.Fatal(err)
	}
	if err := site.RenameRepository("acme/pay", "acme/payments"); err != nil {
		t.Fatal(err)
	}
	got, _, err = counted(t, c)
	if diff := cmp.Diff(inWorld(site), got); diff != "" || err != nil {
		t.Errorf("later, error %v (-want +got):\n%s", err, diff)
	}
}

// Where there is no GraphQL, the REST list says the same.
func TestTheCensusIsTakenByRESTWhereThereIsNoGraphQL(t *testing.T) {
	t.Parallel()
	site := town(t)
	site.SetFault(func(r *http.Request) *sim.Fault {
		if !strings.HasSuffix(r.URL.Path, "/graphql") {
			return nil
		}
		return &sim.Fault{Status: 404, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"message":"Not Found"}`}
	})
	got, done, err := counted(t, censusOf(t, site))
	if diff := cmp.Diff(inWorld(site), got); diff != "" || !done || err != nil {
		t.Errorf("listed (-want +got), done %v, error %v:\n%s", done, err, diff)
	}
}

// One repository that cannot be listed spoils the whole census: a list with a
// hole would make its issues gone.
func TestACensusWithAHoleEndsWithAnError(t *testing.T) {
	t.Parallel()
	holes := map[string]func(n int) *sim.Fault{
		"a fault of the service": func(int) *sim.Fault { return &sim.Fault{Status: 500} },
		"a page cut off":         func(int) *sim.Fault { return sim.CutOff(300) },
		"a page of a proxy":      func(int) *sim.Fault { return sim.HTMLPage(200) },
		"a null in the answer": func(int) *sim.Fault {
			return &sim.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"data":{"r0":{"nameWithOwner":"acme/ops","issues":null},"r1":null,"r2":null}}`}
		},
		"a repository behind single sign-on": func(int) *sim.Fault {
			return &sim.Fault{
				Status: 200, Header: http.Header{"Content-Type": {"application/json"}},
				Body: `{"data":{"r0":null},"errors":[{"type":"FORBIDDEN","path":["r0"],"message":"Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization."}]}`,
			}
		},
		"a limit inside an answer": func(int) *sim.Fault {
			return &sim.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`}
		},
	}
	for name, fault := range holes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				site := town(t)
				n := 0
				site.SetFault(func(r *http.Request) *sim.Fault {
					if !strings.HasSuffix(r.URL.Path, "/graphql") {
						return nil
					}
					if n++; n == 1 {
						return nil
					}
					return fault(n)
				})
				got, done, err := counted(t, censusOf(t, site))
				if len(got) == 0 || done || err == nil {
					t.Errorf("%d issues, done %v, error %v", len(got), done, err)
				}
				t.Log(err)
			})
		})
	}
}

func TestACensusStopsWhenItsReaderStops(t *testing.T) {
	t.Parallel()
	site := town(t)
	for _, err := range censusOf(t, site).Census.IDs(t.Context(), time.Time{}, nil) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if n := site.Calls("POST", "/graphql"); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A repository that is gone is asked for by REST before its issues count as
// absent; one that only GraphQL hides says nothing.
func TestIssuesOfARepositoryThatIsGoneAreAbsent(t *testing.T) {
	t.Parallel()
	site := town(t)
	c := censusOf(t, site)
	var refs []work.Ref
	for n := range 5 {
		refs = append(refs, work.NewRef("gh", fmt.Sprint(n+1), fmt.Sprintf("acme/gone#%d", n+1)))
	}
	for page, err := range c.Reader.Read(t.Context(), refs) {
		if err != nil || len(page.Records) > 0 {
			t.Errorf("of a repository that is gone: %v, error %v", keys(page.Records), err)
		}
	}
	site.SetFault(sim.Script("GET", "/repos/{owner}/{repo}", &sim.Fault{Status: 451, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"message":"Repository access blocked"}`}))
	failed := false
	for _, err := range c.Reader.Read(t.Context(), refs) {
		failed = failed || err != nil
	}
	if !failed {
		t.Error("issues of a blocked repository are absent")
	}
}

func TestAServerWithShortIDsIsAskedForThem(t *testing.T) {
	t.Parallel()
	site := town(t)
	asked := 0
	env := connectors.Env{Name: "gh", Now: time.Now, Transport: inProcess{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/graphql") {
			if asked++; asked == 1 {
				reply(w, 200, map[string]any{"errors": []any{map[string]any{
					"message": "Field 'fullDatabaseId' doesn't exist on type 'Issue'", "path": []any{"query", "r0"},
				}}})
				return
			}
		}
		site.ServeHTTP(w, r)
	})}}
	c := connect(t, env, hubSettings+`repositories: [acme/ops]`)
	got, done, err := counted(t, c)
	if len(got) != 3 || !done || err != nil {
		t.Errorf("listed %v, done %v, error %v", got, done, err)
	}
}
