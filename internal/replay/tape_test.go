package replay

import (
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/sim"
	"tandem/internal/work"
)

const githubHost = "api.github.com"

// tape answers with recorded answers, status, headers and body, to the requests
// that they were given to. Beyond these it knows repositories, issues and
// labels from the bodies of other recorded answers, such as the one that
// created them.
type tape struct {
	t       *testing.T
	takes   []take
	objects map[string]json.RawMessage // by path
	sent    map[string]string          // bodies of writes by path
}

// take is one recorded request with its answer, in the form of nock.
type take struct {
	Method     string          `json:"method"`
	Path       string          `json:"path"`
	Body       json.RawMessage `json:"body"`
	Status     int             `json:"status"`
	Response   json.RawMessage `json:"response"`
	RawHeaders []string        `json:"rawHeaders"`
}

// playTape loads one scenario of octokit-fixtures.
func playTape(t *testing.T, scenario string) *tape {
	t.Helper()
	file := filepath.Join(recordings(t, "github/octokit-fixtures"), scenario, "raw-fixture.json")
	p := &tape{t: t, objects: map[string]json.RawMessage{}, sent: map[string]string{}}
	for _, d := range jsonFile(t, file) {
		if err := json.Unmarshal(d.raw, &p.takes); err != nil {
			t.Fatal(err)
		}
	}
	for _, one := range p.takes {
		for d := range find([]document{{raw: one.Response}}, "url", func(o object) bool { return o.has("url") && o.has("id") }) {
			o, _ := parseObject(d.raw)
			p.objects[strings.TrimPrefix(o.text("url"), "https://"+githubHost)] = d.raw
		}
	}
	return p
}

// find returns the answer to the very request, else the one to a read of the
// same address with another query.
func (p *tape) find(r *http.Request) (take, bool) {
	for _, same := range []func(take) bool{
		func(one take) bool { return one.Path == r.URL.RequestURI() },
		func(one take) bool { path, _, _ := strings.Cut(one.Path, "?"); return path == r.URL.Path },
	} {
		i := slices.IndexFunc(p.takes, func(one take) bool { return strings.EqualFold(one.Method, r.Method) && same(one) })
		if i >= 0 {
			return p.takes[i], true
		}
	}
	return take{}, false
}

// ServeHTTP answers.
func (p *tape) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			p.t.Error(err)
		}
		p.sent[r.Method+" "+r.URL.Path] = string(b)
	}
	one, recorded := p.find(r)
	body, known := p.objects[r.URL.Path]
	switch {
	case recorded:
		for i := 0; i+1 < len(one.RawHeaders); i += 2 {
			if name := one.RawHeaders[i]; !strings.EqualFold(name, "Content-Length") && !strings.EqualFold(name, "Connection") {
				w.Header().Add(name, one.RawHeaders[i+1])
			}
		}
		w.WriteHeader(one.Status)
		_, _ = w.Write(one.Response)
	case known && r.Method == http.MethodGet:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(body)
	case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/issues"):
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write([]byte("[]"))
	default:
		p.t.Errorf("nothing is recorded for %s %s", r.Method, r.URL)
		notFound(w)
	}
}

// repository is the name of the repository that the scenario was played in.
func (p *tape) repository() string {
	p.t.Helper()
	for d := range find([]document{{raw: p.takes[0].Response}}, "full_name", isRepository) {
		o, _ := parseObject(d.raw)
		return o.text("full_name")
	}
	p.t.Fatal("the scenario begins without a repository")
	return ""
}

// connect opens the connector of github.com over the tape.
func (p *tape) connect() (*connectors.Connector, *wire) {
	p.t.Helper()
	w := &wire{t: p.t, host: githubHost, next: sim.Network{githubHost: p}}
	_, entry := setUp(p.t, func(tokenFile string) string {
		return "  github: {kind: github, auth: {token: {file: " + tokenFile + "}}, repositories: [" + p.repository() + "]}\n"
	})
	return open(p.t, entry, w), w
}

// TestRecordedPagesAreReadAsTheyStand: the recorded list is ordered by creation,
// newest first, three to a page, and was asked for without since. To the
// connector this is a server that ignores what it is asked for.
func TestRecordedPagesAreReadAsTheyStand(t *testing.T) {
	t.Parallel()
	p := playTape(t, "paginate-issues")
	live, wire := p.connect()
	w := &world{live: live}
	got := map[string]bool{}
	for _, r := range recordsOf(w.poll(t, nil)) {
		got[r.Fields["title"].Text()] = true
		if r.Audience != work.Public || r.Place != p.repository() {
			t.Errorf("%+v", r)
		}
	}
	want := map[string]bool{}
	for i := range 13 {
		want["Test issue "+string(encode(t, i+1))] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("issues (-recorded +read):\n%s", diff)
	}
	for _, page := range []string{"2", "3", "4", "5"} {
		if call := "GET /repositories/515435940/issues?per_page=3&page=" + page; !slices.Contains(wire.calls, call) {
			t.Errorf("the recorded link to page %s was not followed as it stands: %v", page, wire.calls)
		}
	}
}

// TestARecordedRenameIsFollowed: 301 with a Location at the same host.
func TestARecordedRenameIsFollowed(t *testing.T) {
	t.Parallel()
	p := playTape(t, "rename-repository")
	live, wire := p.connect()
	w := &world{live: live}
	if got := recordsOf(w.poll(t, nil)); len(got) > 0 {
		t.Errorf("no issue is recorded there, read were %v", got)
	}
	want := []string{"GET /repos/" + p.repository(), "GET /repositories/515436299"}
	if diff := cmp.Diff(want, wire.calls[:2]); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// TestRecordedLabelsAreAdded sends what was sent when the answer was recorded.
func TestRecordedLabelsAreAdded(t *testing.T) {
	t.Parallel()
	p := playTape(t, "add-labels-to-issue")
	live, _ := p.connect()
	var asked struct{ Labels []string }
	path := ""
	for _, one := range p.takes {
		if strings.HasSuffix(one.Path, "/labels") {
			path = one.Path
			if err := json.Unmarshal(one.Body, &asked); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(asked.Labels) != 3 {
		t.Fatalf("the recording adds %v", asked.Labels)
	}
	issue, _ := parseObject(p.objects["/repos/"+p.repository()+"/issues/1"])
	var edits []work.Edit
	for _, label := range asked.Labels {
		edits = append(edits, work.Edit{
			ID: label, Key: p.repository() + "#1", Verb: work.AddLabel, Expect: work.NewFlag(false), Value: work.NewFlag(true),
			Target: work.Target{RefID: work.RefID{Connector: "github", ID: hubID(issue)}, Path: work.NativeLabels, Element: label},
		})
	}
	batches := live.Sink.Batches(edits)
	if len(batches) != 1 {
		t.Fatalf("%d requests for the labels of one issue", len(batches))
	}
	for _, r := range live.Sink.Send(t.Context(), batches[0]) {
		if r.State != work.Applied {
			t.Errorf("%+v", r)
		}
	}
	var sent struct{ Labels []string }
	if err := json.Unmarshal([]byte(p.sent["POST "+path]), &sent); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(asked, sent); diff != "" || len(p.sent) != 1 {
		t.Errorf("sent was another request than the recorded one (-recorded +sent):\n%s%v", diff, p.sent)
	}
}

// TestARecordedFieldListFindsFieldsByName: rules say gitBranch, the search asks
// for the id that the recorded list has.
func TestARecordedFieldListFindsFieldsByName(t *testing.T) {
	t.Parallel()
	site := newJiraSite(t, documents(t, "jira/devlake"))
	site.show(site.waves()[0])
	_, entry := setUp(t, site.settings)
	for name, id := range map[string]string{"gitBranch": "customfield_10400", "CU用户单选": "customfield_10315"} {
		w := &world{live: open(t, entry, &wire{t: t, host: jiraHost, next: sim.Network{jiraHost: site}}, "name:"+name)}
		w.poll(t, nil)
		if !slices.Contains(site.asked, id) {
			t.Errorf("%s was not asked for as %s but %v", name, id, site.asked)
		}
	}
}
