package replay

import (
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/config"
	"tandem/connectors"
	"tandem/connectors/all"
	"tandem/internal/engine"
	"tandem/internal/sim"
	"tandem/internal/work"
)

// day is the as_of of all evaluations, and noon the clock of the edge.
func day() time.Time  { return time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC) }
func noon() time.Time { return day().Add(12 * time.Hour) }

const issueStream = "issues"

// standIn serves the recorded issues of one folder, and knows what it serves.
type standIn interface {
	service
	recording
}

// service answers in the place of Jira or GitHub.
type service interface {
	http.Handler
	// host is the one address that requests may go to.
	host() string
	// settings is the connector's entry under connectors:.
	settings(tokenFile string) string
	// show puts a wave in the place of what lists and searches find.
	show(wave []document)
	// forget is the state before the first wave.
	forget()
}

// recording is what the folder holds, read without any connector.
type recording interface {
	// waves are the bodies in the order in which they are shown.
	waves() [][]document
	// counted names the issue of a body and tells pull requests.
	counted(body object) (id string, pull bool)
	// audience is who may read the issue, as the recording says it.
	audience(body object) work.Audience
	// said is what the newest body of each issue says, by id.
	said() map[string]saying
}

// saying is what a recording says of an issue, read without any connector.
type saying struct {
	Key, Place, Title, Status string
	Labels                    []string
}

// folder is one folder of recordings with the numbers that stand in it.
type folder struct {
	path string
	open func(*testing.T, []document) standIn
	// bodies is how many bodies of issues and pull requests are recorded; they
	// show this many different issues and pull requests.
	bodies, issues, pulls int
	// items is how many issues become items, rejects how many bodies are set
	// aside, by words of the cause.
	items   int
	rejects map[string]int
	// without leaves out what was recorded at that host: in one site an id
	// stands for one thing.
	without string
	// cut tells folders of webhooks, whose bodies may lack what every issue
	// has; Tandem reads these issues by id, it never takes them from there.
	cut bool
	// findings are what Evaluate has to tell.
	findings []string
}

func folders() []folder {
	jira := func(t *testing.T, docs []document) standIn { t.Helper(); return newJiraSite(t, docs) }
	github := func(t *testing.T, docs []document) standIn { t.Helper(); return newGithubHub(t, docs) }
	return []folder{
		{
			path: "jira/devlake", without: "3.81.151.94:8080", open: jira, bodies: 37, issues: 33, items: 33,
			findings: []string{`jira:EE-1 effort: value "-1" of customfield_10024 has no mapping`, "jira:EE-1 horizon: at risk: its target date 2025-03-09 has passed"},
		},
		{path: "jira/devlake", without: "merico.atlassian.net", open: jira, bodies: 22, issues: 22, items: 22},
		{path: "jira/go-jira-v1.17.0-mocks", open: jira, bodies: 1, issues: 1, items: 1},
		{path: "github/devlake", open: github, bodies: 92, issues: 41, pulls: 18, items: 41},
		{path: "github/octokit-fixtures", open: github, bodies: 32, issues: 17, items: 17},
		{
			path: "jira/mattermost-webhooks", open: jira, cut: true, bodies: 52, issues: 14, items: 12,
			rejects: map[string]int{"no time of last change": 5},
		},
		{
			path: "github/octokit-webhooks-examples", open: github, cut: true, bodies: 40, issues: 2, pulls: 1, items: 2,
			rejects: map[string]int{"neither open nor closed": 2},
		},
	}
}

// world is one folder, read to its end.
type world struct {
	folder

	standIn standIn
	wire    *wire
	rules   *engine.Rules
	live    *connectors.Connector
	name    string // of the connector
	// shown are the pages of each wave, in the order in which they came.
	shown [][]connectors.Page
	// newest is the newest record of each issue.
	newest map[work.RefID]work.Record
}

// read shows the bodies of a folder to the connector and reads every wave from
// the beginning.
func read(t *testing.T, f folder) *world {
	t.Helper()
	w := &world{folder: f, newest: map[work.RefID]work.Record{}}
	docs := slices.DeleteFunc(documents(t, f.path), func(d document) bool {
		return f.without != "" && strings.Contains(string(d.raw), f.without)
	})
	w.standIn = f.open(t, docs)
	w.connect(t)
	for _, wave := range w.standIn.waves() {
		w.standIn.show(wave)
		pages := w.poll(t, nil)
		w.shown = append(w.shown, pages)
		for _, r := range recordsOf(pages) {
			if before, known := w.newest[r.RefID]; !known || !r.Version.Before(before.Version) {
				w.newest[r.RefID] = r
			}
		}
	}
	return w
}

// connect sets a connector up as the program does: settings and rules are read
// from text, and the rules say which further fields are asked for.
func (w *world) connect(t *testing.T) {
	t.Helper()
	w.wire = &wire{t: t, host: w.standIn.host(), next: sim.Network{w.standIn.host(): w.standIn}}
	var entry config.Connector
	w.rules, entry = setUp(t, w.standIn.settings)
	w.name, w.live = entry.Name, open(t, entry, w.wire, w.rules.Program().Needs(entry.Name)...)
}

// setUp reads settings with one connector, and testdata/rules.yaml.
func setUp(t *testing.T, entry func(tokenFile string) string) (*engine.Rules, config.Connector) {
	t.Helper()
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	write(t, token, "a-token-of-nobody")
	path := filepath.Join(dir, "tandem.yaml")
	write(t, path, "instance: replay\nconnectors:\n"+entry(token))
	settings, _, found := config.Load(path, nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, found := config.ParseDocument("testdata/rules.yaml", text)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	var spec engine.Spec
	if err := doc.Decode(&spec).Err(); err != nil {
		t.Fatal(err)
	}
	schemas := map[string]work.Schema{}
	for _, kind := range []string{"jira", "github"} {
		definition, _ := all.Lookup(kind)
		schemas[kind] = definition.Schema
	}
	rules, problems := engine.Compile(spec, engine.Env{Schemas: schemas, Places: map[string][]string{}})
	if len(problems) > 0 {
		t.Fatal(doc.Diagnose(problems))
	}
	return rules, settings.Connectors[0]
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// open opens the connector of an entry; fields are those that rules need beyond
// the connector's own.
func open(t *testing.T, entry config.Connector, transport http.RoundTripper, fields ...string) *connectors.Connector {
	t.Helper()
	definition, ok := all.Lookup(entry.Kind)
	if !ok {
		t.Fatalf("there is no kind %s", entry.Kind)
	}
	instance, problems := definition.New(entry.Name, entry.Decode)
	if len(problems) > 0 {
		t.Fatal(entry.Diagnose(problems))
	}
	live, err := instance.Open(t.Context(), connectors.Env{
		Name: entry.Name, Fields: fields, Transport: transport,
		Log: slog.New(slog.DiscardHandler), Now: noon,
	})
	if err != nil {
		t.Fatal(err)
	}
	if live.Close != nil {
		t.Cleanup(func() { _ = live.Close() })
	}
	return live
}

// poll reads the stream from a cursor to its end.
func (w *world) poll(t *testing.T, from connectors.Cursor) []connectors.Page {
	t.Helper()
	var pages []connectors.Page
	for page, err := range w.live.Source.Pages(t.Context(), issueStream, from) {
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page)
	}
	if len(pages) == 0 || !pages[len(pages)-1].Done {
		t.Fatal("the stream was not read to its end")
	}
	return pages
}

func recordsOf(pages []connectors.Page) []work.Record {
	var all []work.Record
	for _, p := range pages {
		all = append(all, p.Records...)
	}
	return all
}

func (w *world) rejected() []work.Reject {
	var all []work.Reject
	for _, pages := range w.shown {
		for _, p := range pages {
			all = append(all, p.Rejects...)
		}
	}
	return all
}

// wire carries requests without sockets, notes them, and lets none go anywhere
// but to the host of the settings.
type wire struct {
	t     *testing.T
	host  string
	next  http.RoundTripper
	calls []string
}

// RoundTrip hands the request over.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.calls = append(w.calls, r.Method+" "+r.URL.RequestURI())
	if r.URL.Host != w.host || r.URL.Scheme != "https" {
		w.t.Errorf("a request left for %s://%s", r.URL.Scheme, r.URL.Host)
		return nil, fmt.Errorf("%s is not %s", r.URL.Host, w.host)
	}
	return w.next.RoundTrip(r)
}
