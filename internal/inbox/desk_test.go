package inbox_test

import (
	"os"
	"path/filepath"
	"testing"

	"tandem/config"
	"tandem/internal/work"
)

// decoded reads settings of the connector jira as the program does.
func decoded(t *testing.T) func(any) []work.Problem {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tandem.yaml")
	text := `instance: acme
connectors:
  jira:
    kind: jira
    url: https://acme.example
    auth: {email: bot@acme.example, token: {env: INBOX_TEST_TOKEN}}
    webhook: {secret: {env: INBOX_TEST_SECRET}}
    projects: [PAY]
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, _, found := config.Load(path, nil)
	if len(found) > 0 {
		t.Fatal(found)
	}
	return settings.Connectors[0].Decode
}

// files reads all files of a folder.
func files(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, e := range entries {
		if all[e.Name()], err = os.ReadFile(filepath.Join(folder, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
