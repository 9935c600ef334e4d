package github_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// full has n issues with so many labels, the last of them priority/p4.
func full(t *testing.T, n, labels int) (*githubsim.Site, *connectors.Connector) {
	t.Helper()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true, Labels: []githubsim.Label{{Name: "priority/p1"}}}},
	}
	var names []string
	for i := range labels - 1 {
		names = append(names, fmt.Sprintf("team-%03d", i))
	}
	for range n {
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/pay", Title: "A", Labels: append(slices.Clone(names), "priority/p4")})
	}
	site, err := githubsim.New(w, githubsim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	env := connectors.Env{Name: "gh", Transport: judging.Transport(judge.GitHub, sim.Network{"127.0.0.1": site}), Now: time.Now}
	return site, connect(t, env, hubSettings+"repositories: [acme/pay]")
}

// relabelled are edits of each issue: +name adds a label, -name takes it off.
func relabelled(site *githubsim.Site, field work.Field, steps ...string) (edits []work.Edit) {
	for _, i := range site.World().Issues {
		for _, step := range steps {
			verb, on := work.AddLabel, true
			if step[0] == '-' {
				verb, on = work.RemoveLabel, false
			}
			edits = append(edits, work.Edit{
				ID: i.Key() + step, Key: i.Key(), Place: i.Repository, Verb: verb, Field: field, Value: work.NewFlag(on), Expect: work.NewFlag(!on),
				Target: work.Target{RefID: work.RefID{Connector: "gh", ID: fmt.Sprint(i.ID)}, Path: work.NativeLabels, Element: step[1:]},
			})
		}
	}
	return edits
}

// fates are states with their causes, by edit.
func fates(t *testing.T, c *connectors.Connector, edits []work.Edit) map[string]work.Result {
	t.Helper()
	all := map[string]work.Result{}
	for _, batch := range c.Sink.Batches(edits) {
		for _, r := range c.Sink.Send(t.Context(), batch) {
			all[r.EditID] = r
		}
	}
	return all
}

func ways() map[string]int { return map[string]int{"REST": 1, "GraphQL": 4} }

// An issue with a hundred labels takes no other one before one is gone.
func TestALabelIsSwappedOnAnIssueThatIsFull(t *testing.T) {
	t.Parallel()
	for way, n := range ways() {
		for _, steps := range [][]string{{"+priority/p1", "-priority/p4"}, {"-priority/p4", "+priority/p1"}} {
			site, c := full(t, n, 100)
			for id, r := range fates(t, c, relabelled(site, work.Priority, steps...)) {
				if r.State != work.Applied {
					t.Errorf("%s %s: %+v", way, id, r)
				}
			}
			for _, i := range site.World().Issues {
				if len(i.Labels) != 100 || !slices.Contains(i.Labels, "priority/p1") || slices.Contains(i.Labels, "priority/p4") {
					t.Errorf("%s: %d labels of %s: %v", way, len(i.Labels), i.Key(), i.Labels)
				}
			}
		}
	}
}

// Where there is room, the new label comes first: the issue is never without.
func TestASwapNeverLeavesAnIssueWithoutEither(t *testing.T) {
	t.Parallel()
	for way, n := range ways() {
		site, c := full(t, n, 3)
		fates(t, c, relabelled(site, work.Priority, "-priority/p4", "+priority/p1"))
		for _, i := range site.World().Issues {
			kinds := ""
			for _, e := range i.Events[len(i.Events)-2:] {
				kinds += e.Kind + " "
			}
			if kinds != "labeled unlabeled " {
				t.Errorf("%s %s: %s", way, i.Key(), kinds)
			}
		}
	}
}

func TestThe101stLabelIsRefusedWithTheLimit(t *testing.T) {
	t.Parallel()
	for way, n := range ways() {
		site, c := full(t, n, 100)
		edits := slices.Concat(relabelled(site, work.Priority, "+priority/p1", "-priority/p4"), relabelled(site, work.Horizon, "+roadmap/now"))
		for id, r := range fates(t, c, edits) {
			want := work.Applied
			if strings.Contains(id, "roadmap") {
				want = work.Rejected
			}
			if r.State != want || want == work.Rejected && !strings.Contains(r.Detail, "has 100 labels, and GitHub takes no more; take some off") {
				t.Errorf("%s %s: %+v", way, id, r)
			}
		}
		for _, i := range site.World().Issues {
			if len(i.Labels) != 100 || slices.Contains(i.Labels, "roadmap/now") {
				t.Errorf("%s: %d labels", way, len(i.Labels))
			}
		}
	}
	// One more than there is room for: what stands there stays.
	for way, n := range ways() {
		site, c := full(t, n, 100)
		for id, r := range fates(t, c, relabelled(site, work.Priority, "+priority/p1", "+priority/p2", "-priority/p4")) {
			if want := map[bool]work.ResultState{true: work.Deferred, false: work.Rejected}[strings.Contains(id, "-")]; r.State != want {
				t.Errorf("%s %s: %+v", way, id, r)
			}
		}
		if i, _ := site.Issue("acme/pay#1"); !slices.Contains(i.Labels, "priority/p4") {
			t.Errorf("%s: the old label is gone", way)
		}
	}
}

// refusing answers what adds labels with a 422.
func refusing(r *http.Request) *sim.Fault {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/issues/1/labels") {
		return said(422, "Validation Failed")
	}
	return nil
}

// Whatever the order: where the new label is refused, the old one stays.
func TestTheOldLabelStaysWhereTheNewOneIsRefused(t *testing.T) {
	t.Parallel()
	for _, labels := range []int{3, 100} {
		site, c := full(t, 1, labels)
		refused := 0
		site.SetFault(func(r *http.Request) *sim.Fault {
			f := refusing(r)
			if f != nil {
				refused++
			}
			if refused > 1 {
				return nil // what is put back is taken
			}
			return f
		})
		got := fates(t, c, relabelled(site, work.Priority, "+priority/p1", "-priority/p4"))
		if a, r := got["acme/pay#1+priority/p1"], got["acme/pay#1-priority/p4"]; a.State != work.Rejected || r.State != work.Deferred || r.Scope != "issue" {
			t.Errorf("of %d labels: %+v", labels, got)
		}
		if i, _ := site.Issue("acme/pay#1"); !slices.Contains(i.Labels, "priority/p4") || len(i.Labels) != labels {
			t.Errorf("of %d labels: %v", labels, i.Labels)
		}
	}
}

func TestByGraphQLTheOldLabelIsPutBackWhereTheNewOneIsRefused(t *testing.T) {
	t.Parallel()
	site, c := full(t, 4, 3)
	edits := relabelled(site, work.Priority, "+priority/p1", "-priority/p4")
	asked := 0
	site.SetFault(func(r *http.Request) *sim.Fault {
		if r.URL.Path != "/graphql" {
			return nil
		}
		if asked++; asked != 2 { // the first one looks the issues up
			return nil
		}
		for _, i := range site.World().Issues { // the removals are done
			if err := site.Edit(i.Key(), "tandem", func(i *githubsim.Issue) {
				i.Labels = slices.DeleteFunc(i.Labels, func(l string) bool { return l == "priority/p4" })
			}); err != nil {
				t.Error(err)
			}
		}
		body := `{"data":{`
		errors := ""
		for n := range 4 {
			body += fmt.Sprintf(`"m%d":null,"m%d":{"labelable":{"labels":{"nodes":[{"name":"team-000"},{"name":"team-001"}]}}},`, 2*n, 2*n+1)
			errors += fmt.Sprintf(`{"type":"UNPROCESSABLE","path":["m%d"],"message":"Could not be saved"},`, 2*n)
		}
		return &sim.Fault{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: strings.TrimSuffix(body, ",") + `},"errors":[` + strings.TrimSuffix(errors, ",") + "]}"}
	})
	for id, r := range fates(t, c, edits) {
		if want := map[bool]work.ResultState{true: work.Deferred, false: work.Rejected}[strings.Contains(id, "-")]; r.State != want {
			t.Errorf("%s: %+v", id, r)
		}
	}
	for _, i := range site.World().Issues {
		if !slices.Contains(i.Labels, "priority/p4") {
			t.Errorf("%s: %v", i.Key(), i.Labels)
		}
	}
}
