package github_test

import (
	"fmt"
	"slices"
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

// crowd is a repository with many open issues.
func crowd(t *testing.T, n int, options githubsim.Options, edit func(i int, issue *githubsim.Issue)) *githubsim.Site {
	t.Helper()
	options.Now = time.Now
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		People:       []githubsim.Person{{Login: "renovate[bot]", ID: 29139614, Bot: true}, {Login: "ana", ID: 583231}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true, Milestones: []githubsim.Milestone{{Title: "v1"}}}},
	}
	at := time.Now().UTC().Add(-90 * 24 * time.Hour).Truncate(time.Second)
	for i := range n {
		issue := githubsim.Issue{
			Repository: "acme/pay", Title: fmt.Sprint("Issue ", i+1), Author: "ana", Created: at, Updated: at.Add(time.Duration(i) * time.Minute),
			Labels: []string{"priority/p2", "priority/needs-info", "team"},
		}
		if edit != nil {
			edit(i, &issue)
		}
		w.Issues = append(w.Issues, issue)
	}
	site, err := githubsim.New(w, options)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// swaps moves every issue from priority/p2 to priority/p1.
func swaps(site *githubsim.Site) (edits []work.Edit) {
	for _, i := range site.World().Issues {
		for _, label := range []string{"priority/p1", "priority/p2"} {
			verb := work.AddLabel
			if label == "priority/p2" {
				verb = work.RemoveLabel
			}
			edits = append(edits, work.Edit{
				ID: i.Key() + label, Key: i.Key(), Place: i.Repository, Verb: verb, Value: work.NewFlag(verb == work.AddLabel), Expect: work.NewFlag(verb == work.RemoveLabel),
				Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: label},
			})
		}
	}
	return edits
}

// write sends edits as the scheduler does.
func write(t *testing.T, c *connectors.Connector, edits []work.Edit) map[work.ResultState]int {
	t.Helper()
	states := map[work.ResultState]int{}
	batches := c.Sink.Batches(edits)
	for n, batch := range batches {
		if n%10 == 0 { // ten issues in each
			c.Preparer.Prepare(t.Context(), slices.Concat(batches[n:min(n+10, len(batches))]...))
		}
		for _, r := range c.Sink.Send(t.Context(), batch) {
			states[r.State]++
			if r.Detail != "" && r.State != work.Unchanged {
				t.Log(r.EditID, r.State, r.Detail)
			}
		}
	}
	return states
}

func openCrowd(t *testing.T, site *githubsim.Site) *connectors.Connector {
	t.Helper()
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	return connect(t, env, hubSettings+"repositories: [acme/pay]")
}

func TestAThousandSwapsTakeAHundredRequests(t *testing.T) {
	t.Parallel()
	site := crowd(t, 1000, githubsim.Options{}, nil)
	c := openCrowd(t, site)
	if diff := cmp.Diff(map[work.ResultState]int{work.Applied: 2000}, write(t, c, swaps(site))); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	writes, all := site.Calls("POST", "/graphql"), site.Calls("", "")
	t.Logf("%d requests, %d of them GraphQL", all, writes)
	if all > 120 {
		t.Errorf("%d requests, want at most 120", all)
	}
	for _, i := range site.World().Issues {
		if diff := cmp.Diff([]string{"priority/needs-info", "priority/p1", "team"}, slices.Sorted(slices.Values(i.Labels))); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", i.Key(), diff)
		}
	}
	if again := write(t, c, swaps(site)); again[work.Unchanged] != 2000 {
		t.Errorf("S3: a second time %v", again)
	}
}

func TestABatchThatIsTooHeavyIsHalvedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	site := crowd(t, 60, githubsim.Options{Aliases: 7}, nil)
	c := openCrowd(t, site)
	if diff := cmp.Diff(map[work.ResultState]int{work.Applied: 120}, write(t, c, swaps(site))); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestOneMutationThatFailsStopsNoOther(t *testing.T) {
	t.Parallel()
	site := crowd(t, 10, githubsim.Options{}, nil)
	c := openCrowd(t, site)
	site.FailMutations("removeLabelsFromLabelable", "addLabelsToLabelable")
	got := write(t, c, swaps(site))
	if diff := cmp.Diff(map[work.ResultState]int{work.Applied: 18, work.Uncertain: 2}, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
}

func TestGraphQLAndRESTGiveTheSameRecords(t *testing.T) {
	t.Parallel()
	site := crowd(t, 9, githubsim.Options{}, func(n int, i *githubsim.Issue) {
		switch n {
		case 1:
			i.State, i.StateReason, i.ClosedBy = githubsim.Closed, "not_planned", "ana"
		case 2:
			i.Author, i.Body, i.Locked = "renovate[bot]", "Twin: jira:PAY-1\n\n<!-- tandem: jira:10001 -->", true
		case 3:
			i.Milestone, i.Assignees, i.Reactions = 1, []string{"ana", "renovate[bot]"}, map[string]int{"+1": 3, "heart": 2}
		case 4:
			i.Labels, i.Comments = nil, []githubsim.Comment{{Author: "ana", Body: "hello"}}
		case 5:
			i.Author = ""
		}
	})
	c := openCrowd(t, site)
	listed := map[string]work.Record{}
	var refs []work.Ref
	for page, err := range c.Source.Pages(t.Context(), "issues", nil) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			listed[r.ID] = r
			refs = append(refs, r.Ref)
		}
	}
	refs = append(refs, work.NewRef("gh", "1", "acme/pay#999"))
	read := map[string]work.Record{}
	for page, err := range c.Reader.Read(t.Context(), refs) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			read[r.ID] = r
		}
	}
	if diff := cmp.Diff(listed, read, cmp.Comparer(func(a, b work.Value) bool { return a == b })); diff != "" {
		t.Errorf("records (-REST +GraphQL):\n%s", diff)
	}
	if n := site.Calls("POST", "/graphql"); n != 1 {
		t.Errorf("%d GraphQL requests, want 1", n)
	}
}
