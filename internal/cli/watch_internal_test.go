package cli

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"tandem/internal/sim/jirasim"
	"tandem/scheduler"
)

// A session against a Jira, as tandem run has it: what happens shows in a
// scrape, and nothing of what the records say.
func TestASessionShowsWhatItDid(t *testing.T) {
	world := jirasim.Sample()
	world.Fields = append(world.Fields,
		jirasim.Field{ID: "customfield_10101", Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: "customfield_10102", Name: "Effort", Kind: jirasim.Number})
	world.Issues = []jirasim.Issue{{
		Key: "PAY-1", Project: "PAY", Summary: "a very private title", Type: "10001", Updated: time.Now().Add(-24 * time.Hour),
		Custom: map[string]any{"customfield_10101": 90.0, "customfield_10102": 3.0},
	}}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	jira := httptest.NewServer(site)
	defer jira.Close()
	folder := t.TempDir()
	t.Setenv("WATCH_TOKEN", "jira-token")
	rules, err := os.ReadFile(filepath.Join("..", "..", "scheduler", "testdata", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"rules.yaml": string(rules), "roadmap.yaml": "items: []\n", "tandem.yaml": fmt.Sprintf(`instance: acme
store: "sqlite:%[1]s/tandem.db"
write: auto
rules: [rules.yaml]
brake: {edits: 1000, share: 0%%}
connectors:
  jira: {kind: jira, url: %[2]s, auth: {email: bot@acme.example, token: {env: WATCH_TOKEN}}, projects: [PAY]}
  plan: {kind: file, items: "%[1]s/roadmap.yaml", place: pay}
`, folder, jira.URL)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	a := &app{streams: Streams{In: strings.NewReader(""), Out: &out, Err: &out}, version: "v9", config: filepath.Join(folder, "tandem.yaml")}
	cmd := &cobra.Command{Use: "run"}
	cmd.SetContext(t.Context())
	s, err := a.begin(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer s.end()
	scrape := func(path string) (int, string) {
		w := httptest.NewRecorder()
		s.watch.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	if code, text := scrape("/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("ready before the first read: %d %s", code, text)
	}
	report, err := s.cycle.Run(t.Context(), scheduler.None)
	if err != nil {
		t.Fatal(err)
	}
	s.watch.Cycle(report.Took)
	s.note(t.Context(), report)
	time.Sleep(2100 * time.Millisecond) // the last reading of the store answers for so long
	code, text := scrape("/metrics")
	for _, want := range []string{
		`tandem_records_read_total{connector="jira"} 1`, `tandem_calls_total{connector="jira",outcome="ok"}`, `tandem_edits_total{connector="jira",state="applied"} 2`,
		`tandem_edits_last_day{connector="jira",state="applied"} 2`, `tandem_read_lag_seconds{connector="jira",stream="issues"}`, `tandem_items 1`,
		`tandem_build_info{go_version="`, `version="v9"} 1`, `tandem_write_mode{mode="auto"} 1`, `tandem_decide_duration_seconds_count 1`, `tandem_clock_skew_seconds{connector="jira"}`,
		`tandem_store_size_bytes`, `tandem_store_copied 0`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if code != http.StatusOK || strings.Contains(text, "private") || strings.Contains(text, "PAY") {
		t.Errorf("code %d, or a record is named:\n%s", code, text)
	}
	if code, text := scrape("/healthz"); code != http.StatusOK {
		t.Errorf("healthz: %d %s", code, text)
	}
	// Here runs no daemon that would take the duties; all else is ready.
	if code, text := scrape("/readyz"); code != http.StatusServiceUnavailable || strings.Contains(text, "not read") || strings.Count(text, "no node has taken") != 3 {
		t.Errorf("readyz: %d %s", code, text)
	}
	// The daemon takes them.
	ctx, stop := context.WithCancel(t.Context())
	host := s.host(func(_ string, r scheduler.Report) { s.note(ctx, r) })
	s.watch.As(host.Node())
	ended := make(chan error, 1)
	go func() { ended <- s.work(ctx, host) }()
	for range 200 {
		time.Sleep(50 * time.Millisecond)
		ready, _ := scrape("/readyz")
		if _, text = scrape("/metrics"); ready == http.StatusOK && strings.Contains(text, `tandem_job_duration_seconds_count{kind="poll",outcome="done"}`) {
			break
		}
	}
	for _, want := range []string{`tandem_lease_held{duty="jira"} 1`, `tandem_lease_held{duty="decide*"} 1`, `tandem_lease_expiry_seconds{duty="plan"}`, `kind="decide",outcome="done"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing:\n%s", want, text)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
