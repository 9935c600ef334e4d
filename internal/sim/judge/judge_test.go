package judge_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/sim"
	"tandem/internal/sim/judge"
)

// page is a service that answers everything with one page.
type page struct {
	status int
	body   string
}

func (p page) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if p.body != "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, p.body)
}

var reader = judge.New(judge.Find())

func present(t *testing.T) *judge.Judge {
	t.Helper()
	if !reader.Present() {
		t.Skip("no descriptions: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	return reader.Fresh()
}

func send(t *testing.T, j *judge.Judge, s judge.Service, next http.Handler, method, address, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://service.example"+address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	pass(t, j.Transport(s, sim.Network{"service.example": next}), req)
}

func pass(t *testing.T, through http.RoundTripper, req *http.Request) {
	t.Helper()
	resp, err := through.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEachKindOfFaultIsFound(t *testing.T) {
	t.Parallel()
	j := present(t)
	const search = "/rest/api/2/search/jql"
	const label = `{"id":4341276760,"node_id":"LA_x","url":"https://api.github.com/l","name":"bug","color":"ededed","default":false,"description":null}`
	for name, c := range map[string]struct {
		service      judge.Service
		method, path string
		body         string
		answer       page
		part         string // of the one violation; empty for none
	}{
		"a good search":               {judge.Jira, "POST", search, `{"jql":"project = PAY"}`, page{200, `{"issues":[{"id":"1"}],"isLast":true}`}, ""},
		"a key that is a number":      {judge.Jira, "POST", search, `{"jql":"x"}`, page{200, `{"issues":[{"id":1}],"isLast":true}`}, "answer"},
		"a flag that is text":         {judge.Jira, "POST", search, `{"jql":"x"}`, page{200, `{"issues":[],"isLast":"yes"}`}, "answer"},
		"an invented key":             {judge.Jira, "POST", search, `{"jql":"x"}`, page{200, `{"issues":[],"total":3}`}, "answer"},
		"a misspelt key":              {judge.Jira, "POST", search, `{"jql":"x","maxresults":3}`, page{200, `{"issues":[]}`}, "request"},
		"an unknown query parameter":  {judge.Jira, "GET", search + "?jql=x&startAt=0", "", page{200, `{"issues":[]}`}, "request"},
		"a number that is text":       {judge.Jira, "GET", search + "?jql=x&maxResults=ten", "", page{200, `{"issues":[]}`}, "request"},
		"an unknown path":             {judge.Jira, "GET", "/rest/api/2/issues", "", page{200, `{}`}, "route"},
		"an unknown method":           {judge.Jira, "PATCH", "/rest/api/2/issue/1", `{}`, page{200, `{}`}, "route"},
		"an undeclared status":        {judge.Jira, "GET", "/rest/api/2/myself", "", page{202, `{}`}, "answer"},
		"a limit":                     {judge.Jira, "GET", "/rest/api/2/myself", "", page{429, `{}`}, ""},
		"the end of the old search":   {judge.Jira, "GET", "/rest/api/2/search?jql=x", "", page{410, `{}`}, ""},
		"issue types, not in the cut": {judge.Jira, "GET", "/rest/api/2/issuetype", "", page{200, `[]`}, ""},
		"an edit":                     {judge.Jira, "PUT", "/rest/api/2/issue/PAY-1", `{"fields":{"summary":"x"}}`, page{204, ""}, ""},
		"an edit with a wrong verb":   {judge.Jira, "PUT", "/rest/api/2/issue/PAY-1", `{"update":{"labels":[{"append":"x"}]}}`, page{204, ""}, "request"},
		"an edit without a body":      {judge.Jira, "PUT", "/rest/api/2/issue/PAY-1", ``, page{204, ""}, "request"},
		"a rank with a wrong key":     {judge.Jira, "PUT", "/rest/agile/1.0/issue/rank", `{"issues":["A-1"],"before":"A-2"}`, page{204, ""}, "request"},
		"labels of an issue":          {judge.GitHub, "POST", "/repos/o/r/issues/1/labels", `{"labels":["bug"]}`, page{200, "[" + label + "]"}, ""},
		"a bare list of labels":       {judge.GitHub, "POST", "/repos/o/r/issues/1/labels", `["bug"]`, page{200, "[" + label + "]"}, ""},
		"no labels at all":            {judge.GitHub, "PUT", "/repos/o/r/issues/1/labels", `{"labels":[]}`, page{200, "[]"}, ""},
		"labels that are numbers":     {judge.GitHub, "POST", "/repos/o/r/issues/1/labels", `{"labels":[1]}`, page{200, "[]"}, "request"},
		"an end to the milestone":     {judge.GitHub, "PATCH", "/repos/o/r/issues/1", `{"milestone":null,"labels":[]}`, page{304, ""}, ""},
		"labels without an id":        {judge.GitHub, "GET", "/repos/o/r/labels", "", page{200, "[" + strings.Replace(label, `"id":4341276760,`, "", 1) + "]"}, "answer"},
		"an escaped label":            {judge.GitHub, "DELETE", "/repos/o/r/issues/1/labels/area%2Fui", "", page{200, "[]"}, ""},
		"a label in two segments":     {judge.GitHub, "DELETE", "/repos/o/r/issues/1/labels/area/ui", "", page{200, "[]"}, "route"},
		"a repository by id":          {judge.GitHub, "GET", "/repositories/515435940/labels?page=2", "", page{200, "[]"}, ""},
		"a cursor":                    {judge.GitHub, "GET", "/repositories/515435940/issues?after=abc&per_page=100", "", page{200, "[]"}, ""},
		"a cursor where none is":      {judge.GitHub, "GET", "/repositories/515435940/labels?after=abc", "", page{200, "[]"}, "request"},
		"an unknown state":            {judge.GitHub, "GET", "/repos/o/r/issues?state=any", "", page{200, "[]"}, "request"},
		"a time without a zone":       {judge.GitHub, "GET", "/repos/o/r/issues?since=2026-01-01", "", page{200, "[]"}, "request"},
		"nothing new":                 {judge.GitHub, "GET", "/repos/o/r/issues", "", page{304, ""}, ""},
		"a page of HTML":              {judge.GitHub, "GET", "/repos/o/r/labels", "", page{200, "<html>"}, "answer"},
	} {
		before := len(j.Violations())
		send(t, j, c.service, c.answer, c.method, c.path, c.body)
		found := j.Violations()[before:]
		var parts []string
		for _, v := range found {
			parts = append(parts, v.Part)
		}
		var want []string
		if c.part != "" {
			want = []string{c.part}
		}
		if diff := cmp.Diff(want, parts); diff != "" {
			t.Errorf("%s: violations (-want +got):\n%s\n%v", name, diff, found)
		}
	}
}

func TestWhatIsCounted(t *testing.T) {
	t.Parallel()
	j := present(t)
	empty := page{200, `{"issues":[]}`}
	send(t, j, judge.Jira, empty, "POST", "/rest/api/2/search/jql", `{"jql":"x"}`)
	send(t, j, judge.Jira, page{200, `[]`}, "GET", "/rest/api/3/issuetype", "")
	broken := &sim.Gate{
		Connector: "jira", Route: func(*http.Request) string { return "/" }, Next: empty, Log: &sim.Log{},
	}
	broken.SetFault(sim.Script("", "", sim.HTMLPage(200)))
	send(t, j, judge.Jira, broken, "POST", "/rest/api/2/search/jql", `{"jql":"x"}`)
	if diff := cmp.Diff(judge.Tally{Validated: 1, Excused: 1, Faulty: 1}, j.Tally(judge.Jira)); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
	if want := "1 exchanges validated (jira 1, github 0), 1 excused, 1 with a deliberate fault, 0 violations\n"; j.Report() != want {
		t.Errorf("report = %q\nwant %q", j.Report(), want)
	}
	req, err := http.NewRequestWithContext(judge.Deliberately(t.Context(), "to see"), "POST", "https://service.example/rest/api/2/search/jql", strings.NewReader("{"))
	if err != nil {
		t.Fatal(err)
	}
	pass(t, j.Transport(judge.Jira, sim.Network{"service.example": page{400, `{}`}}), req)
	if n := len(j.Violations()); n != 0 {
		t.Errorf("a deliberate mistake counts as %d violations", n)
	}
}

func TestAHandlerIsJudgedFromTheOtherSide(t *testing.T) {
	t.Parallel()
	j := present(t)
	service := j.Handler(judge.Jira, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err != nil || string(raw) != `{"jql":"x"}` {
			t.Errorf("the service reads %q, %v", raw, err)
		}
		page{200, `{"issues":[{"id":7}]}`}.ServeHTTP(w, r)
	}))
	req, err := http.NewRequestWithContext(t.Context(), "POST", "https://service.example/rest/api/2/search/jql", strings.NewReader(`{"jql":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	pass(t, sim.Network{"service.example": service}, req)
	if v := j.Violations(); len(v) != 1 || v[0].Part != "answer" || v[0].Status != 200 {
		t.Errorf("violations = %v", v)
	}
}

func TestWithoutDescriptionsNothingIsJudgedAndThatIsSaid(t *testing.T) {
	t.Parallel()
	j := judge.New("")
	send(t, j, judge.Jira, page{200, `{"issues":[{"id":7}]}`}, "POST", "/rest/api/2/search/jql", `{}`)
	if j.Present() || len(j.Violations()) > 0 || !strings.HasPrefix(j.Report(), "0 exchanges validated: the folder of official descriptions is absent") {
		t.Errorf("report = %q", j.Report())
	}
	var out strings.Builder
	if code := judge.Main(run(0), j, &out); code != 0 || out.String() != j.Report() {
		t.Errorf("Main = %d, %q", code, out.String())
	}
	lost := judge.New(t.TempDir())
	send(t, lost, judge.Jira, page{200, `{}`}, "GET", "/rest/api/2/myself", "")
	if v := lost.Violations(); len(v) != 1 || !strings.Contains(v[0].Detail, "no such file") {
		t.Errorf("a folder without descriptions: %v", v)
	}
}

type run int

func (r run) Run() int { return int(r) }

func TestMainFailsWhenTheTestsDo(t *testing.T) {
	t.Parallel()
	j := present(t)
	var out strings.Builder
	if code := judge.Main(run(3), j, &out); code != 3 {
		t.Errorf("Main = %d, want the tests' own 3", code)
	}
	send(t, j, judge.Jira, page{200, `{"issues":[{"id":7}]}`}, "POST", "/rest/api/2/search/jql", `{"jql":"x"}`)
	if code := judge.Main(run(0), j, &out); code != 1 || !strings.Contains(out.String(), "1 violations\n  jira: POST /rest/api/2/search/jql (200): answer: ") {
		t.Errorf("Main = %d with a violation:\n%s", code, out.String())
	}
}

// recorded is one exchange of octokit-fixtures.
type recorded struct {
	Method, Path string
	Body         json.RawMessage
	Status       int
	Response     json.RawMessage
	RawHeaders   json.RawMessage
}

// TestRealTrafficIsFreeOfViolations replays recorded answers of GitHub.
func TestRealTrafficIsFreeOfViolations(t *testing.T) {
	t.Parallel()
	j := present(t)
	for _, scenario := range []string{"paginate-issues", "labels", "errors", "rename-repository", "add-labels-to-issue", "lock-issue", "get-repository"} {
		raw, err := os.ReadFile(filepath.Join(judge.Find(), "recordings", "github", "octokit-fixtures", scenario, "raw-fixture.json"))
		if err != nil {
			t.Fatal(err)
		}
		var exchanges []recorded
		if err := json.Unmarshal(raw, &exchanges); err != nil {
			t.Fatal(err)
		}
		for _, e := range exchanges {
			body := string(e.Body)
			if body == `""` {
				body = ""
			}
			answer := page{e.Status, string(e.Response)}
			if answer.body == `""` {
				answer.body = ""
			}
			send(t, j, judge.GitHub, answer, strings.ToUpper(e.Method), e.Path, body)
		}
	}
	if n := j.Tally(judge.GitHub).Validated; n < 40 {
		t.Errorf("%d exchanges were validated", n)
	}
	for _, v := range j.Violations() {
		if !strings.HasSuffix(v.Detail, `property "has_discussions" is missing`) { // the traffic is of 2022, the property is younger
			t.Error(v)
		}
	}
}

func TestRecordedIssuesOfJiraAreFreeOfViolations(t *testing.T) {
	t.Parallel()
	j := present(t)
	for file, c := range map[string]struct{ path, format string }{
		"jira/devlake/_raw_jira_api_issues.csv":           {"/rest/api/2/issue/1", "%s"},
		"jira/devlake/_raw_jira_api_issue_changelogs.csv": {"/rest/api/3/issue/1/changelog", `{"values":[%s]}`},
		"jira/devlake/_raw_jira_api_remotelinks.csv":      {"/rest/api/2/issue/1/remotelink", "[%s]"},
		"jira/devlake/_raw_jira_api_status.csv":           {"/rest/api/2/status", "[%s]"},
	} {
		bodies, err := j.Recorded(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range bodies {
			send(t, j, judge.Jira, page{200, fmt.Sprintf(c.format, body)}, "GET", c.path, "")
		}
	}
	for _, v := range j.Violations() {
		t.Error(v)
	}
}

func TestUnlikeComparesShapes(t *testing.T) {
	t.Parallel()
	got, err := judge.Unlike(
		json.RawMessage(`{"a":1,"b":"x","c":[{"d":true}],"e":null,"g":{"h":1}}`),
		json.RawMessage(`{"a":2,"b":3,"c":[]}`), json.RawMessage(`{"c":[{"d":"no"}],"e":5,"g":null}`),
	)
	want := []string{"/b: string, recorded as [number]", "/c[]/d: boolean, recorded as [string]"}
	if err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if _, err := judge.Unlike(json.RawMessage(`{`)); err == nil {
		t.Error("broken JSON is no error")
	}
	if _, err := judge.New(t.TempDir()).Recorded("none.csv"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing recording: %v", err)
	}
}

func TestADataCenterIsJudgedByItsOwnDescription(t *testing.T) {
	t.Parallel()
	j := judge.New(judge.Find())
	if !j.Present() {
		t.Skip("no descriptions: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	body := ""
	client := &http.Client{Transport: j.Transport(judge.JiraDC, answering(func() string { return body }))}
	ask := func(path, answer string) int {
		body = answer
		before := len(j.Violations())
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://jira.example"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return len(j.Violations()) - before
	}
	for _, c := range []struct {
		path, answer string
		want         int
	}{
		{"/rest/api/2/field", `[{"id":"summary","name":"Summary"}]`, 0},
		{"/rest/api/latest/field", `[{"id":"summary"}]`, 0},
		{"/rest/api/2/field", `{"id":"summary"}`, 1},
		{"/rest/api/2/field", `[{"id":7}]`, 1},
		{"/rest/api/2/search?jql=x&fields=a,b&expand=changelog&startAt=1", `{"startAt":1,"issues":[{"id":"1","fields":{"a":"x","b":null,"c":[1]}}]}`, 0},
		{"/rest/api/2/search?jql=x", `{"startAt":0,"issues":[{"id":1}]}`, 1},
		{"/rest/api/2/search?jql=x&nextPageToken=y", `{"startAt":0,"issues":[]}`, 1},
		{"/rest/api/2/search/jql?jql=x", `{"issues":[]}`, 1},
		{"/rest/api/2/project", `[]`, 0},
		{"/rest/agile/1.0/board/1/sprint", `{"startAt":0,"maxResults":50,"values":[{"id":1,"state":"active"}]}`, 0},
		{"/rest/agile/1.0/board/1/sprint", `{"id":1,"state":"active"}`, 1},
	} {
		if got := ask(c.path, c.answer); got != c.want {
			t.Errorf("%s with %s: %d violations, want %d: %v", c.path, c.answer, got, c.want, j.Violations())
		}
	}
}

// answering is a service that answers everything with one text.
type answering func() string

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(a())), Request: r,
	}, nil
}
