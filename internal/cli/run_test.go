package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/sim/jirasim"
	"tandem/internal/sim/loopback"
)

// valued is an issue whose value decides its priority.
func valued(key string, value float64) jirasim.Issue {
	return jirasim.Issue{
		Key: key, Project: "PAY", Summary: "Do " + key, Type: "10001", Updated: time.Now().Add(-24 * time.Hour),
		Custom: map[string]any{"customfield_10101": value, "customfield_10102": 3.0},
	}
}

// The daemon polls once an hour and takes webhooks. A person's change in Jira
// is answered by a write within seconds: everything between is real.
func TestRunAnswersWhatAServiceAnnounces(t *testing.T) {
	const hookSecret = "the-hook-secret"
	world := jirasim.Sample()
	world.Fields = append(world.Fields,
		jirasim.Field{ID: "customfield_10101", Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: "customfield_10102", Name: "Effort", Kind: jirasim.Number})
	world.Issues = []jirasim.Issue{valued("PAY-1", 10), valued("PAY-2", 90)}
	address := loopback.Address(t)
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now, Hook: &jirasim.Hook{
		Secret: hookSecret, URL: "http://" + address + "/hooks/jira", Client: http.DefaultClient,
	}})
	if err != nil {
		t.Fatal(err)
	}
	jira := httptest.NewServer(site)
	defer jira.Close()
	t.Setenv("RUN_TEST_TOKEN", "jira-token")
	t.Setenv("RUN_TEST_SECRET", hookSecret)
	folder := t.TempDir()
	rules, err := os.ReadFile(filepath.Join("..", "..", "scheduler", "testdata", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "rules.yaml"), string(rules))
	write(t, filepath.Join(folder, "roadmap.yaml"), "items: []\n")
	write(t, filepath.Join(folder, "tandem.yaml"), fmt.Sprintf(`instance: acme
store: "sqlite:%[1]s/tandem.db"
write: auto
every: 1h
rules: [rules.yaml]
brake: {edits: 1000, share: 0%%}
webhooks: {listen: %[2]q, public_url: "https://hooks.acme.example/"}
connectors:
  jira:
    kind: jira
    url: %[3]s
    auth: {email: bot@acme.example, token: {env: RUN_TEST_TOKEN}}
    webhook: {secret: {env: RUN_TEST_SECRET}}
    projects: [PAY, WEB, OPS]
  plan: {kind: file, items: "%[1]s/roadmap.yaml", place: pay}
`, folder, address, jira.URL))

	ctx, cancel := context.WithCancel(t.Context())
	var log bytes.Buffer
	var group sync.WaitGroup
	code := 0
	group.Go(func() {
		code = cli.Main(ctx, cli.Streams{In: strings.NewReader(""), Out: &log, Err: &log}, "test", []string{"run", "--config", filepath.Join(folder, "tandem.yaml")})
	})
	critical := func(key string) func() bool {
		return func() bool { i, _ := site.Issue(key); return i.Priority == "10101" }
	}
	first := until(critical("PAY-2"))
	site.Deliveries() // those of the first cycle
	if err := site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Custom["customfield_10101"] = 99.0 }); err != nil {
		t.Error(err)
	}
	began := time.Now()
	if err := site.Deliver(ctx); err != nil {
		t.Error(err)
	}
	second := until(critical("PAY-1"))
	took := time.Since(began)
	cancel()
	group.Wait()
	if code != 0 || !first || !second {
		t.Fatalf("exit code %d, first cycle %v, answer to the delivery %v:\n%s", code, first, second, log.String())
	}
	if !strings.Contains(log.String(), "https://hooks.acme.example/hooks/jira") || strings.Contains(log.String(), hookSecret) {
		t.Errorf("the log does not name the address, or names the secret:\n%s", log.String())
	}
	t.Logf("answered after %s", took)
}

// until waits for something, for a while.
func until(is func() bool) bool {
	for range 1000 {
		if is() {
			return true
		}
		time.Sleep(20 * time.Millisecond)
	}
	return false
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
