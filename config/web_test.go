package config_test

import (
	"testing"

	"tandem/config"
	"tandem/internal/secret"
	"tandem/internal/work"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestTheSettingsOfPagesAreRead(t *testing.T) {
	t.Parallel()
	path := write(t, "tandem.yaml", `instance: acme
web:
  public_url: https://tandem.acme.example
  token: {env: TANDEM_WEB_TOKEN}
  oidc:
    issuer: https://login.acme.example
    client_id: tandem
    client_secret: {env: OIDC_SECRET}
    grants:
      - {group: tandem-admins, role: admin, audience: restricted}
      - {everyone: true, role: viewer, audience: public}
  roadmap:
    - {name: customers, token: {file: roadmap.token}, audience: public, teams: pay}
`)
	got, _, found := config.Load(path, nil)
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	want := config.Web{
		PublicURL: "https://tandem.acme.example", Token: secret.Secret{Env: "TANDEM_WEB_TOKEN"},
		OIDC: config.OIDC{
			Issuer: "https://login.acme.example", ClientID: "tandem", ClientSecret: secret.Secret{Env: "OIDC_SECRET"}, Groups: "groups", SignOut: true,
			Grants: []config.Grant{{Group: "tandem-admins", Role: "admin", Audience: "restricted"}, {Everyone: true, Role: "viewer", Audience: "public"}},
		},
		Roadmap: []config.Roadmap{{Name: "customers", Token: secret.Secret{File: "roadmap.token"}, Audience: "public", Teams: []string{"pay"}}},
	}
	if diff := cmp.Diff(want, got.Web, cmpopts.IgnoreUnexported(secret.Secret{})); diff != "" {
		t.Errorf("web (-want +got):\n%s", diff)
	}
	if !got.Web.OIDC.Given() || got.Web.OIDC.Grants[0].Sees() != work.Restricted || got.Web.Roadmap[0].Sees() != work.Public {
		t.Errorf("audiences or issuer are read otherwise: %+v", got.Web)
	}
}

func TestALaptopMayBeReachedWithoutTLS(t *testing.T) {
	t.Parallel()
	for text, good := range map[string]bool{
		"web: {public_url: 'http://localhost:8080'}":                                         true,
		"web: {public_url: 'http://[::1]:8080'}":                                             true,
		"web: {public_url: 'http://tandem.lan'}":                                             false,
		"web: {public_url: 'http://tandem.lan'}\napi: {insecure: true}":                      true,
		"web: {public_url: 'https://tandem.acme.example/'}":                                  true,
		"web: {token: {env: TANDEM_WEB_TOKEN}}":                                              true,
		"web: {public_url: 'https://tandem.acme.example', oidc: {issuer: 'http://[::1]:9'}}": false,
	} {
		_, _, found := config.Load(write(t, "tandem.yaml", "instance: acme\n"+text), nil)
		if (found.Err() == nil) != good {
			t.Errorf("%s: %v", text, found)
		}
	}
}
