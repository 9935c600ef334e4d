package signin_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tandem/internal/secret"
	"tandem/internal/sim/outsider"
	"tandem/internal/view"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

// object is one of JSON.
type object = map[string]any

// key is what an issuer signs with.
type key struct {
	Name string `json:"name"`
	Alg  string `json:"alg"`
}

// outsideIssuer is one that is not ours: the certified provider of npm's
// oidc-provider.
type outsideIssuer struct {
	program *outsider.Program

	address       string
	configuration object
	client        object
	people        object
	keys          []key
	path          string
}

// newOutsideIssuer starts one that knows Tandem at an address. It writes groups
// into the ID token.
func newOutsideIssuer(t *testing.T, public string) *outsideIssuer {
	t.Helper()
	i := &outsideIssuer{program: outsider.Start(t, filepath.Join("testdata", "issuer.mjs")), keys: []key{{"first", "RS256"}}}
	i.client = object{
		"client_id": "tandem", "client_secret": clientSecret, "redirect_uris": []string{public + "/signin/back"}, "grant_types": []string{"authorization_code"},
		"response_types": []string{"code"}, "token_endpoint_auth_method": "client_secret_basic",
	}
	i.people = object{
		"7:ana": object{"email": "Ana@acme.example", "email_verified": true, "groups": []string{"product", "football"}},
		"8:bo":  object{"email": "bo@acme.example", "groups": []string{"football"}},
		"9:cy":  object{"email": "cy@acme.example", "email_verified": false, "groups": []string{"tandem-admins"}},
	}
	i.configuration = object{
		"clients": []any{i.client}, "cookies": object{"keys": []string{"signs the cookies of the issuer"}}, "scopes": []string{"openid", "email", "groups"},
		"claims": object{"openid": []string{"sub"}, "email": []string{"email", "email_verified"}, "groups": []string{"groups"}}, "conformIdTokenClaims": false,
		"features": object{"devInteractions": object{"enabled": true}, "rpInitiatedLogout": object{"enabled": true}},
	}
	i.become()
	return i
}

// become makes the issuer what its fields say. Codes and sessions stay.
func (i *outsideIssuer) become() {
	var said struct{ Address string }
	i.program.Ask(object{"configuration": i.configuration, "people": i.people, "keys": i.keys, "path": i.path}, &said)
	i.address = said.Address
}

// outside starts a node that people sign in to at an issuer that is not ours.
func outside(t *testing.T, change func(*outsideIssuer, *signin.Config)) (*world, *node, *outsideIssuer) {
	t.Helper()
	w := newWorld(t)
	var i *outsideIssuer
	n := w.node(func(c *signin.Config) {
		i = newOutsideIssuer(t, c.PublicURL)
		if change != nil {
			change(i, c)
			i.become()
		}
		c.OIDC.Issuer = i.address
	})
	return w, n, i
}

// action finds where the form of a page goes.
func (r reply) action() string {
	found := regexp.MustCompile(`<form[^>]* action="([^"]+)"`).FindStringSubmatch(r.text)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// asks reports what a page of the issuer asks for: login, consent, or nothing.
func (r reply) asks() string {
	found := regexp.MustCompile(`name="prompt" value="(\w+)"`).FindStringSubmatch(r.text)
	if found == nil {
		return ""
	}
	return found[1]
}

// signIn goes to a page, and through what the issuer asks a person.
func (b *browser) signIn(address, subject string) reply {
	b.t.Helper()
	got := b.get(address)
	for range 3 {
		prompt := got.asks()
		if prompt == "" {
			break
		}
		got = b.post(got.action(), url.Values{"prompt": {prompt}, "login": {subject}, "password": {"any"}})
	}
	return got
}

func TestPeopleSignInAtAnIssuerOfOutsiders(t *testing.T) {
	t.Parallel()
	const ana = `"web:ana@acme.example", approver, public, person "ana"`
	signedBy := func(alg string) func(*outsideIssuer, *signin.Config) {
		return func(i *outsideIssuer, _ *signin.Config) {
			i.keys, i.client["id_token_signed_response_alg"] = []key{{alg, alg}}, alg
		}
	}
	cases := map[string]struct {
		change func(*outsideIssuer, *signin.Config)
		who    string
		status int
		want   string
	}{
		"with groups in the ID token": {nil, "7:ana", http.StatusOK, ana},
		"with groups in the userinfo alone": {
			func(i *outsideIssuer, _ *signin.Config) { i.configuration["conformIdTokenClaims"] = true }, "7:ana", http.StatusOK, ana,
		},
		"with a userinfo that is signed": {func(i *outsideIssuer, _ *signin.Config) {
			i.configuration["conformIdTokenClaims"] = true
			i.configuration["features"].(object)["jwtUserinfo"] = object{"enabled": true}
			i.client["userinfo_signed_response_alg"] = "RS256"
		}, "7:ana", http.StatusOK, ana},
		"with groups under another name": {func(i *outsideIssuer, c *signin.Config) {
			i.people = object{"7:ana": object{"email": "ana@acme.example", "https://acme.example/roles": "leads"}}
			i.configuration["claims"].(object)["email"] = []string{"email", "https://acme.example/roles"}
			c.OIDC.GroupsClaim = "https://acme.example/roles"
		}, "7:ana", http.StatusOK, `viewer, internal, person "ana"`},
		"without a scope for groups": {func(i *outsideIssuer, _ *signin.Config) {
			i.configuration["scopes"] = []string{"openid", "email"}
			i.configuration["claims"] = object{"openid": []string{"sub", "groups"}, "email": []string{"email"}}
		}, "7:ana", http.StatusOK, ana},
		"with an address nobody proved": {nil, "9:cy", http.StatusOK, `"web:subject:9:cy", admin, restricted, person ""`},
		"without a grant":               {nil, "8:bo", http.StatusForbidden, "You are bo@acme.example at the issuer, and no grant is for one of your groups"},
		"without any group": {func(i *outsideIssuer, _ *signin.Config) {
			i.people = object{"7:ana": object{"email": "ana@acme.example"}}
		}, "7:ana", http.StatusForbidden, "named no groups of yours in the claim groups"},
		"whom everyone stands for": {func(_ *outsideIssuer, c *signin.Config) {
			c.OIDC.Grants = append(c.OIDC.Grants, signin.Grant{Everyone: true, Role: view.Viewer, Audience: work.Public})
		}, "8:bo", http.StatusOK, `"web:bo@acme.example", viewer, public`},
		"signed by an elliptic curve": {signedBy("ES256"), "7:ana", http.StatusOK, ana},
		"signed by Edwards' curve":    {signedBy("EdDSA"), "7:ana", http.StatusOK, ana},
		"signed by RSA with a salt":   {signedBy("PS256"), "7:ana", http.StatusOK, ana},
		"signed with the secret itself": {func(i *outsideIssuer, _ *signin.Config) {
			i.client["id_token_signed_response_alg"], i.configuration["enabledJWA"] = "HS256", object{"idTokenSigningAlgValues": []string{"RS256", "HS256"}}
		}, "7:ana", http.StatusBadGateway, "is not to be trusted"},
		"with the secret in the body": {func(i *outsideIssuer, _ *signin.Config) {
			i.client["token_endpoint_auth_method"] = "client_secret_post"
			i.configuration["clientAuthMethods"] = []string{"client_secret_post"}
		}, "7:ana", http.StatusOK, ana},
		"with names that have to be escaped": {func(i *outsideIssuer, c *signin.Config) {
			i.client["client_id"], i.client["client_secret"] = "tan dem:1", `p%2B s+w:rd/&=~"\`+clientSecret
			c.OIDC.ClientID, c.OIDC.ClientSecret = "tan dem:1", secret.FromText(`p%2B s+w:rd/&=~"\`+clientSecret)
		}, "7:ana", http.StatusOK, ana},
		"below a path": {func(i *outsideIssuer, _ *signin.Config) { i.path = "/realms/acme" }, "7:ana", http.StatusOK, ana},
		"with another secret": {
			func(_ *outsideIssuer, c *signin.Config) {
				c.OIDC.ClientSecret = secret.FromText("of another client entirely")
			},
			"7:ana", http.StatusBadGateway, "does not know Tandem",
		},
		"as another client": {func(_ *outsideIssuer, c *signin.Config) { c.OIDC.ClientID = "nobody" }, "7:ana", http.StatusBadRequest, "invalid_client"},
		"sent back elsewhere": {
			func(i *outsideIssuer, _ *signin.Config) {
				i.client["redirect_uris"] = []string{"https://elsewhere.example/signin/back"}
			},
			"7:ana", http.StatusBadRequest, "invalid_redirect_uri",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, n, _ := outside(t, c.change)
			b := newBrowser(t)
			got := b.signIn(n.URL+"/items/jira:PAY-12?x=1", c.who)
			got.wants(t, c.status, c.want)
			if signed := b.cookie(n) != ""; signed != (c.status == http.StatusOK) {
				t.Errorf("there is a session: %t", signed)
			}
			if c.status == http.StatusOK {
				got.wants(t, http.StatusOK, "page /items/jira:PAY-12?x=1 of")
				b.get(n.URL+"/plan").wants(t, http.StatusOK, "page /plan of")
			}
		})
	}
}

func TestKeysOfAnOutsidersIssuerRotate(t *testing.T) {
	t.Parallel()
	_, n, i := outside(t, nil)
	for _, keys := range [][]key{
		{{"first", "RS256"}}, {{"second", "RS256"}, {"first", "RS256"}}, {{"second", "RS256"}}, {{"third", "RS256"}},
	} {
		i.keys = keys
		i.become()
		newBrowser(t).signIn(n.URL+"/", "7:ana").wants(t, http.StatusOK, "web:ana@acme.example")
	}
}

func TestWhoRefusesAtAnOutsidersIssuerIsNotSignedIn(t *testing.T) {
	t.Parallel()
	w, n, _ := outside(t, nil)
	b := newBrowser(t)
	for _, prompt := range []string{"login", "consent"} {
		got := b.get(n.URL + "/plan")
		if prompt == "consent" {
			got = b.post(got.action(), url.Values{"prompt": {"login"}, "login": {"7:ana"}, "password": {"any"}})
		}
		if got.asks() != prompt {
			t.Fatalf("it asks for %s: %s", got.asks(), got.text)
		}
		got = b.get(got.action() + "/abort")
		got.wants(t, http.StatusForbidden, "The issuer did not let you sign in (access_denied).", "Sign in again")
		if b.cookie(n) != "" || strings.Contains(got.text, "aborted interaction") {
			t.Errorf("it has %q and says %s", b.cookie(n), got.text)
		}
	}
	b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "page /plan of") // who changes their mind
	if log := w.log.String(); !strings.Contains(log, "rule=access_denied") {
		t.Errorf("the log says %s", log)
	}
}

// toTheEnd goes to the issuer and through it, and returns the address that it
// sends back to, before that is asked for.
func (b *browser) toTheEnd(n *node, subject string) string {
	b.t.Helper()
	back := ""
	old := b.client.CheckRedirect
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/signin/back" && r.URL.Host == n.Listener.Addr().String() {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	defer func() { b.client.CheckRedirect = old }()
	b.signIn(n.URL+"/plan", subject)
	if back == "" {
		b.t.Fatal("the issuer did not send back")
	}
	return back
}

func TestACodeOfAnOutsidersIssuerCountsOnceAndSoon(t *testing.T) {
	t.Parallel()
	_, n, i := outside(t, func(i *outsideIssuer, _ *signin.Config) { i.configuration["ttl"] = object{"AuthorizationCode": 1} })
	t.Run("not when it is too old", func(t *testing.T) {
		b := newBrowser(t)
		back := b.toTheEnd(n, "7:ana")
		time.Sleep(2100 * time.Millisecond) // codes last a second there
		b.get(back).wants(t, http.StatusBadGateway, "takes this sign-in no more")
		if b.cookie(n) != "" {
			t.Error("there is a session")
		}
	})
	i.configuration["ttl"] = object{"AuthorizationCode": 60}
	i.become()
	t.Run("not in another browser", func(t *testing.T) {
		newBrowser(t).get(newBrowser(t).toTheEnd(n, "7:ana")).wants(t, http.StatusBadRequest, "not begun in this browser")
	})
	t.Run("not with the verifier of another sign-in", func(t *testing.T) {
		one, two := newBrowser(t), newBrowser(t)
		stolen, own := address(t, one.toTheEnd(n, "7:ana")), address(t, two.toTheEnd(n, "9:cy"))
		mixed := own.Query()
		mixed.Set("code", stolen.Query().Get("code"))
		own.RawQuery = mixed.Encode()
		two.get(own.String()).wants(t, http.StatusBadGateway, "takes this sign-in no more")
	})
	t.Run("with the name of the issuer", func(t *testing.T) {
		b := newBrowser(t)
		back := address(t, b.toTheEnd(n, "7:ana"))
		if iss := back.Query().Get("iss"); iss != i.address {
			t.Errorf("the issuer calls itself %q", iss)
		}
		without := back.Query()
		without.Del("iss") // which it announces, so that an answer without is not its own (RFC 9207)
		b.get(n.URL+"/signin/back?"+without.Encode()).wants(t, http.StatusBadRequest, "is of another issuer")
		back = address(t, b.toTheEnd(n, "7:ana"))
		b.get(back.String()).wants(t, http.StatusOK, "page /plan of")
		b.get(back.String()).wants(t, http.StatusBadRequest, "was used already")
	})
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAnOutsidersIssuerWantsWhatWeSend(t *testing.T) {
	t.Parallel()
	_, n, _ := outside(t, nil)
	_, to := newBrowser(t).step(n.URL + "/signin/start?next=/plan")
	for name, c := range map[string]struct {
		leave func(url.Values)
		want  string
	}{
		"a challenge":     {func(q url.Values) { q.Del("code_challenge"); q.Del("code_challenge_method") }, "invalid_request"},
		"a plain one":     {func(q url.Values) { q.Set("code_challenge_method", "plain") }, "invalid_request"},
		"our address":     {func(q url.Values) { q.Set("redirect_uri", n.URL+"/signin/back/") }, "invalid_redirect_uri"},
		"an implicit way": {func(q url.Values) { q.Set("response_type", "id_token") }, "invalid_request"},
	} {
		asked := address(t, to)
		query := maps.Clone(asked.Query())
		c.leave(query)
		asked.RawQuery = query.Encode()
		b := newBrowser(t)
		_, back := b.step(asked.String())
		if got := b.get(asked.String()); !strings.Contains(got.text+back, c.want) || b.cookie(n) != "" {
			t.Errorf("%s: sent to %s: %s", name, back, got.text)
		}
	}
}
