package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/connectortest"
	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// typed is a GitHub whose issues have types.
func typed(t *testing.T, kind any) (*githubsim.Site, *connectors.Connector) {
	t.Helper()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: connectortest.Token, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}
	for n := range 4 {
		w.Issues = append(w.Issues, githubsim.Issue{Repository: "acme/pay", Title: fmt.Sprint("Issue ", n), Author: "ana", Updated: time.Now().Add(-time.Hour), Raw: map[string]any{"type": kind}})
	}
	site, err := githubsim.New(w, githubsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return site, connect(t, connectors.Env{Name: "gh", Transport: inProcess{site}}, hubSettings+"repositories: [acme/pay]")
}

// TestIssueTypesStayHoweverAnIssueIsRead: many issues are read by id after each
// write, by GraphQL. Types that got lost there changed the kind of each item.
func TestIssueTypesStayHoweverAnIssueIsRead(t *testing.T) {
	t.Parallel()
	lacking := sim.Fault{
		Name: "no such field", Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: `{"errors":[{"path":["fragment look","issueType"],"message":"Field 'issueType' doesn't exist on type 'Issue'"}]}`,
	}
	for name, tc := range map[string]struct {
		kind any
		old  bool // the server has types by REST alone
		want work.Value
	}{
		"types":                         {map[string]any{"id": 1, "name": "Bug"}, false, work.NewText("Bug")},
		"no types":                      {nil, false, work.Empty()},
		"types that only REST can tell": {map[string]any{"id": 1, "name": "Bug"}, true, work.NewText("Bug")},
	} {
		site, c := typed(t, tc.kind)
		first := read(t, c, nil)
		var refs []work.Ref
		for _, r := range first.Records {
			refs = append(refs, r.Ref)
		}
		if tc.old {
			site.SetFault(sim.Script("", "/graphql", &lacking))
		}
		again := connect(t, connectors.Env{Name: "gh", Transport: inProcess{site}}, hubSettings+"repositories: [acme/pay]")
		quiet := read(t, again, first.Cursor) // a new process sees no issue: nothing changed
		if len(quiet.Records) != 0 {
			t.Fatalf("%s: a quiet read gave %v", name, keys(quiet.Records))
		}
		for how, c := range map[string]*connectors.Connector{"at once": c, "in a new process": again} {
			found := 0
			for page, err := range c.Reader.Read(t.Context(), refs) {
				if err != nil {
					t.Fatalf("%s, %s: %v", name, how, err)
				}
				for _, r := range page.Records {
					found++
					if got := r.Fields["type"]; got != tc.want {
						t.Errorf("%s, %s: %s has type %v, want %v", name, how, r.Key, got, tc.want)
					}
				}
			}
			if found != 4 {
				t.Errorf("%s, %s: %d records", name, how, found)
			}
		}
		if !strings.Contains(string(quiet.Cursor), `"types"`) {
			t.Errorf("%s: the cursor does not remember: %s", name, quiet.Cursor)
		}
	}
}
