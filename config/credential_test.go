package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"tandem/config"
)

func TestThePlacesOfSecretsAreNamed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tandem.yaml")
	text := `instance: acme
connectors:
  jira: {kind: jira, auth: {email: a@b.c, token: {env: JIRA_TOKEN}}, webhook: {secret: {env: HOOK}}}
  app: {kind: github, auth: {app_id: 1, private_key: {file: app.pem}, other: {file: {env: x, file: y}}}}
  open: {kind: file, items: a.csv}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, _, _ := config.Load(path, pflag.NewFlagSet("test", pflag.ContinueOnError))
	got := map[string][]string{}
	for _, c := range settings.Connectors {
		got[c.Name] = c.Credentials()
	}
	if diff := cmp.Diff(map[string][]string{"jira": {"env JIRA_TOKEN"}, "app": {"file app.pem"}, "open": nil}, got); diff != "" {
		t.Error(diff)
	}
}
