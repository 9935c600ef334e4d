package githubsim_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
)

// exchange is one recorded exchange.
type exchange struct {
	Method, Path string
	Status       int
	Response     json.RawMessage
	RawHeaders   []string
}

func recorded(t *testing.T, scenario string) []exchange {
	t.Helper()
	if !judging.Present() {
		t.Skip("no recordings: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	raw, err := os.ReadFile(filepath.Join(judge.Find(), "recordings", "github", "octokit-fixtures", scenario, "raw-fixture.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAnswersHaveTheShapeOfRecordedOnes(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	young := func(at string) []string { // described, and younger than the recordings
		return []string{at + "/issue_dependencies_summary: no recording has it", at + "/parent_issue_url: no recording has it"}
	}
	for _, c := range []struct {
		scenario, method, end string // of the recorded path
		status                int
		answer                answer
		extra                 []string
	}{
		{"paginate-issues", "get", "/issues?per_page=3", 200, d.call("GET", "/repos/acme/pay/issues?per_page=1&page=1", nil), young("[]")},
		{"get-repository", "get", "/hello-world", 200, d.call("GET", "/repos/acme/web", nil), []string{
			"/has_discussions: no recording has it",
		}},
		{"labels", "get", "/labels", 200, d.call("GET", "/repos/acme/pay/labels", nil), nil},
		{"labels", "post", "/labels", 201, d.call("POST", "/repos/acme/pay/labels", map[string]any{"name": "test-label", "color": "663399"}), nil},
		{"add-labels-to-issue", "post", "/issues/1/labels", 200, d.call("POST", "/repos/acme/pay/issues/1/labels", map[string]any{"labels": []string{"Foo", "bAr", "baZ"}}), nil},
		{"add-labels-to-issue", "post", "/issues", 201, d.call("POST", "/repos/acme/web/issues", map[string]any{"title": "Issue without a label"}), young("")},
		{"errors", "post", "/labels", 422, d.call("POST", "/repos/acme/pay/labels", map[string]any{"name": "foo", "color": "invalid"}), []string{
			"/status: no recording has it",
		}},
	} {
		var like []json.RawMessage
		for _, e := range recorded(t, c.scenario) {
			if e.Method == c.method && strings.HasSuffix(e.Path, c.end) && e.Status == c.status {
				like = append(like, e.Response)
			}
		}
		if len(like) == 0 || c.answer.status != c.status {
			t.Errorf("%s %s: %d recordings, answer %d, want %d", c.scenario, c.end, len(like), c.answer.status, c.status)
			continue
		}
		got, err := judge.Unlike(c.answer.raw, like...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.extra, got); diff != "" {
			t.Errorf("%s %s: answer differs from the recordings (-allowed +got):\n%s", c.scenario, c.end, diff)
		}
	}
}

func TestCollectedRecordsHaveTheSameShape(t *testing.T) {
	t.Parallel()
	if !judging.Present() {
		t.Skip("no recordings: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	w := sample()
	w.Issues[1].Milestone, w.Issues[1].State = 1, githubsim.Closed
	w.Issues[1].Comments = []githubsim.Comment{{Author: "renovate[bot]", Body: "x"}}
	d := open(t, w, githubsim.Options{})
	d.edit("acme/pay#2", func(i *githubsim.Issue) {
		i.Title, i.Labels, i.State = "renamed", []string{"bug"}, githubsim.Open
	})
	first := func(path string) json.RawMessage {
		got := d.want(200, d.call("GET", path, nil))
		raw, err := json.Marshal(got.list[0])
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for file, answer := range map[string]json.RawMessage{
		"_raw_github_api_issues.csv":     first("/repos/acme/pay/issues?state=all&milestone=1"),
		"_raw_github_api_comments.csv":   first("/repos/acme/pay/issues/comments"),
		"_raw_github_api_events.csv":     first("/repos/acme/pay/issues/2/events"),
		"_raw_github_api_milestones.csv": first("/repos/acme/pay/milestones"),
	} {
		like, err := judging.Recorded("github/devlake/" + file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := judge.Unlike(answer, like...)
		if err != nil {
			t.Fatal(err)
		}
		got = slices.DeleteFunc(got, func(what string) bool { return strings.HasPrefix(what, "/issue_dependencies_summary") }) // younger than the recordings
		if len(got) > 0 {
			t.Errorf("%s: %v", file, got)
		}
	}
}

func TestHeadersAreTheRecordedOnes(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	got := d.call("GET", "/repos/acme/pay/issues", nil)
	for _, e := range recorded(t, "paginate-issues") {
		if e.Method != "get" {
			continue
		}
		for n := 0; n+1 < len(e.RawHeaders); n += 2 {
			name := e.RawHeaders[n]
			switch strings.ToLower(name) {
			case "connection", "link", "x-oauth-scopes", "x-accepted-oauth-scopes", "access-control-expose-headers", "x-xss-protection", "referrer-policy":
				continue
			}
			if got.header.Get(name) == "" {
				t.Errorf("header %s: %s is recorded and missing here", name, e.RawHeaders[n+1])
			}
		}
		return
	}
}
