package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim/githubsim"
	"tandem/internal/work"
)

// firm connects to a GitHub with one repository.
func firm(t *testing.T, labels []string, issues ...githubsim.Issue) *connectors.Connector {
	t.Helper()
	w := githubsim.World{
		Accounts:     []githubsim.Account{{Token: "github-token", Login: "tandem"}},
		Repositories: []githubsim.Repository{{Name: "acme/pay", Private: true}},
	}
	for _, l := range labels {
		w.Repositories[0].Labels = append(w.Repositories[0].Labels, githubsim.Label{Name: l})
	}
	for _, i := range issues {
		i.Repository = "acme/pay"
		w.Issues = append(w.Issues, i)
	}
	site, err := githubsim.New(w, githubsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("TANDEM_TEST_SURVEY", "github-token")
	return connect(t, connectors.Env{Name: "gh", Transport: inProcess{site}}, "url: http://127.0.0.1\nauth: {token: {env: TANDEM_TEST_SURVEY}}\nrepositories: [acme/pay]")
}

// TestLabelsTellWhichFieldTheyStandFor: by the words that teams use.
func TestLabelsTellWhichFieldTheyStandFor(t *testing.T) { //nolint:paralleltest // credentials stand in the environment
	cases := []struct {
		labels string // separated by |
		want   string // field, template, values
	}{
		{"priority/p1|priority/p2|priority/p3|priority/needs-info", "priority priority/p{value} 1 2 3 4"},
		{"Priority: High|Priority: Low|Priority: Critical|Priority: ???", "priority Priority: {value} Critical High Low"},
		{"P0|P1|P2|P3", "priority P{value} 0 1 2 3"},
		{"high priority|low priority|medium priority", "priority {value} priority high medium low"},
		{"prio-1|prio-2", "priority prio-{value} 1 2 3 4"},
		{"Priorität: hoch|Priorität: niedrig", "priority Priorität: {value} hoch niedrig"},
		{"sev1|sev2|sev3", "severity sev{value} 1 2 3 4"},
		{"size/XS|size/S|size/M|size/XL", "effort size/{value} 1:XS 2:S 3:M 8:XL"},
		{"5 points|3 points|8 points", "effort {value} points 3:3 5:5 8:8"},
		{"roadmap/now|roadmap/next|roadmap/someday", "horizon roadmap/{value} later:someday next:next now:now"},
		{"kind/bug|kind/feature|kind/cleanup", "kind kind/{value} bug:bug feature:feature"},
		{"bug|enhancement|question", "kind {value} bug:bug feature:enhancement"},
		{"priority/p1", ""}, // one value is no field
		{"p|s|now|c#|100%|🔥 hot|{value}|priority/{x}1|priority/{x}2|", ""},
		{"İpriority/p1|İpriority/p2", ""},
	}
	for _, c := range cases {
		found, findings := firm(t, strings.Split(c.labels, "|")).Surveyor.Discover(t.Context(), []string{"acme/pay"})
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		var got []string
		for _, p := range found.Proposals {
			text := p.Shared + " " + p.Name
			for _, o := range p.Ordered {
				text += " " + o
			}
			for _, shared := range []string{"1", "2", "3", "5", "8", "bug", "feature", "later", "next", "now"} {
				for _, n := range p.Spellings[shared] {
					text += " " + shared + ":" + n
				}
			}
			if p.Confidence < 1 || p.Confidence > 100 || p.Because == "" || p.Place != "acme/pay" {
				t.Errorf("%s: %+v", c.labels, p)
			}
			got = append(got, text)
		}
		if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s:\n%s", c.labels, diff)
		}
	}
}

// TestWhatNobodyUsesIsLessSure, and sizes that only bots put on pull requests
// are no estimates.
func TestWhatNobodyUsesIsLessSure(t *testing.T) { //nolint:paralleltest // credentials stand in the environment
	sizes := []string{"size/S", "size/M", "size/L"}
	sure := func(issues ...githubsim.Issue) int {
		found, _ := firm(t, sizes, issues...).Surveyor.Discover(t.Context(), []string{"acme/pay"})
		for _, p := range found.Proposals {
			if p.Field == work.Effort {
				return p.Confidence
			}
		}
		return 0
	}
	used := sure(githubsim.Issue{Title: "a", Labels: []string{"size/M"}})
	unused := sure(githubsim.Issue{Title: "a"})
	bots := sure(githubsim.Issue{Title: "a"}, githubsim.Issue{Title: "b", PullRequest: true, Labels: []string{"size/M"}})
	if used < 60 || unused >= 60 || unused == 0 || bots != 0 {
		t.Errorf("used %d, unused %d, on pull requests %d", used, unused, bots)
	}
}

// TestASurveyShowsWhatCanBeWritten, and says what GitHub leaves out.
func TestASurveyShowsWhatCanBeWritten(t *testing.T) {
	t.Parallel()
	h := newHub()
	yes, no := true, false
	h.answer = func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/user/repos":
			w.Header().Set("X-GitHub-SSO", "partial-results; organizations=1,2")
			reply(w, 200, []map[string]any{
				{"full_name": "acme/pay", "private": yes, "has_issues": yes, "description": "Payments"},
				{"full_name": "acme/old", "private": yes, "archived": yes},
				{"full_name": "acme/fork", "private": no, "has_issues": no},
				{"full_name": "Acme/b", "visibility": "internal", "description": nil},
			})
		default:
			return false
		}
		return true
	}
	s := live(t, h, "repositories: [acme/pay]").Surveyor
	if service, findings := s.Probe(t.Context()); service.Name != "GitHub Enterprise Server" || len(findings) > 0 {
		t.Errorf("a probe of a server in private mode says %+v %v", service, findings)
	}
	survey, findings := s.Survey(t.Context())
	want := connectors.Survey{Account: "bot", Places: []connectors.Place{{Key: "Acme/b", Name: "Acme/b", Kind: "internal"}, {Key: "acme/pay", Name: "Payments", Kind: "private"}}}
	if diff := cmp.Diff(want, survey); diff != "" {
		t.Error(diff)
	}
	if text := fmt.Sprint(findings); !strings.Contains(text, "2 more left out") || !strings.Contains(text, "single sign-on") {
		t.Error(text)
	}
	if _, findings := s.Discover(t.Context(), []string{"acme/gone"}); len(findings) != 1 || findings[0].Remedy == "" {
		t.Errorf("a repository that is not there: %v", findings)
	}
	for _, call := range h.taken() {
		if !strings.HasPrefix(call, "GET ") {
			t.Errorf("a survey did %s", call)
		}
	}
}
