package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/loopback"
	"tandem/internal/store"
	"tandem/internal/store/pgtest"
)

// cluster is several nodes that share a store of PostgreSQL and one Jira.
type cluster struct {
	testing.TB

	site  *jirasim.Site
	store string
	nodes []*process

	mu sync.Mutex
	// hold is called with each write before Jira gets it; where it returns false
	// Jira does not.
	hold func() bool
	// puts counts the writes that arrived, by issue.
	puts map[string]int
}

// process is one node.
type process struct {
	*exec.Cmd

	address string
	log     *safeBuffer
}

// clusterIssues is how many there are, and changed of how many Tandem changes the
// priority.
const (
	clusterIssues = 6
	changed       = 5
)

// nodes starts so many nodes, and waits until they have written and share the
// duties.
func nodes(tb testing.TB, many int) *cluster {
	tb.Helper()
	c := &cluster{TB: tb, puts: map[string]int{}, hold: func() bool { return true }}
	var server pgtest.Shared
	tb.Cleanup(func() { c.ok(server.Close()) })
	c.store = server.Address(tb)
	world := jirasim.Sample()
	world.Fields = append(world.Fields,
		jirasim.Field{ID: "customfield_10101", Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: "customfield_10102", Name: "Effort", Kind: jirasim.Number})
	world.Issues = nil
	for i := range clusterIssues {
		world.Issues = append(world.Issues, valued(fmt.Sprintf("PAY-%d", i+1), float64(10+15*i)))
	}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now})
	c.ok(err)
	c.site = site
	jira := httptest.NewServer(http.HandlerFunc(c.serve))
	tb.Cleanup(jira.Close)
	folder := tb.TempDir()
	rules, err := os.ReadFile(filepath.Join("..", "..", "scheduler", "testdata", "rules.yaml"))
	c.ok(err)
	for name, text := range map[string]string{
		"rules.yaml": string(rules), "roadmap.yaml": "items: []\n", "jira.token": "jira-token", "boss.token": apiToken("boss"),
		"tandem.yaml": fmt.Sprintf(`instance: acme
store: %[3]q
write: auto
every: 1s
rules: [rules.yaml]
brake: {edits: 1000, share: 0%%}
api: {tokens: [{name: boss, token: {file: "%[1]s/boss.token"}, role: admin, audience: restricted}]}
connectors:
  jira:
    kind: jira
    url: %[2]s
    auth: {email: bot@acme.example, token: {file: "%[1]s/jira.token"}}
    projects: [PAY, WEB, OPS]
  plan: {kind: file, items: "%[1]s/roadmap.yaml", place: pay}
`, folder, jira.URL, c.store),
	} {
		c.ok(os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	for range many {
		c.start(filepath.Join(folder, "tandem.yaml"))
	}
	written := func() bool { return c.stand() == c.wanted() }
	if !until(written) || !c.comes(c.shared) {
		tb.Fatalf("the nodes did not write, or do not share: %s, want %s; %v\n%s", c.stand(), c.wanted(), c.leases(), c.logs())
	}
	return c
}

func (c *cluster) ok(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

func (c *cluster) start(settings string) {
	c.Helper()
	self, err := os.Executable()
	c.ok(err)
	p := &process{exec.CommandContext(c.Context(), self), loopback.Address(c), &safeBuffer{}}
	p.Env = append(os.Environ(), asProcess+"=run\n--config\n"+settings, "TANDEM_LISTEN="+p.address)
	p.Stdout, p.Stderr = p.log, p.log
	c.ok(p.Start())
	c.Cleanup(func() { _, _ = p.Process.Kill(), p.Wait() })
	c.nodes = append(c.nodes, p)
}

// serve is Jira, behind what holds writes.
func (c *cluster) serve(w http.ResponseWriter, r *http.Request) {
	if _, issue, is := strings.Cut(r.URL.Path, "/issue/"); is && r.Method == http.MethodPut {
		c.mu.Lock()
		hold := c.hold
		c.mu.Unlock()
		if !hold() {
			panic(http.ErrAbortHandler) // the answer never comes
		}
		c.mu.Lock()
		c.puts[issue]++
		c.mu.Unlock()
	}
	c.site.ServeHTTP(w, r)
}

// stand is how all issues stand.
func (c *cluster) stand() string {
	var b strings.Builder
	for n := range clusterIssues {
		i, _ := c.site.Issue(fmt.Sprintf("PAY-%d", n+1))
		labels := slices.Sorted(slices.Values(i.Labels))
		fmt.Fprintf(&b, "%s=%s%v ", i.Key, i.Priority, labels)
	}
	return b.String()
}

// wanted is how they stand when Tandem has written.
func (c *cluster) wanted() string {
	return "PAY-1=10104[roadmap/next] PAY-2=10104[roadmap/next] PAY-3=10103[roadmap/next] PAY-4=10103[roadmap/now] PAY-5=10102[roadmap/now] PAY-6=10101[roadmap/now] "
}

// undone reports whether all have the priority that they began with.
func (c *cluster) undone() bool { return strings.Count(c.stand(), "=10102") == clusterIssues }

func (c *cluster) sent() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, puts := range c.puts {
		n += puts
	}
	return n
}

// ask asks a node, and returns the status and the answer.
func (c *cluster) ask(node int, method, path, body string) (int, map[string]any) {
	req, err := http.NewRequestWithContext(c.Context(), method, "http://"+c.nodes[node].address+path, strings.NewReader(body))
	if err != nil {
		c.Error(err)
		return 0, nil
	}
	req.Header.Set("Authorization", "Bearer "+apiToken("boss"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer := map[string]any{}
	raw, _ := io.ReadAll(resp.Body)
	if json.Unmarshal(raw, &answer) != nil {
		answer["text"] = string(raw)
	}
	return resp.StatusCode, answer
}

// comes waits for something that is asked of the API, which does not like to be
// asked too often.
func (c *cluster) comes(is func() bool) bool {
	for range 150 {
		if is() {
			return true
		}
		time.Sleep(200 * time.Millisecond)
	}
	return false
}

// leases are the nodes that have each duty.
func (c *cluster) leases() map[string]string {
	by := map[string]string{}
	_, answer := c.ask(0, "GET", "/api/v1/leases", "")
	all, _ := answer["leases"].([]any)
	for _, l := range all {
		lease, _ := l.(map[string]any)
		by[fmt.Sprint(lease["duty"])] = fmt.Sprint(lease["node"])
	}
	return by
}

// shared reports whether every node has its share of the three duties.
func (c *cluster) shared() bool {
	names := map[string]bool{}
	all := c.leases()
	for _, node := range all {
		names[node] = true
	}
	return len(all) == 3 && len(names) == len(c.nodes)
}

func (c *cluster) logs() string {
	var b strings.Builder
	for _, p := range c.nodes {
		b.WriteString(p.log.String() + "\n")
	}
	return b.String()
}

// alone is the node that works in place of all jobs; -1 where none does.
func (c *cluster) alone() int {
	held := regexp.MustCompile(`(?m)^tandem_lease_held\{[^}]*"alone\*"[^}]*\} 1$`)
	return slices.IndexFunc(c.nodes, func(p *process) bool {
		req, err := http.NewRequestWithContext(c.Context(), http.MethodGet, "http://"+p.address+"/metrics", nil)
		c.ok(err)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		defer func() { _ = resp.Body.Close() }()
		raw, _ := io.ReadAll(resp.Body)
		return held.Match(raw)
	})
}

// An order is taken by one node and carried out by whichever has all duties
// then; any other tells what became of it.
func TestAnUndoByTheAPIWorksWhereSeveralNodesShareTheDuties(t *testing.T) {
	t.Parallel()
	c := nodes(t, 3)
	before, last := c.sent(), 2
	status, planned := c.ask(0, "POST", "/api/v1/undo", `{"rule": "priority"}`)
	if status != 200 || length(planned["edits"]) != changed || c.stand() != c.wanted() {
		t.Fatalf("planned as %d %v\n%s", status, planned, c.logs())
	}
	if status, answer := c.ask(last, "POST", "/api/v1/undo", `{"rule": "priority", "confirm": "stale"}`); status != 409 {
		t.Errorf("another plan is answered with %d %v", status, answer)
	}
	status, done := c.ask(last, "POST", "/api/v1/undo", fmt.Sprintf(`{"rule": "priority", "confirm": %q}`, planned["hash"]))
	if status != 200 || done["state"] != "done" {
		t.Fatalf("answered with %d %v\n%s", status, done, c.logs())
	}
	status, told := c.ask(0, "GET", fmt.Sprint("/api/v1/undo/", done["id"]), "")
	if status != 200 || fmt.Sprint(told) != fmt.Sprint(done) {
		t.Errorf("another node tells %d %v", status, told)
	}
	if !c.comes(c.shared) {
		t.Errorf("the nodes do not share again: %v", c.leases())
	}
	time.Sleep(2 * time.Second) // several polls
	if !c.undone() || c.sent() != before+changed {
		t.Errorf("they stand as %s after %d writes", c.stand(), c.sent()-before)
	}
	status, planned = c.ask(0, "POST", "/api/v1/retire", `{"everything": true}`)
	if status != 200 || length(planned["edits"]) != clusterIssues {
		t.Fatalf("planned as %d %v\n%s", status, planned, c.logs())
	}
	status, done = c.ask(0, "POST", "/api/v1/retire", fmt.Sprintf(`{"everything": true, "confirm": %q}`, planned["hash"]))
	if status != 200 || done["state"] != "done" || strings.Contains(c.stand(), "roadmap") {
		t.Errorf("retired with %d %v: %s", status, done, c.stand())
	}
	for _, p := range c.nodes {
		if strings.Contains(p.log.String(), "level=ERROR") {
			t.Errorf("a node tells of an error:\n%s", p.log.String())
		}
	}
}

// The node that carries an order out is killed while it writes. Another one goes
// on with what was confirmed; nothing is written twice, and all is told.
func TestAnUndoGoesOnWhereTheNodeThatWritesItIsKilled(t *testing.T) {
	t.Parallel()
	c := nodes(t, 2)
	status, planned := c.ask(0, "POST", "/api/v1/undo", `{"rule": "priority"}`)
	if status != 200 {
		t.Fatalf("planned as %d %v\n%s", status, planned, c.logs())
	}
	c.mu.Lock()
	clear(c.puts)
	held, killed, came := make(chan struct{}, 100), make(chan struct{}), 0
	c.hold = func() bool {
		c.mu.Lock()
		came++
		first := came == 1
		c.mu.Unlock()
		if first {
			return true
		}
		held <- struct{}{}
		<-killed
		return false
	}
	c.mu.Unlock()
	go c.ask(0, "POST", "/api/v1/undo", fmt.Sprintf(`{"rule": "priority", "confirm": %q}`, planned["hash"]))
	select {
	case <-held:
	case <-time.After(time.Minute):
		t.Fatalf("nothing is written\n%s", c.logs())
	}
	dies := c.alone()
	if dies < 0 {
		t.Fatalf("no node works alone: %v", c.leases())
	}
	c.ok(c.nodes[dies].Process.Kill())
	_ = c.nodes[dies].Wait()
	c.mu.Lock()
	c.hold = func() bool { return true }
	c.mu.Unlock()
	close(killed)
	// Nobody waits for leases of the dead: it is as if half a minute had passed.
	db, err := store.Open(t.Context(), c.store, "acme", store.Options{})
	c.ok(err)
	defer func() { _ = db.Close() }()
	_, err = db.DB().ExecContext(t.Context(), "UPDATE lease SET expires = 1 WHERE node IN (SELECT node FROM lease WHERE duty = 'alone*')")
	c.ok(err)
	c.nodes = slices.Delete(c.nodes, dies, dies+1)
	if !c.comes(c.undone) {
		t.Fatalf("it does not go on: %s\n%s", c.stand(), c.logs())
	}
	over := func() bool { _, ordered := c.leases()["alone*"]; return !ordered }
	if !c.comes(over) {
		t.Errorf("it is not over: %v\n%s", c.leases(), c.logs())
	}
	c.mu.Lock()
	for issue, n := range c.puts {
		if n != 1 {
			t.Errorf("%s was written %d times", issue, n)
		}
	}
	if len(c.puts) != changed {
		t.Errorf("written: %v", c.puts)
	}
	c.mu.Unlock()
}
