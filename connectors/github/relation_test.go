package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// family is a repository in which issue 2 and 3 are parts of issue 1, and 4
// waits for 1 and for an issue elsewhere.
func family(t *testing.T, options githubsim.Options) *githubsim.Site {
	t.Helper()
	return boarded(t, 5, options, func(w *githubsim.World) {
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/other", ID: 77, Title: "Elsewhere"})
		w.Issues[1].Parent, w.Issues[2].Parent, w.Issues[3].BlockedBy = 1001, 77, []int64{1001, 77}
	})
}

func related(records map[string]work.Record) map[string]string {
	shown := map[string]string{}
	for key, r := range records {
		for _, f := range []string{"parent", "blocked_by"} {
			if v := r.Fields[f]; v.Present() {
				shown[key+" "+f] = v.String()
			} else if _, read := r.Fields[f]; !read {
				shown[key+" "+f] = "not read"
			}
		}
	}
	return shown
}

func openFamily(t *testing.T, site *githubsim.Site, url string, answer func(*http.Request) int, fields ...string) *connectors.Connector {
	t.Helper()
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now, Fields: fields}
	if answer != nil {
		env.Transport = detour{sim.Network{"127.0.0.1": site}, answer}
	}
	return connect(t, env, "url: "+url+"\n"+tokenAuth+"repositories: [acme/pay]")
}

func TestParentsAndBlockersAreReadWhereRulesUseThem(t *testing.T) {
	t.Parallel()
	site := family(t, githubsim.Options{})
	c := openFamily(t, site, "http://127.0.0.1", nil, "parent", "blocked_by")
	listed, _ := stream(t, c, "issues", nil)
	want := map[string]string{"acme/pay#2 parent": "acme/pay#1", "acme/pay#3 parent": "acme/other#1", "acme/pay#4 blocked_by": "acme/other#1, acme/pay#1"}
	if diff := cmp.Diff(want, related(listed)); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
	const blocked = "/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by"
	if n := site.Calls("GET", blocked); n != 1 {
		t.Errorf("%d requests for five issues of which one is blocked", n)
	}
	all := refsOf(listed)
	if diff := cmp.Diff(listed, byID(t, c, all...), cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("many by id (-listed +read):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]work.Record{"acme/pay#4": listed["acme/pay#4"]}, byID(t, c, all[3]), cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("one by id (-listed +read):\n%s", diff)
	}
}

func TestRelationsCostNothingWhereNoRuleUsesThem(t *testing.T) {
	t.Parallel()
	site := family(t, githubsim.Options{})
	c := openFamily(t, site, "http://127.0.0.1", nil)
	listed, _ := stream(t, c, "issues", nil)
	for what, records := range map[string]map[string]work.Record{"listed": listed, "by id": byID(t, c, refsOf(listed)...)} {
		for key, v := range related(records) {
			if v != "not read" {
				t.Errorf("%s: %s is %s", what, key, v)
			}
		}
	}
	if n := site.Calls("", ""); n > 4 {
		t.Errorf("%d calls", n)
	}
}

func TestAServerWithoutRelationsIsReadWithoutThem(t *testing.T) {
	t.Parallel()
	site := family(t, githubsim.Options{Enterprise: true})
	calls := 0
	c := openFamily(t, site, "http://127.0.0.1/api/v3", func(r *http.Request) int {
		if strings.Contains(r.URL.Path, "/dependencies/") {
			calls++
			return http.StatusNotFound
		}
		return 0
	}, "parent", "blocked_by")
	listed, _ := stream(t, c, "issues", nil)
	read := byID(t, c, refsOf(listed)...)
	if diff := cmp.Diff(listed, read, cmp.Comparer(sameValues)); diff != "" {
		t.Errorf("by id (-listed +read):\n%s", diff)
	}
	if got := related(read); got["acme/pay#2 parent"] != "not read" || got["acme/pay#4 blocked_by"] != "not read" || calls != 1 {
		t.Errorf("%v after %d calls", got, calls)
	}
}
