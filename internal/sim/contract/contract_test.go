package contract_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/jira"
	"tandem/internal/secret"
	"tandem/internal/sim/contract"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

// description is a document with the paths it knows, and the beginning of the
// paths that it leaves out.
type description struct{ file, prefix, strip string }

func cloud() []description {
	return []description{
		{file: "jira-cloud-platform-v2-subset.json", prefix: "/rest/api/2/"},
		{file: "jira-cloud-platform-v3-subset.json", prefix: "/rest/api/3/"},
		{file: "jira-software-agile-subset.json", prefix: "/rest/agile/1.0/"},
	}
}

// between starts a Prism per description before a service, and the front
// before them all.
func between(t *testing.T, service http.Handler, documents ...description) (*contract.Front, string) {
	t.Helper()
	command := os.Getenv("TANDEM_CONTRACT")
	if command == "" {
		t.Skip("no contract proxy: run make contract, or name the command of Prism in TANDEM_CONTRACT")
	}
	shared := judge.Find()
	if shared == "" {
		t.Skip("no descriptions: put the shared folder beside the repository or name it in TANDEM_SHARED")
	}
	upstream := httptest.NewServer(service)
	t.Cleanup(upstream.Close)
	front := contract.NewFront()
	for _, d := range documents {
		mended, err := contract.Mend(filepath.Join(shared, "specs", d.file), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		prism, err := contract.StartPrism(t.Context(), command, mended, upstream.URL+d.strip)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(prism.Stop)
		front.Route(d.prefix, d.strip, prism)
	}
	server := httptest.NewServer(front)
	t.Cleanup(server.Close)
	return front, server.URL
}

// full is a site with n issues in PAY.
func full(t *testing.T, n int) *jirasim.Site {
	t.Helper()
	world := jirasim.Sample()
	jirasim.Furnish(&world)
	for i := range n {
		world.Issues = append(world.Issues, jirasim.Issue{
			ID: int64(10000 + i), Key: fmt.Sprintf("PAY-%d", i+1), Summary: fmt.Sprintf("Issue %d", i+1), Assignee: jirasim.Ana,
			FixVersions: []string{"10300"}, Components: []string{"10600"}, Due: "2026-12-24", Description: "Why\nand how",
			Updated: time.Now().Add(-time.Duration(n-i) * time.Minute),
		})
	}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func connect(t *testing.T, address string) *connectors.Connector {
	t.Helper()
	instance, problems := jira.Definition().New("jira", func(into any) []work.Problem {
		c, ok := into.(*jira.Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		c.URL, c.Projects = address, []string{"PAY", "WEB"}
		c.Auth = jira.Auth{Email: "bot@acme.example", Token: secret.FromText("jira-token")}
		c.Where = "statusCategory != Done OR updated >= -90d"
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, err := instance.Open(t.Context(), connectors.Env{
		Name: "jira", Fields: []string{"name:Story Points", "customfield_10050", "customfield_10040"}, Now: time.Now,
		Transport: http.DefaultTransport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drain(t *testing.T, c *connectors.Connector, from connectors.Cursor, known map[string]work.Record) connectors.Cursor {
	t.Helper()
	for page, err := range c.Source.Pages(t.Context(), "issues", from) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Records {
			known[r.ID] = r
		}
		from = page.Cursor
	}
	return from
}

func TestTheConnectorKeepsToTheDescription(t *testing.T) {
	t.Parallel()
	site := full(t, 250)
	front, address := between(t, site, cloud()...)
	c := connect(t, address)
	known := map[string]work.Record{}
	cursor := drain(t, c, nil, known)
	if err := site.Edit("PAY-7", jirasim.Ana, func(i *jirasim.Issue) { i.Labels = []string{"late"} }); err != nil {
		t.Fatal(err)
	}
	drain(t, c, cursor, known)
	results := c.Sink.Send(t.Context(), []work.Edit{
		edit("labels", "x", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		edit("priority", "", work.SetField, work.NewText("Critical"), work.NewText("Major")),
		edit("name:Story Points", "", work.SetField, work.NewNumber(3), work.Empty()),
		edit("customfield_10050", "", work.SetField, work.NewText("goal"), work.Empty()),
		edit("customfield_10040", "", work.SetField, work.NewText("Hoch"), work.Empty()),
	})
	for _, r := range results {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{known["10000"].Ref, known["10001"].Ref}) {
		if err != nil || len(page.Records) == 0 {
			t.Errorf("read by id: %+v, %v", page, err)
		}
	}
	for _, f := range c.Checker.Check(t.Context()) {
		if f.Level != work.Note {
			t.Errorf("%+v", f)
		}
	}
	for _, f := range front.Findings() {
		t.Error(f)
	}
	if n := front.Calls("/rest/api/2/"); len(known) != 250 || n < 10 {
		t.Errorf("%d issues by %d calls", len(known), n)
	}
}

func edit(path, element string, verb work.Verb, value, expect work.Value) work.Edit {
	return work.Edit{
		ID: path + " " + element, Key: "PAY-1", Place: "PAY", Verb: verb, Value: value, Expect: expect,
		Target: work.Target{RefID: work.RefID{Connector: "jira", ID: strconv.Itoa(10000)}, Path: path, Element: element},
	}
}

// TestTheStandInKeepsToTheDescription walks calls that the connector does not
// make, or makes later.
func TestTheStandInKeepsToTheDescription(t *testing.T) {
	t.Parallel()
	front, address := between(t, full(t, 3), cloud()...)
	for _, version := range []string{"2", "3"} {
		for _, path := range []string{
			"/issue/PAY-1?expand=changelog", "/issue/PAY-1/editmeta", "/issue/PAY-1/changelog", "/issue/PAY-1/transitions?expand=transitions.fields",
			"/issue/PAY-1/properties", "/issue/PAY-1/remotelink", "/issue/PAY-1/comment?expand=properties", "/project/search", "/project/PAY",
			"/project/PAY/statuses", "/project/PAY/version", "/project/PAY/versions", "/priorityscheme?expand=priorities,projects",
			"/priority/search?projectId=10003", "/status", "/field", "/myself", "/mypermissions?permissions=EDIT_ISSUES&projectKey=PAY",
		} {
			if status := send(t, cloudLogin, http.MethodGet, address+"/rest/api/"+version+path, ""); status != http.StatusOK {
				t.Errorf("%s of version %s: %d", path, version, status)
			}
		}
	}
	for _, path := range []string{"/board?projectKeyOrId=PAY", "/board/1/configuration", "/board/1/sprint", "/board/1/backlog?fields=summary"} {
		if status := send(t, cloudLogin, http.MethodGet, address+"/rest/agile/1.0"+path, ""); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"PUT", "/rest/agile/1.0/issue/rank", `{"issues":["PAY-1"],"rankAfterIssue":"PAY-3"}`, 204},
		{"PUT", "/rest/api/2/issue/PAY-1", `{"update":{"fixVersions":[{"remove":{"id":"10300"}}],"components":[{"add":{"id":"10601"}}]},"fields":{"customfield_10020":12}}`, 204},
		{"POST", "/rest/api/2/issue/PAY-1/transitions", `{"transition":{"id":"93"}}`, 204},
		{"POST", "/rest/api/2/issue/PAY-1/comment", `{"body":"x","properties":[{"key":"tandem","value":{"run":1}}]}`, 201},
		{"PUT", "/rest/api/2/issue/PAY-1", `{"fields":{"priority":{"id":"77"}}}`, 400},
		{"POST", "/rest/api/2/issue/PAY-1/remotelink", `{"globalId":"g","object":{"url":"https://x.example","title":"x"}}`, 201},
		{"PUT", "/rest/api/2/issue/PAY-1/properties/tandem", `{"run":1}`, 201},
	} {
		if status := send(t, cloudLogin, c.method, address+c.path, c.body); status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, status, c.status)
		}
	}
	for _, f := range front.Findings() {
		t.Error(f)
	}
}

// cloudLogin is the name of the account on Cloud.
const cloudLogin = "bot@acme.example"

func send(t *testing.T, user, method, address, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, "jira-token")
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode
}

// TestPlantedViolationsAreFound proves that the proxies bite: each call or
// answer here is wrong in one way.
func TestPlantedViolationsAreFound(t *testing.T) {
	t.Parallel()
	site := full(t, 1)
	forge := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner := httptest.NewRecorder()
		site.ServeHTTP(inner, r)
		raw := inner.Body.Bytes()
		raw = bytes.Replace(raw, []byte(`"isLast":true`), []byte(`"isLast":"yes"`), 1)
		raw = bytes.Replace(raw, []byte(`"active":true`), []byte(`"active":7`), 1)
		w.Header().Set("Content-Type", inner.Header().Get("Content-Type"))
		w.WriteHeader(inner.Code)
		_, _ = io.Copy(w, bytes.NewReader(raw))
	})
	front, address := between(t, forge, cloud()...)
	for name, c := range map[string]struct{ method, path, body, want string }{
		"an answer with a text for a flag":   {"POST", "/rest/api/2/search/jql", `{"jql":"project = PAY"}`, "response.body"},
		"an answer with a number for a flag": {"GET", "/rest/api/2/myself", "", "response.body"},
		"a request with an invented key":     {"POST", "/rest/api/2/issue/bulkfetch", `{"issueIdsOrKeys":["PAY-1"],"feilds":["summary"]}`, "request.body"},
		"a query with a text for a number":   {"GET", "/rest/api/2/issue/PAY-1/changelog?startAt=ten", "", "request.query"},
		"a path that is not described":       {"GET", "/rest/api/2/issue/PAY-1/nonsense", "", "request"},
		"a space that is not described":      {"GET", "/rest/other", "", "no description has this path"},
		"a rank with a wrong key":            {"PUT", "/rest/agile/1.0/issue/rank", `{"issues":["PAY-1"],"before":"PAY-1"}`, "request.body"},
	} {
		before := len(front.Findings())
		send(t, cloudLogin, c.method, address+c.path, c.body)
		found := strings.Join(front.Findings()[before:], "\n")
		if !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %s", name, found, c.want)
		}
	}
}

func TestAProxyThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	if _, err := contract.StartPrism(t.Context(), "", "x.json", "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "TANDEM_CONTRACT") {
		t.Errorf("no command: %v", err)
	}
	if _, err := contract.StartPrism(t.Context(), filepath.Join(t.TempDir(), "none"), "x.json", "http://127.0.0.1:1"); err == nil {
		t.Error("a command that is not there starts")
	}
	if _, err := contract.StartPrism(t.Context(), "false", "x.json", "http://127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "it ended") {
		t.Errorf("a command that ends: %v", err)
	}
	if _, err := contract.Mend(filepath.Join(t.TempDir(), "none.json"), t.TempDir()); err == nil {
		t.Error("a description that is not there is mended")
	}
}
