package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tandem/internal/cli"
	"tandem/internal/sim/loopback"
)

// daemon is tandem run in a folder, with a file of three issues, an API and
// write: propose.
type daemon struct {
	testing.TB

	folder, address string
	log             *safeBuffer
	stop            func() int
}

// safeBuffer is written to by a daemon while a test reads it.
type safeBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

const boardRules = `people: {ana: {email: ana@acme.example}}
teams: {core: {roles: {pm: ana, po: ana}, places: {board: [core]}, capacity: {effort: 10, every: 2w}}}
fields:
  priority: {owner: tandem, board: {field: priority, values: {1: [high], 2: [low]}}}
  value: {owner: board, board: {field: value}}
rank: {method: weighted, weights: {value: 1}, value: item.value, tiers: {of: next, 1: 50, 2: 0}, dwell: 0d, band: 0%}
route: {default: {accountable: pm, because: triage}}
`

const boardFile = `id,key,title,kind,status,value,updated,priority
1,B-1,Export drops rows,bug,todo,19,2026-11-01T00:00:00Z,
2,B-2,Dark mode,story,todo,3,2026-11-01T00:00:00Z,
3,B-3,Faster import,story,todo,17,2026-11-01T00:00:00Z,
`

// apiToken is that of role "who".
func apiToken(who string) string { return who + strings.Repeat("-0123456789", 3) }

func run(tb testing.TB, settings string) *daemon {
	tb.Helper()
	d := &daemon{TB: tb, folder: tb.TempDir(), address: loopback.Address(tb), log: &safeBuffer{}}
	files := map[string]string{"rules.yaml": boardRules, "board.csv": boardFile}
	text := fmt.Sprintf("instance: acme\nstore: \"sqlite:%[1]s/tandem.db\"\nwrite: propose\nevery: 300ms\nrules: [rules.yaml]\nlisten: %[2]s\n%[3]s"+
		"connectors:\n  board: {kind: file, items: \"%[1]s/board.csv\", place: core}\n", d.folder, d.address, settings)
	for _, who := range []string{"viewer", "approver", "admin", "boss"} {
		role, audience := who, "internal"
		if who == "boss" {
			role, audience = "admin", "restricted"
		}
		files[who+".token"] = apiToken(who)
		text = strings.ReplaceAll(text, "{"+who+"}", fmt.Sprintf(`{name: %[1]s, token: {file: "%[2]s/%[1]s.token"}, role: %[3]s, audience: %[4]s}`, who, d.folder, role, audience))
	}
	files["tandem.yaml"] = text
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(d.folder, name), []byte(content), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(tb.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: d.log, Err: d.log}, "test", []string{"run", "--config", filepath.Join(d.folder, "tandem.yaml")})
	}()
	d.stop = sync.OnceValue(func() int { cancel(); return <-ended })
	tb.Cleanup(func() { d.stop() })
	return d
}

// tandem types a command beside the daemon.
func (d *daemon) tandem(answers string, args ...string) string {
	d.Helper()
	var out bytes.Buffer
	code := cli.Main(d.Context(), cli.Streams{In: strings.NewReader(answers), Out: &out, Err: &out}, "test", append(args, "--config", filepath.Join(d.folder, "tandem.yaml")))
	return fmt.Sprintf("%s[%d]", out.String(), code)
}

// ask asks the API, and returns the status and the answer.
func (d *daemon) ask(who, method, path, body string) (int, map[string]any) {
	d.Helper()
	req, err := http.NewRequestWithContext(d.Context(), method, "http://"+d.address+path, strings.NewReader(body))
	if err != nil {
		d.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+apiToken(who))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		d.Error(err)
	}
	return resp.StatusCode, answer
}

// planned waits until the daemon has made a plan.
func (d *daemon) planned() {
	d.Helper()
	if !until(func() bool { return strings.Contains(d.tandem("", "runs"), "3 items") }) {
		d.Fatalf("no plan:\n%s", d.log.String())
	}
}

// stands returns the priority of an issue in the file.
func (d *daemon) stands(key string) string {
	d.Helper()
	raw, err := os.ReadFile(filepath.Join(d.folder, "board.csv"))
	if err != nil {
		d.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		if cells := strings.Split(strings.TrimSpace(line), ","); cells[1] == key {
			return cells[len(cells)-1]
		}
	}
	return "gone"
}

func TestApplyBesideADaemonApprovesAndTheDaemonWrites(t *testing.T) {
	t.Parallel()
	d := run(t, "")
	d.planned()
	said := d.tandem("y\n", "apply", "--only", "board:B-1")
	for _, want := range []string{"this is its newest plan", "Approve 1 edit? [y/N]", "1 edit is approved", "tandem status", "[0]"} {
		if !strings.Contains(said, want) {
			t.Errorf("apply does not say %q:\n%s", want, said)
		}
	}
	if !until(func() bool { return d.stands("B-1") == "high" }) {
		t.Fatalf("the daemon did not write B-1:\n%s", d.log.String())
	}
	if d.stands("B-2") != "" || d.stands("B-3") != "" {
		t.Error("it wrote what nobody approved")
	}
	if said := d.tandem("n\n", "apply"); !strings.Contains(said, "Nothing was approved") {
		t.Errorf("a no is answered with:\n%s", said)
	}
	if said := d.tandem("", "apply"); !strings.Contains(said, "nobody answered") {
		t.Errorf("no answer is answered with:\n%s", said)
	}
	if said := d.tandem("", "apply", "--yes", "--json"); !strings.Contains(said, `"approved": 2`) {
		t.Errorf("--yes says:\n%s", said)
	}
	if !until(func() bool { return d.stands("B-2") == "low" && d.stands("B-3") == "high" }) {
		t.Errorf("the daemon did not write the rest:\n%s", d.log.String())
	}
	if !until(func() bool {
		return strings.Contains(d.tandem("", "apply", "--yes"), "Nothing of it waits for a person")
	}) {
		t.Error("something still waits")
	}
	if code := d.stop(); code != 0 {
		t.Errorf("the daemon ended with %d", code)
	}
}

func TestTheAPIOfADaemonApprovesPausesAndEnds(t *testing.T) {
	t.Parallel()
	d := run(t, "api: {tokens: [{viewer}, {approver}, {admin}]}\n")
	d.planned()
	if !until(func() bool { status, _ := d.ask("viewer", "GET", "/api/v1/plan", ""); return status == 200 }) {
		t.Fatalf("no answer:\n%s", d.log.String())
	}
	_, shown := d.ask("viewer", "GET", "/api/v1/plan", "")
	if status, _ := d.ask("admin", "POST", "/api/v1/pause", `{"because": "look first"}`); status != 200 {
		t.Errorf("pause is answered with %d", status)
	}
	path := fmt.Sprintf("/api/v1/plan/%v/approvals", shown["run"])
	if status, _ := d.ask("admin", "POST", "/api/v1/resume", ""); status != 200 {
		t.Errorf("resume is answered with %d", status)
	}
	approved := func() bool {
		status, answer := d.ask("approver", "POST", path, `{"team": "core"}`)
		list, _ := answer["approved"].([]any)
		return status == 200 && len(list) == 3
	}
	if !until(approved) { // once the daemon has seen that the pause is over
		t.Fatalf("nothing was approved:\n%s", d.log.String())
	}
	if !until(func() bool { return d.stands("B-1") == "high" && d.stands("B-2") == "low" && d.stands("B-3") == "high" }) {
		t.Errorf("the daemon did not write:\n%s", d.log.String())
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, _ := d.ask("nobody", "GET", path, ""); status != 200 {
			d.Errorf("%s is answered with %d", path, status)
		}
	}
	if status, _ := d.ask("nobody", "GET", "/api/v1/plan", ""); status != 401 {
		t.Errorf("a stranger is answered with %d", status)
	}
	_, explained := d.ask("viewer", "GET", "/api/v1/items/board:B-1/explanation", "")
	audit, _ := explained["audit"].([]any)
	if len(audit) == 0 || audit[0].(map[string]any)["approved_by"] != "api:approver" {
		t.Errorf("explained as %v", explained)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("the daemon ended with %d", code)
	}
	for _, who := range []string{"viewer", "approver", "admin"} {
		if strings.Contains(d.log.String(), apiToken(who)) {
			t.Error("the log has a token")
		}
	}
}

func TestADaemonDoesNotStartWithATokenThatCouldBeGuessed(t *testing.T) {
	t.Setenv("SERVE_TEST_TOKEN", "short")
	e := run(t, "api: {tokens: [{name: ci, token: {env: SERVE_TEST_TOKEN}, role: viewer, audience: internal}]}\n")
	if !until(func() bool { return strings.Contains(e.log.String(), "openssl rand -hex 32") }) || strings.Contains(e.log.String(), `"short"`) {
		t.Errorf("it says:\n%s", e.log.String())
	}
	if code := e.stop(); code != 2 {
		t.Errorf("it ended with %d", code)
	}
}
