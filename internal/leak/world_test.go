package leak_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/sim/githubsim"
	"tandem/internal/sim/jirasim"
)

// mark is a text that stands in one place only, of letters and digits: no
// encoding changes it.
func mark(of string, n int) string {
	return "mk" + strings.NewReplacer("_", "", "-", "", " ", "").Replace(of) + strconv.Itoa(n) + "zq"
}

// marks finds marks in what was said.
func marks(said []byte) []string {
	found := regexp.MustCompile(`(?i)mk[a-z]+[0-9]+zq|\b73[0-9]{5}\b|2091-03-0[0-9]`).FindAllString(string(said), -1)
	for i := range found {
		found[i] = strings.ToLower(found[i])
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// tap keeps every byte of the requests that reach a service.
type tap struct {
	http.Handler

	mu   sync.Mutex
	said bytes.Buffer
	// before may change the world before a request is served.
	before func(*http.Request, []byte)
}

func (p *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	fmt.Fprintf(&p.said, "%s %s\n%v\n%s\n", r.Method, r.RequestURI, r.Header, body)
	before := p.before
	p.mu.Unlock()
	if before != nil {
		before(r, body)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	h := p.Handler
	p.mu.Unlock()
	h.ServeHTTP(w, r)
}

// heard is everything that was said so far.
func (p *tap) heard() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.said.Bytes())
}

// firm is an organisation with strict places and public ones. Every item has a
// part in each:
//
//	secret   Jira, internal; the second item has a security level    PAY-n
//	hub      GitHub, a private repository                             acme/vault#n
//	plan     a file, internal; the third item's is restricted         R-n
//	board    Jira, public                                             WEB-n
//	open     GitHub, a public repository                              acme/open#n
//	drop     feedback, restricted
type firm struct {
	testing.TB

	folder      string
	secret      *jirasim.Site
	board       *jirasim.Site
	hub, open   *githubsim.Site
	taps        map[string]*tap
	urls        map[string]string
	settingsOf  string // of tandem.yaml, with places to fill in
	rules       string
	log         bytes.Buffer
	closed      bool // board and open are as strict as the rest
	boardHidden bool // the project board of open is private, so that it is no public place
}

// items is how many items there are in all places; the one behind them stands
// in public ones alone.
const items = 3

func (f *firm) ok(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f *firm) write(name, text string) {
	f.Helper()
	path := filepath.Join(f.folder, name)
	f.ok(os.MkdirAll(filepath.Dir(path), 0o700))
	f.ok(os.WriteFile(path, []byte(text), 0o600))
}

// serve puts a stand-in on the loopback.
func (f *firm) serve(name string, h http.Handler) {
	f.taps[name] = &tap{Handler: h}
	s := httptest.NewServer(f.taps[name])
	f.Cleanup(s.Close)
	f.urls[name] = s.URL
}

func found(t *testing.T, change func(*firm)) *firm {
	t.Helper()
	f := &firm{TB: t, folder: t.TempDir(), taps: map[string]*tap{}, urls: map[string]string{}, rules: rulesOf(nil), settingsOf: settings}
	if change != nil {
		change(f)
	}
	var err error
	f.secret, err = jirasim.New(secretWorld(), jirasim.Options{})
	f.ok(err)
	ids := make([]int64, items)
	for n := range items {
		i, _ := f.secret.Issue(fmt.Sprintf("PAY-%d", n+1))
		ids[n] = i.ID
	}
	f.board, err = jirasim.New(boardWorld(ids), jirasim.Options{})
	f.ok(err)
	f.hub, err = githubsim.New(hubWorld(), githubsim.Options{})
	f.ok(err)
	f.open, err = githubsim.New(openWorld(f.closed, f.boardHidden), githubsim.Options{})
	f.ok(err)
	f.serve("secret", f.secret)
	f.serve("board", f.board)
	f.serve("hub", f.hub)
	f.serve("open", f.open)
	f.write("jira.token", "jira-token")
	f.write("github.token", "github-token")
	f.write("plan/roadmap.yaml", planRows(1, 2))
	f.write("strict/roadmap.yaml", planRows(3))
	f.write("drop/feedback.jsonl", feedbackRows())
	audience, voices := "public", "restricted"
	if f.closed {
		audience, voices = "internal", "internal"
	}
	f.write("rules.yaml", f.rules)
	f.write("tandem.yaml", strings.NewReplacer(
		"FOLDER", f.folder, "SECRET", f.urls["secret"], "BOARD", f.urls["board"], "HUB", f.urls["hub"], "OPEN", f.urls["open"], "AUDIENCE", audience, "VOICES", voices,
	).Replace(f.settingsOf))
	return f
}

const settings = `instance: leak-test
store: "sqlite:FOLDER/tandem.db"
write: auto
brake: {edits: 100000, share: 0%}
rules: [rules.yaml]
log: {level: debug}
connectors:
  secret: {kind: jira, url: "SECRET", auth: {email: bot@acme.example, token: {file: "FOLDER/jira.token"}}, projects: [PAY]}
  board: {kind: jira, url: "BOARD", auth: {email: bot@acme.example, token: {file: "FOLDER/jira.token"}}, projects: [WEB], audience: AUDIENCE}
  hub: {kind: github, url: "HUB", auth: {token: {file: "FOLDER/github.token"}}, repositories: [acme/mkvault1zq], project: {board: acme/1, add_missing: true}}
  open: {kind: github, url: "OPEN", auth: {token: {file: "FOLDER/github.token"}}, repositories: [acme/open], project: {board: acme/2, add_missing: true}}
  plan: {kind: file, items: "FOLDER/plan/*.yaml", place: pay}
  strict: {kind: file, items: "FOLDER/strict/*.yaml", place: pay, audience: restricted}
  drop: {kind: file, feedback: "FOLDER/drop/*.jsonl", place: pay, audience: VOICES}
`

// tandem runs one command and returns what it prints and logs.
func (f *firm) tandem(args ...string) (code int, out, log string) {
	f.Helper()
	var o, e bytes.Buffer
	ctx, cancel := context.WithTimeout(f.Context(), time.Minute)
	defer cancel()
	code = cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: &o, Err: &e}, "test", append(args, "--config", filepath.Join(f.folder, "tandem.yaml")))
	f.log.Write(e.Bytes())
	return code, o.String(), e.String()
}

// cycle runs one whole cycle.
func (f *firm) cycle() {
	f.Helper()
	if code, out, log := f.tandem("run", "--once"); code == 1 || code == 2 {
		f.Fatalf("tandem run --once ended with %d\n%s%s", code, out, log)
	}
}

// bytesOf is all that the database keeps.
func (f *firm) bytesOf(pattern string) []byte {
	f.Helper()
	var all []byte
	paths, err := filepath.Glob(filepath.Join(f.folder, pattern))
	f.ok(err)
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		f.ok(err)
		all = append(all, raw...)
	}
	return all
}

func created(n int) time.Time {
	return time.Now().UTC().Truncate(time.Second).Add(-100*24*time.Hour + time.Duration(n)*time.Minute)
}

func jsonOf(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}
