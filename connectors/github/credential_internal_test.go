package github

import (
	"net/url"
	"testing"
	"time"

	"tandem/connectors"
	"tandem/internal/secret"
)

func TestConnectorsWithTheSameCredentialsShareTheirLimits(t *testing.T) {
	t.Parallel()
	var shared connectors.Shared
	env := connectors.Env{Shared: &shared, Now: time.Now}
	hub := &url.URL{Scheme: "https", Host: "api.github.com"}
	server := &url.URL{Scheme: "https", Host: "git.acme.example", Path: "/api/v3/"}
	token := func(env string) Config { return Config{Auth: Auth{Token: secret.Secret{Env: env}}} }
	app := func(installation int64) Config { return Config{Auth: Auth{AppID: 1, InstallationID: installation}} }
	a := accountOf(env, token("A"), hub)
	for name, c := range map[string]struct {
		got  *account
		same bool
	}{
		"the same token":            {accountOf(env, token("A"), hub), true},
		"another token":             {accountOf(env, token("B"), hub), false},
		"another server":            {accountOf(env, token("A"), server), false},
		"another process":           {accountOf(connectors.Env{Now: time.Now}, token("A"), hub), false},
		"an app":                    {accountOf(env, app(2), hub), false},
		"a token that has no place": {accountOf(env, Config{Auth: Auth{Token: secret.FromText("x")}}, hub), false},
	} {
		if (c.got == a) != c.same || (c.got.governor == a.governor) != c.same {
			t.Errorf("%s: shared %v", name, c.got == a)
		}
	}
	if first, again, other := accountOf(env, app(2), hub), accountOf(env, app(2), hub), accountOf(env, app(3), hub); first != again || first == other {
		t.Error("installations are not told apart")
	}
}

// Two connectors of one token send 720 reads in a minute together, not each.
func TestTheSharedGovernorCountsForBoth(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	env := connectors.Env{Shared: new(connectors.Shared), Now: func() time.Time { return now }}
	hub := &url.URL{Scheme: "https", Host: "api.github.com"}
	c := Config{Reserve: 0.2, Auth: Auth{Token: secret.Secret{Env: "A"}}}
	first, second := accountOf(env, c, hub).governor, accountOf(env, c, hub).governor
	for range 360 {
		for _, g := range []*governor{first, second} {
			if until, why := g.take(cost{rest: 1}, now); until.After(now) {
				t.Fatalf("too early: %s", why)
			}
		}
	}
	if until, _ := second.take(cost{rest: 1}, now); !until.After(now) {
		t.Error("the second has a limit of its own")
	}
}
