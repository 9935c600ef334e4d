package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/internal/cli"
	"tandem/internal/sim/jirasim"
)

// yard is a Jira that people and Tandems work in.
type yard struct {
	site  *jirasim.Site
	url   string
	rules string
}

func newYard(t *testing.T) *yard {
	t.Helper()
	world := jirasim.Sample()
	world.Fields = append(world.Fields,
		jirasim.Field{ID: "customfield_10101", Name: "Value", Kind: jirasim.Number},
		jirasim.Field{ID: "customfield_10102", Name: "Effort", Kind: jirasim.Number})
	world.Issues = []jirasim.Issue{valued("PAY-1", 10), valued("PAY-2", 90)}
	site, err := jirasim.New(world, jirasim.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	t.Setenv("YARD_TOKEN", "jira-token")
	rules, err := os.ReadFile(filepath.Join("..", "..", "scheduler", "testdata", "rules.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return &yard{site, server.URL, string(rules)}
}

// settle writes settings of an instance into a new folder.
func (y *yard) settle(t *testing.T, instance string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	write(t, filepath.Join(folder, "rules.yaml"), y.rules)
	write(t, filepath.Join(folder, "roadmap.yaml"), "items: []\n")
	write(t, filepath.Join(folder, "tandem.yaml"), fmt.Sprintf(`instance: %[3]s
store: "sqlite:%[1]s/tandem.db"
write: auto
rules: [rules.yaml]
brake: {edits: 1000, share: 0%%}
connectors:
  jira:
    kind: jira
    url: %[2]s
    auth: {email: bot@acme.example, token: {env: YARD_TOKEN}}
    projects: [PAY, WEB, OPS]
  plan: {kind: file, items: "%[1]s/roadmap.yaml", place: pay}
`, folder, y.url, instance))
	return folder
}

// tandem runs a command and returns what it said.
func tandem(t *testing.T, folder string, args ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	code = cli.Main(t.Context(), cli.Streams{In: strings.NewReader(""), Out: &out, Err: io.MultiWriter(&out)}, "test", append(args, "--config", filepath.Join(folder, "tandem.yaml")))
	return code, out.String()
}

// puts is how often anybody wrote to an issue.
func (y *yard) puts() int {
	return y.site.Calls(http.MethodPut, "/rest/api/2/issue/{issueIdOrKey}")
}

// The story is in the middle: an edit was written, and people change things.
// Somebody copies the store to a second folder and starts it there.
func TestACopiedStoreWritesNothing(t *testing.T) {
	y := newYard(t)
	first, second := y.settle(t, "acme"), y.settle(t, "acme")
	if code, said := tandem(t, first, "run", "--once"); code != 0 || y.puts() == 0 {
		t.Fatalf("code %d, %d writes:\n%s", code, y.puts(), said)
	}
	for _, name := range []string{"tandem.db", "tandem.db-wal", "tandem.db-shm", "tandem.db.lock"} {
		if content, err := os.ReadFile(filepath.Join(first, name)); err == nil {
			write(t, filepath.Join(second, name), string(content))
		}
	}
	if err := y.site.Edit("PAY-1", jirasim.Ana, func(i *jirasim.Issue) { i.Custom["customfield_10101"] = 99.0 }); err != nil {
		t.Fatal(err)
	}
	before := y.puts()
	for _, command := range [][]string{{"run", "--once"}, {"apply", "--yes"}, {"resume"}, {"run", "--once"}} {
		_, said := tandem(t, second, command...)
		if n := y.puts() - before; n != 0 {
			t.Fatalf("%v wrote %d times from a copied store:\n%s", command, n, said)
		}
	}
	code, said := tandem(t, second, "status")
	for _, want := range []string{first, second, "tandem resume --here", "Nothing is written"} {
		if !strings.Contains(said, want) {
			t.Errorf("code %d, status does not say %q:\n%s", code, want, said)
		}
	}
	if code, said := tandem(t, second, "plan"); code != 0 || !strings.Contains(said, "paused") {
		t.Errorf("code %d, plan:\n%s", code, said)
	}

	// The original goes on.
	if code, said := tandem(t, first, "run", "--once"); code != 0 || y.puts() == before {
		t.Errorf("code %d, the original wrote nothing:\n%s", code, said)
	}
	if _, said := tandem(t, first, "status"); !strings.Contains(said, "Nothing is wrong.") {
		t.Errorf("the original says:\n%s", said)
	}

	// It ends, and the copy takes over. What the original wrote since looks to
	// it as if people had set it, and stays.
	if err := y.site.Edit("PAY-2", jirasim.Ana, func(i *jirasim.Issue) { i.Custom["customfield_10101"] = 1.0 }); err != nil {
		t.Fatal(err)
	}
	if code, said := tandem(t, second, "resume", "--here"); code != 0 {
		t.Fatalf("code %d:\n%s", code, said)
	}
	before = y.puts()
	if code, said := tandem(t, second, "run", "--once"); code != 0 || y.puts() == before {
		t.Errorf("code %d, the adopted store wrote nothing:\n%s", code, said)
	}
}
