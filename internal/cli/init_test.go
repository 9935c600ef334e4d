package cli_test

import (
	"bytes"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/sim/jirasim"
)

// TestInitEndsWithTheDocumentedCode: 2 for wrong input, 1 for a service that
// says no, 0 for files that were written.
func TestInitEndsWithTheDocumentedCode(t *testing.T) {
	t.Setenv("TANDEM_TEST_JIRA", "jira-token")
	t.Setenv("TANDEM_TEST_WRONG", "hunter2")
	world := jirasim.Sample()
	world.Issues = []jirasim.Issue{{Key: "PAY-1", Summary: "Issue", Updated: time.Now()}}
	site, err := jirasim.New(world, jirasim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	defer server.Close()
	cases := []struct {
		name  string
		flags []string
		code  int
	}{
		{"missing flags", []string{"--yes"}, 2},
		{"unknown flag", []string{"--jira"}, 2},
		{"no address", []string{"--yes", "--jira-url", "acme"}, 2},
		{"unknown project", []string{"--yes", "--jira-url", server.URL, "--jira-email", "bot@acme.example", "--jira-token-env", "TANDEM_TEST_JIRA", "--projects", "X"}, 2},
		{"wrong deployment", []string{"--yes", "--jira-url", server.URL, "--deployment", "datacenter", "--jira-token-env", "TANDEM_TEST_JIRA"}, 1},
		{"wrong token", []string{"--yes", "--jira-url", server.URL, "--jira-email", "bot@acme.example", "--jira-token-env", "TANDEM_TEST_WRONG"}, 1},
		{"one project", []string{"--yes", "--jira-url", server.URL, "--jira-email", "bot@acme.example", "--jira-token-env", "TANDEM_TEST_JIRA", "--projects", "pay"}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			args := append([]string{"init", "--dir", filepath.Join(t.TempDir(), "new")}, c.flags...)
			code := cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}, "test", args)
			if code != c.code {
				t.Errorf("code %d, want %d: %s%s", code, c.code, &out, &errs)
			}
			if (code == 0) != (errs.Len() == 0) {
				t.Errorf("code %d with %q", code, &errs)
			}
			if strings.Contains(out.String()+errs.String(), "hunter2") {
				t.Error("the token was repeated")
			}
		})
	}
}
