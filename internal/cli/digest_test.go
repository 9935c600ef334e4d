package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// The daemon sends a digest that is due, and tells nobody where to.
func TestTheDaemonSendsADigest(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var came []string
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		came = append(came, string(body))
		_, _ = io.WriteString(w, "ok")
	}))
	t.Cleanup(slack.Close)
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(came)
	}
	address := filepath.Join(t.TempDir(), "slack.url")
	if err := os.WriteFile(address, []byte(slack.URL+"/services/verysecret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := run(t, fmt.Sprintf(`web: {public_url: "https://tandem.acme.example"}
digests:
  - {name: pm core, role: pm, team: core, at: '%s', zone: UTC, audience: internal, always: true, to: {slack: {file: %q}}}
`, time.Now().UTC().Format("15:04"), address))
	if !until(func() bool { return count() > 0 }) {
		t.Fatalf("nothing came:\n%s%s%s", d.log, d.tandem("", "digest"), d.tandem("", "digest", "--show", "pm core"))
	}
	if text := came[0]; !strings.Contains(text, "Tandem, pm of core: nothing new") || !strings.Contains(text, "https://tandem.acme.example/") {
		t.Errorf("it says %s", text)
	}
	if told := d.tandem("", "digest"); !strings.Contains(told, "sent "+time.Now().UTC().Format("2006-01")) {
		t.Errorf("it is listed as %s", told)
	}
	if code := d.stop(); code != 0 {
		t.Errorf("the daemon ended with %d", code)
	}
	if strings.Contains(d.log.String(), "verysecret") || !strings.Contains(d.log.String(), "a digest was sent") {
		t.Errorf("the log is\n%s", d.log)
	}
}
