package github_test

import (
	"strings"
	"testing"

	"tandem/connectors/connectortest"
	"tandem/connectors/github"
)

func TestMistakesInTheSettingsComeAllAtOnce(t *testing.T) {
	t.Parallel()
	_, decode := connectortest.Settings(`g:
  kind: github
  url: http://github.acme.example
  auth: {token: {env: X}, app_id: 12}
  repositories: [pay, "*/x", "acme/[", "!acme/x", acme/a/b]
  overlap: 3d
  reserve: 95%
  project: {board: acme}
`)
	_, problems := github.Definition().New("g", decode)
	var said []string
	for _, p := range problems {
		said = append(said, p.Error())
		if p.Remedy == "" {
			t.Errorf("%v has no remedy", p)
		}
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{
		"/url: http would send", "/auth: both a token and an App", "/repositories/0: ", "/repositories/1: ", "/repositories/2: ", "/repositories/4: ",
		"/overlap: 3d", "/reserve: ", "/project/board: ",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no problem says %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "/repositories/3") {
		t.Errorf("an exclusion is right:\n%s", all)
	}
}

func TestCredentialsAreAskedFor(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"repositories: [a/b]":                                 "credentials are missing",
		"repositories: [a/b]\n  auth: {app_id: 12}":           "needs app_id, installation_id and private_key",
		"auth: {token: {env: X}}":                             "no repository is in the scope",
		"auth: {token: {env: X}}\n  repositories: [\"!a/b\"]": "no repository is in the scope",
	} {
		_, decode := connectortest.Settings("g:\n  kind: github\n  " + settings + "\n")
		_, problems := github.Definition().New("g", decode)
		if len(problems) != 1 || !strings.Contains(problems[0].What, want) {
			t.Errorf("%s: %v, want %q", settings, problems, want)
		}
	}
}
