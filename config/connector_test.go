package config_test

import (
	"fmt"
	"strings"
	"testing"

	"tandem/config"
	"tandem/internal/secret"
	"tandem/internal/work"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const twoConnectors = `instance: acme
connectors:
  jira:
    kind: service
    url: https://acme.atlassian.net
    auth: {email: bot@acme.example, token: {env: JIRA_TOKEN}}
    projects: [PAY]
    every: 5m
    write: propose
  bare: {kind: service}
`

func TestAConnectorSeesOnlyItsOwnKeys(t *testing.T) {
	t.Parallel()
	settings, _, found := config.Load(write(t, "tandem.yaml", twoConnectors), nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	got := service{Where: "default"}
	if problems := settings.Connectors[0].Decode(&got); len(problems) > 0 {
		t.Fatal(problems)
	}
	want := service{
		URL: "https://acme.atlassian.net", Where: "default", Projects: []string{"PAY"},
		Auth: serviceAuth{Email: "bot@acme.example", Token: secret.Secret{Env: "JIRA_TOKEN"}},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(secret.Secret{})); diff != "" {
		t.Error(diff)
	}
	if problems := settings.Connectors[1].Decode(&got); len(problems) > 0 {
		t.Errorf("an entry of its kind alone: %v", problems)
	}
}

// A connector's validation knows nothing of the file and starts its pointers at
// its own entry; the reader's start at the top.
func TestProblemsOfAConnectorAreFoundFromItsEntryOrTheTop(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", twoConnectors)
	settings, document, _ := config.Load(path, nil)
	for _, at := range []work.Pointer{"/auth/token", "/connectors/jira/auth/token"} {
		got := settings.Connectors[0].Diagnose([]work.Problem{{At: at, What: "x"}}).Error()
		if want := path + ":6:37: x"; got != want {
			t.Errorf("%s: got %s, want %s", at, got, want)
		}
	}
	if got, want := settings.Connectors[0].Diagnose([]work.Problem{{What: "x"}}).Error(), path+":3:3: x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var wrong struct {
		URL int `yaml:"url"`
	}
	problems := settings.Connectors[0].Decode(&wrong)
	if diff := cmp.Diff(document.Diagnose(problems), settings.Connectors[0].Diagnose(problems)); diff != "" || len(problems) != 3 {
		t.Errorf("%d problems, %s", len(problems), diff)
	}
}

func TestAConnectorWithoutAFileKeepsItsDefaults(t *testing.T) {
	t.Parallel()
	c := config.Connector{Name: "demo", Kind: "service"}
	got := service{URL: "default"}
	if problems := c.Decode(&got); len(problems) > 0 || got.URL != "default" {
		t.Errorf("got %+v, %v", got, problems)
	}
	if got, want := c.Diagnose([]work.Problem{{At: "/url", What: "x"}}).Error(), "connector demo: x"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSettingsPrintNoSecret(t *testing.T) {
	t.Parallel()
	settings, document, found := config.Load(write(t, "tandem.yaml", strings.Replace(twoConnectors, "{env: JIRA_TOKEN}", "hunter2-the-literal", 1)), nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	var into service
	problems := settings.Connectors[0].Decode(&into)
	if len(problems) != 1 {
		t.Fatalf("a literal secret was taken: %v", problems)
	}
	for _, text := range []string{fmt.Sprint(problems), document.Diagnose(problems).Error(), fmt.Sprintf("%+v", into)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("the secret shows in %s", text)
		}
	}
}
