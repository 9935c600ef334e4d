package browser_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/demo"
	"tandem/internal/sim/company"
	"tandem/internal/sim/loopback"
	"tandem/internal/web/browser"
)

// patience is how long a daemon may take to decide, beside other tests.
const patience = 3 * time.Minute

// apiToken is that of a client who may do and see everything.
const apiToken = "who-tests-the-pages-in-a-browser"

// webToken lets the admin of a laptop in.
const webToken = "the-admin-of-a-laptop-who-looks-at-pages"

// ownAddress stands in settings for where the daemon listens.
const ownAddress = "OWN-ADDRESS"

// daemon is tandem run in this process.
type daemon struct {
	folder, url string
	said        *heard
	stop        func() error
	// firm is Acme, where the daemon works for it.
	firm *demo.Firm
}

// heard is what a daemon says, read while it speaks.
type heard struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// shared is a daemon for all tests that only look. It starts when the first of
// them asks, and ends in TestMain.
type shared struct {
	begin func(context.Context) (*daemon, error)
	once  sync.Once
	it    *daemon
	err   error
}

func (s *shared) daemon(tb testing.TB) *daemon {
	tb.Helper()
	s.once.Do(func() { s.it, s.err = s.begin(context.WithoutCancel(tb.Context())) }) // it outlives the first test
	if s.err != nil {
		tb.Fatal(s.err)
	}
	return s.it
}

func (s *shared) close() error {
	if s.it == nil {
		return nil
	}
	return errors.Join(s.it.stop(), os.RemoveAll(s.it.folder))
}

// acme is the company of the demo after first contact, whose order, holds and
// reasons are those that tandem demo shows. No test may change it.
var acme = shared{begin: func(ctx context.Context) (*daemon, error) { return atAcme(ctx, nil) }}

// tried is the company where people decide: everything that would be written
// waits for approval. Tests may decide about it, each about items of its own.
var tried = shared{begin: func(ctx context.Context) (*daemon, error) {
	return atAcme(ctx, func(settings string) string { return strings.Replace(settings, "write: auto", "write: propose", 1) })
}}

// ownAcme is the company for one test, which may change it. The settings may be
// other ones: alter gets the text of tandem.yaml.
func ownAcme(tb testing.TB, alter func(settings string) string) *daemon {
	tb.Helper()
	d, err := atAcme(context.WithoutCancel(tb.Context()), alter)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := errors.Join(d.stop(), os.RemoveAll(d.folder)); err != nil {
			tb.Error(err)
		}
	})
	return d
}

// atAcme brings the company to life and lets a daemon work for it.
func atAcme(ctx context.Context, alter func(string) string) (d *daemon, err error) {
	folder, err := os.MkdirTemp("", "tandem-browser-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	// The company is made up for the beginning of today, so that it is the same
	// all day.
	firm, err := demo.Start(ctx, 1, time.Now().UTC().Truncate(24*time.Hour), company.DemoSize(), folder)
	if err != nil {
		return nil, err
	}
	settings, err := os.ReadFile(firm.Config())
	if err != nil {
		return nil, errors.Join(err, firm.Close())
	}
	text := string(settings)
	if alter != nil {
		text = alter(text)
	}
	d, err = run(ctx, folder, text)
	if err != nil {
		return nil, errors.Join(err, firm.Close())
	}
	d.firm = firm
	stop := d.stop
	d.stop = func() error { return errors.Join(stop(), firm.Close()) }
	if err := d.rest(ctx); err != nil {
		return nil, errors.Join(err, d.stop())
	}
	return d, nil
}

// rest waits until everything that may be written is written and read back, so
// that pages stay as they are.
func (d *daemon) rest(ctx context.Context) error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		var status struct{ Pending int }
		if err := d.ask(ctx, "/api/v1/status", &status); err != nil {
			return err
		}
		plan, err := d.plan(ctx)
		if err != nil {
			return err
		}
		if plan["ready"] == 0 && status.Pending == 0 {
			return nil
		}
	}
	return fmt.Errorf("the daemon does not come to rest: %s", d.said)
}

// plan counts the edits of the newest plan by their gate.
func (d *daemon) plan(ctx context.Context) (map[string]int, error) {
	var plan struct{ Gates map[string]int }
	err := d.ask(ctx, "/api/v1/plan?limit=1", &plan)
	return plan.Gates, err
}

// crowd lets a daemon work for a company of many items, read from a file.
func crowd(ctx context.Context, items int) (*daemon, error) {
	return board(ctx, items, func(i int) string { return fmt.Sprintf("Make part %d of the product better for those who use it", i) })
}

// board lets a daemon work for a company whose items, read from a file, have the
// titles that are given.
func board(ctx context.Context, items int, title func(i int) string) (*daemon, error) {
	folder, err := os.MkdirTemp("", "tandem-browser-")
	if err != nil {
		return nil, err
	}
	var rows bytes.Buffer
	rows.WriteString("id,key,title,kind,status,value,effort,updated,priority\n")
	for i := 1; i <= items; i++ {
		kind := []string{"bug", "story", "story", "epic"}[i%4]
		quoted := strings.ReplaceAll(title(i), `"`, `""`)
		_, _ = fmt.Fprintf(&rows, "%d,B-%d,\"%s\",%s,todo,%d,%d,2026-11-01T00:00:00Z,\n", i, i, quoted, kind, i*7919%101, 1+i*31%13)
	}
	rules := `people: {ana: {email: ana@acme.example}, cy: {email: cy@acme.example}}
teams: {core: {roles: {pm: ana, po: cy}, places: {board: [core]}, capacity: {effort: 40, every: 2w}}}
fields:
  priority: {owner: tandem, board: {field: priority, values: {1: [high], 2: [low]}}}
  value: {owner: board, board: {field: value}}
  effort: {owner: board, board: {field: effort}}
rank: {method: weighted, weights: {value: 1}, value: item.value, tiers: {of: next, 1: 50, 2: 0}, dwell: 0d, band: 0%}
roadmap: {now: {capacity: 1}, next: {capacity: 2}, later: {}}
route: {default: {accountable: pm, because: triage}}
`
	settings := fmt.Sprintf("instance: crowd\nstore: \"sqlite:%[1]s/tandem.db\"\nwrite: observe\nevery: 1h\nlog: {level: warn}\nrules: [rules.yaml]\n"+
		"connectors:\n  board: {kind: file, items: \"%[1]s/board.csv\", place: core}\n", folder)
	for name, body := range map[string][]byte{"board.csv": rows.Bytes(), "rules.yaml": []byte(rules)} {
		if err := os.WriteFile(filepath.Join(folder, name), body, 0o600); err != nil {
			return nil, err
		}
	}
	return run(ctx, folder, settings)
}

// run starts a daemon and waits until it has decided once. Settings that do not
// say who may look let the admin in.
func run(ctx context.Context, folder, settings string) (*daemon, error) {
	address, release, err := loopback.Keep(ctx)
	if err != nil {
		return nil, err
	}
	settings = strings.ReplaceAll(settings, ownAddress, address)
	settings += fmt.Sprintf("api: {tokens: [{name: browser, token: {file: %q}, role: admin, audience: restricted}]}\n", filepath.Join(folder, "api.token"))
	if !strings.Contains(settings, "\nweb:") {
		settings += fmt.Sprintf("web: {token: {file: %q}}\n", filepath.Join(folder, "web.token"))
	}
	for name, text := range map[string]string{"tandem.yaml": settings, "api.token": apiToken, "web.token": webToken} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	d := &daemon{folder: folder, url: "http://" + address, said: &heard{}}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: d.said, Err: d.said}, "test",
			[]string{"run", "--config", filepath.Join(folder, "tandem.yaml"), "--listen", address})
	}()
	d.stop = sync.OnceValue(func() error {
		cancel()
		if code := <-ended; code != 0 {
			return errors.Join(fmt.Errorf("the daemon ended with %d: %s", code, d.said), release())
		}
		return release()
	})
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var answer struct{ Runs []any }
		if d.ask(ctx, "/api/v1/runs", &answer) == nil && len(answer.Runs) > 0 {
			return d, nil
		}
		if len(ended) > 0 {
			break
		}
	}
	return nil, errors.Join(fmt.Errorf("the daemon did not decide: %s", d.said), d.stop())
}

// ask asks the API what a page should show.
func (d *daemon) ask(ctx context.Context, path string, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+apiToken)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", path, response.StatusCode)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// tab opens a tab in which the admin is signed in.
func (d *daemon) tab(tb testing.TB, look browser.Look) *browser.Tab {
	tb.Helper()
	tab := chromium.Tab(tb, look)
	cookies, err := d.session(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tab.SignIn(d.url, cookies...)
	return tab
}

// session signs in as the form of the page does, and returns the cookies that
// keep the admin signed in.
func (d *daemon) session(ctx context.Context) ([]*http.Cookie, error) {
	form := strings.NewReader(url.Values{"token": {webToken}, "next": {"/"}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url+"/signin", form)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) == 0 {
		said, _ := io.ReadAll(response.Body) // it is only told
		return nil, fmt.Errorf("sign in: status %d: %s", response.StatusCode, said)
	}
	return response.Cookies(), nil
}
