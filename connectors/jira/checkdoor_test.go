package jira

import (
	"strings"
	"testing"

	"tandem/internal/secret"
)

const id = "11223344-a1b2-3b33-c444-def123456789"

func TestARefusedTokenIsToldWhichDoorTakesIt(t *testing.T) {
	t.Parallel()
	tenant := map[string]string{"myself": `401 {"errorMessages":["no"]}`, "tenant": `{"cloudId":"` + id + `"}`}
	cases := []struct {
		name    string
		replace map[string]string
		change  func(*Config)
		want    string
	}{
		{"at the site", tenant, func(*Config) {}, "error jira credentials: Jira does not let in bot@acme.example with its token: no → check that the token belongs to this address and has not expired (it lasts at most a year); a token with scopes, or one of a service account, is accepted only at Atlassian's gateway: for such a one add cloud_id: " + id},
		{"at a site that tells no id", map[string]string{"myself": "401"}, func(*Config) {}, "error jira credentials: Jira does not let in bot@acme.example with its token → check that the token belongs to this address and has not expired (it lasts at most a year); a token with scopes, or one of a service account, is accepted only at Atlassian's gateway: for such a one add cloud_id: …, which https://acme.example/_edge/tenant_info shows"},
		{"without an address", tenant, func(c *Config) { c.Auth.Email = "" }, "error jira credentials: Jira does not let in the token alone: no → add auth.email"},
		{"scope", map[string]string{"myself": `401 {"code":401,"message":"Unauthorized; scope does not match"}`}, func(c *Config) { c.CloudID = id }, "error jira credentials: the token lacks a scope: Unauthorized; scope does not match → make a token with the scopes read:jira-work, read:jira-user"},
		{"at the gateway", map[string]string{"myself": `401 {"code":401,"message":"Unauthorized"}`}, func(c *Config) { c.CloudID = id }, "error jira credentials: the gateway does not let in bot@acme.example with its token: Unauthorized → check auth.email and that the token has not expired; a token without scopes is accepted at the site only"},
		{"another site's id", tenant, func(c *Config) { c.CloudID = "1" + id }, "error jira cloud_id: the id is not that of https://acme.example → write cloud_id: " + id},
		{"CAPTCHA", map[string]string{"myself": "403 CAPTCHA"}, func(*Config) {}, "error jira credentials: Jira wants to see a person: after failed logins it asks bot@acme.example with its token for a CAPTCHA → log in once with this account at https://acme.example/login.jsp"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			config := testConfig()
			c.change(&config)
			s := healthy(c.replace)
			startLike(t, connect(t, s, config).Checker.Check(t.Context()), []string{c.want})
			tries := 0
			for _, call := range s.calls {
				open := strings.HasSuffix(call.Path, "serverInfo") || strings.HasSuffix(call.Path, "tenant_info")
				if open && call.Auth != "" {
					t.Errorf("credentials were sent to %s, which needs none", call.Path)
				}
				if call.Auth != "" {
					tries++
				}
			}
			if tries > 1 {
				t.Errorf("credentials were tried %d times", tries)
			}
			onlyReads(t, s)
		})
	}
}

func TestAMissingSecretIsFoundBeforeAnyCall(t *testing.T) {
	t.Parallel()
	config := testConfig()
	config.Auth.Token = secret.Secret{Env: "TANDEM_TEST_NO_SUCH"}
	s := healthy(nil)
	startLike(t, connect(t, s, config).Checker.Check(t.Context()), []string{
		"error jira credentials: environment variable TANDEM_TEST_NO_SUCH is not set → set it, or use {file: PATH}",
	})
	if len(s.calls) > 0 {
		t.Errorf("called %v", s.paths())
	}
}
