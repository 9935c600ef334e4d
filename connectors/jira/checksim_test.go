package jira_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/jira"
	"tandem/internal/secret"
	"tandem/internal/sim"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// TestCheckChangesNothingAndItsCallsGrowWithTheProjectsOnly: the log of writes
// stays empty, and more issues cost no more calls.
func TestCheckChangesNothingAndItsCallsGrowWithTheProjectsOnly(t *testing.T) {
	t.Parallel()
	j := judge.New(judge.Find())
	for _, projects := range [][]string{{"PAY"}, {"PAY", "WEB", "OPS"}} {
		site := siteOf(t, 400)
		got := examine(t, site, projects, func(next http.RoundTripper) http.RoundTripper { return j.Transport(judge.Jira, next) })
		if n, most := site.Calls("", ""), 3+4*len(projects); n > most {
			t.Errorf("%d calls for %d projects, want at most %d: %v", n, len(projects), most, site.Counts())
		}
		if all := site.Writes().Effects(true); len(all) > 0 {
			t.Errorf("check wrote: %v", all)
		}
		for _, f := range got {
			t.Logf("%s: %s: %s → %s", f.Level, f.Subject, f.What, f.Remedy)
			if f.Level == work.Fatal {
				t.Errorf("%+v", f)
			}
		}
	}
	for _, v := range j.Violations() {
		t.Error(v)
	}
}

// siteOf is a stand-in with n issues, all over its projects.
func siteOf(t *testing.T, n int) *jirasim.Site {
	t.Helper()
	world := jirasim.Sample()
	for i := range n {
		project := []string{"PAY", "WEB", "OPS"}[i%3]
		world.Issues = append(world.Issues, jirasim.Issue{
			Key: fmt.Sprintf("%s-%d", project, i/3+1), Summary: "Issue", Updated: time.Now().Add(-time.Duration(n-i) * time.Minute),
		})
	}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// examine checks a site for rules that write in every project.
func examine(t *testing.T, site *jirasim.Site, projects []string, wrap func(http.RoundTripper) http.RoundTripper) []work.Finding {
	t.Helper()
	instance, problems := jira.Definition().New("jira", func(into any) []work.Problem {
		if c, ok := into.(*jira.Config); ok {
			c.URL, c.Projects = "https://acme.example", projects
			c.Auth = jira.Auth{Email: "bot@acme.example", Token: secret.FromText("jira-token")}
		}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	schemes := map[string][]string{"PAY": {"Critical", "Major"}, "WEB": {"Highest", "Low"}, "OPS": {"P1", "P4"}}
	var writes []connectors.Write
	for _, p := range projects {
		writes = append(writes,
			connectors.Write{Path: "priority", Place: p, Values: schemes[p]},
			connectors.Write{Path: "labels", Place: p, Labels: true, Values: []string{"roadmap/now"}},
			connectors.Write{Path: "name:Story Points", Place: p})
	}
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: "jira", Fields: []string{"name:Story Points"}, Writes: writes, Now: time.Now, Transport: wrap(sim.Network{"acme.example": site}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return live.Checker.Check(t.Context())
}
