package contract_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/connectors/github"
	"tandem/internal/secret"
	"tandem/internal/sim/contract"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/judge"
	"tandem/internal/work"
)

const hubToken = "github-token"

// hub is a stand-in of GitHub behind a Prism, with GraphQL going around it.
type hub struct {
	site    *githubsim.Site
	front   *contract.Front
	address string
	// mute takes GraphQL away; forge changes the answers of REST.
	mute  atomic.Bool
	forge func([]byte) []byte
	judge *judge.Judge
}

func openHub(t *testing.T, options githubsim.Options, document description, issues int) *hub {
	t.Helper()
	command, shared := os.Getenv("TANDEM_CONTRACT"), judge.Find()
	if command == "" || shared == "" {
		t.Skip("no contract proxy or no descriptions: run make contract")
	}
	h := &hub{front: contract.NewFront(), judge: judge.New(shared)}
	server := httptest.NewUnstartedServer(h.front)
	h.address = "http://" + server.Listener.Addr().String()
	options.Now, options.URL = time.Now, h.address+document.strip
	site, err := githubsim.New(hubWorld(issues), options)
	if err != nil {
		t.Fatal(err)
	}
	h.site = site
	upstream := httptest.NewServer(http.HandlerFunc(h.rest))
	t.Cleanup(upstream.Close)
	mended, err := contract.Mend(filepath.Join(shared, "specs", document.file), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	prism, err := contract.StartPrism(t.Context(), command, mended, upstream.URL+document.strip)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(prism.Stop)
	for _, prefix := range []string{"/graphql", "/api/graphql"} {
		h.front.Pass(prefix, h.judge.Handler(judge.GitHub, http.HandlerFunc(h.graph)))
	}
	h.front.Route(document.prefix, document.strip, prism)
	server.Start()
	t.Cleanup(server.Close)
	return h
}

func (h *hub) graph(w http.ResponseWriter, r *http.Request) {
	if h.mute.Load() {
		http.NotFound(w, r)
		return
	}
	h.site.ServeHTTP(w, r)
}

func (h *hub) rest(w http.ResponseWriter, r *http.Request) {
	if h.forge == nil {
		h.site.ServeHTTP(w, r)
		return
	}
	inner := httptest.NewRecorder()
	h.site.ServeHTTP(inner, r)
	w.Header().Set("Content-Type", inner.Header().Get("Content-Type"))
	w.WriteHeader(inner.Code)
	_, _ = io.Copy(w, bytes.NewReader(h.forge(inner.Body.Bytes())))
}

// clean reports what was found at the end.
func (h *hub) clean(t *testing.T) {
	t.Helper()
	for _, f := range h.front.Findings() {
		t.Error(f)
	}
	for _, v := range h.judge.Violations() {
		if !strings.Contains(v.String(), "404") {
			t.Error(v)
		}
	}
}

func hubWorld(n int) githubsim.World {
	w := githubsim.World{
		Accounts: []githubsim.Account{{Token: hubToken, Login: "tandem", Service: true}},
		Repositories: []githubsim.Repository{
			{Name: "acme/pay", Private: true, Milestones: []githubsim.Milestone{{Title: "v1"}, {Title: "v2"}}}, {Name: "acme/web"},
		},
	}
	for i := range n {
		at := time.Now().UTC().Add(time.Duration(i-n) * time.Hour).Truncate(time.Second)
		w.Issues = append(w.Issues, githubsim.Issue{
			Repository: "acme/pay", Title: fmt.Sprint("Issue ", i), Body: "Why\nand how", Labels: []string{"bug", "c#"}, Author: "ana",
			Assignees: []string{"ana"}, Created: at, Updated: at, PullRequest: i == 7, Reactions: map[string]int{"+1": i % 3},
		})
	}
	return w
}

func (h *hub) connect(t *testing.T, path string) *connectors.Connector {
	t.Helper()
	instance, problems := github.Definition().New("gh", func(into any) []work.Problem {
		c, ok := into.(*github.Config)
		if !ok {
			t.Fatalf("decode into %T", into)
		}
		c.URL, c.Repositories = h.address+path, []string{"acme/*"}
		c.Auth = github.Auth{Token: secret.FromText(hubToken)}
		return nil
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, err := instance.Open(t.Context(), connectors.Env{
		Name: "gh", Fields: []string{"labels", "milestone", "comment", "state"}, Now: time.Now, Transport: http.DefaultTransport,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTheGitHubConnectorKeepsToTheDescription walks all that the connector
// does by REST: first with GraphQL beside it, then without.
func TestTheGitHubConnectorKeepsToTheDescription(t *testing.T) {
	t.Parallel()
	for _, flavour := range []struct {
		name     string
		options  githubsim.Options
		document description
	}{
		{"github.com", githubsim.Options{}, description{file: "github-rest-subset.json", prefix: "/"}},
		{"enterprise", githubsim.Options{Enterprise: true, Links: githubsim.PagesOnly}, description{file: "github-rest-ghes-3.19-subset.json", prefix: "/api/v3/", strip: "/api/v3"}},
	} {
		t.Run(flavour.name, func(t *testing.T) {
			t.Parallel()
			h := openHub(t, flavour.options, flavour.document, 230)
			h.walk(t, h.connect(t, flavour.document.strip))
			h.clean(t)
		})
	}
}

func (h *hub) walk(t *testing.T, c *connectors.Connector) {
	t.Helper()
	known := map[string]work.Record{}
	cursor := drain(t, c, nil, known)
	cursor = drain(t, c, cursor, known)
	if err := h.site.Edit("acme/pay#3", "ana", func(i *githubsim.Issue) { i.Title = "Changed" }); err != nil {
		t.Fatal(err)
	}
	cursor = drain(t, c, drain(t, c, cursor, known), known)
	drain(t, c, cursor, known)
	unchanged := 0
	for _, call := range h.site.Counts() {
		unchanged += call.Status[http.StatusNotModified]
	}
	if len(known) != 229 || unchanged < 2 {
		t.Errorf("%d issues were read, %d answers were 304", len(known), unchanged)
	}
	ids := map[string]work.Ref{}
	for _, r := range known {
		ids[r.Key] = r.Ref
	}
	if got := ids["acme/pay#3"]; known[got.ID].Fields["title"].String() != "Changed" {
		t.Errorf("the change was not seen: %+v", known[got.ID])
	}
	h.census(t, c)
	h.mute.Store(true)
	h.census(t, c)
	h.write(t, c, ids)
	for page, err := range c.Reader.Read(t.Context(), []work.Ref{ids["acme/pay#1"], ids["acme/pay#2"], ids["acme/pay#3"]}) {
		if err != nil || len(page.Records) == 0 {
			t.Errorf("read by id: %+v, %v", page, err)
		}
	}
	for _, f := range c.Checker.Check(t.Context()) {
		if f.Level == work.Fatal {
			t.Errorf("%+v", f)
		}
	}
}

func (h *hub) census(t *testing.T, c *connectors.Connector) {
	t.Helper()
	n := 0
	for page, err := range c.Census.IDs(t.Context(), time.Time{}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		n += len(page.Records)
	}
	if n != 229 {
		t.Errorf("the census has %d issues", n)
	}
}

func (h *hub) write(t *testing.T, c *connectors.Connector, ids map[string]work.Ref) {
	t.Helper()
	edit := func(key, path, element string, verb work.Verb, value, expect work.Value) work.Edit {
		return work.Edit{
			ID: key + path + element + value.String(), Key: key, Place: "acme/pay", Verb: verb, Value: value, Expect: expect,
			Target: work.Target{RefID: ids[key].RefID, Path: path, Element: element},
		}
	}
	const one, two, three = "acme/pay#1", "acme/pay#2", "acme/pay#3"
	text, none := work.NewText, work.Empty()
	edits := []work.Edit{
		edit(one, work.NativeLabels, "area/ui 100%", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		edit(one, work.NativeLabels, "c#", work.RemoveLabel, work.NewFlag(false), work.NewFlag(true)),
		edit(two, work.NativeLabels, "priority/p1", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		edit(three, work.NativeLabels, "priority/p1", work.AddLabel, work.NewFlag(true), work.NewFlag(false)),
		edit(one, "milestone", "", work.SetField, text("v1"), none),
		edit(two, "state", "", work.SetField, text("closed"), text("open")),
		edit(two, "state_reason", "", work.SetField, text("not_planned"), none),
		edit(one, work.NativeComment, "", work.SetField, text("Because."), none),
	}
	later := []work.Edit{
		edit(one, "milestone", "", work.ClearField, none, text("v1")),
		edit(one, work.NativeComment, "", work.SetField, text("Because of that."), text("Because.")),
		edit(two, "state", "", work.SetField, text("open"), text("closed")),
		edit(two, work.NativeLabels, "priority/p1", work.RemoveLabel, work.NewFlag(false), work.NewFlag(true)),
	}
	last := []work.Edit{edit(one, work.NativeComment, "", work.ClearField, none, text("Because of that."))}
	for _, all := range [][]work.Edit{edits, later, last} {
		for _, batch := range c.Sink.Batches(all) {
			for i, r := range c.Sink.Send(t.Context(), batch) {
				if r.State != work.Applied {
					t.Errorf("%s: %+v", batch[i].ID, r)
				}
			}
		}
	}
}

// TestPlantedViolationsOfGitHubAreFound proves that the proxy bites there too.
func TestPlantedViolationsOfGitHubAreFound(t *testing.T) {
	t.Parallel()
	h := openHub(t, githubsim.Options{}, description{file: "github-rest-subset.json", prefix: "/"}, 3)
	h.forge = func(raw []byte) []byte {
		raw = bytes.Replace(raw, []byte(`"number":1,`), []byte(`"number":"one",`), 1)
		return bytes.Replace(raw, []byte(`"color":`), []byte(`"colour":`), 1)
	}
	const issue = "/repos/acme/pay/issues/"
	for name, c := range map[string]struct{ method, path, body, want string }{
		"an answer with a text for a number":  {"GET", issue + "1", "", "response.body"},
		"an answer without a key":             {"GET", "/repos/acme/pay/labels/bug", "", "response.body"},
		"a list with a wrong element":         {"GET", "/repos/acme/pay/issues?sort=created&direction=asc", "", "response.body"},
		"a request with a number for a text":  {"POST", "/repos/acme/pay/issues", `{"title":{}}`, "request.body"},
		"a request without what it must have": {"POST", issue + "2/comments", `{"text":"x"}`, "request.body"},
		"a state that there is not":           {"PATCH", issue + "2", `{"state":"done"}`, "request.body"},
		"labels in a form that there is not":  {"POST", issue + "2/labels", `{"labels":"bug"}`, "request.body"},
		"a query with a word of its own":      {"GET", "/repos/acme/pay/issues?state=" + url.QueryEscape("all of them"), "", "request.query"},
		"a query with a text for a number":    {"GET", "/repos/acme/pay/issues?per_page=ten", "", "request.query"},
		"a path that is not described":        {"GET", issue + "1/nonsense", "", "request"},
	} {
		before := len(h.front.Findings())
		h.send(t, c.method, c.path, c.body)
		found := strings.Join(h.front.Findings()[before:], "\n")
		if !strings.Contains(found, c.want) {
			t.Errorf("%s: found %q, want %s", name, found, c.want)
		}
	}
}

func (h *hub) send(t *testing.T, method, path, body string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+hubToken)
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
