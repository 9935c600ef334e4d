package signin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

func TestGroupsAtTheIssuerSayWhatSomebodyMaySee(t *testing.T) {
	t.Parallel()
	everyone := append(grants(), signin.Grant{Everyone: true, Role: view.Viewer, Audience: work.Public})
	cases := map[string]struct {
		person, userinfo map[string]any
		grants           []signin.Grant
		want             string
	}{
		"a list": {person: map[string]any{"email": "Ana@acme.example", "groups": []string{"product"}}, want: `"web:ana@acme.example", approver, public, person "ana"`},
		"the highest role and the widest audience": {
			person: map[string]any{"email": "ana@acme.example", "groups": []string{"leads", "product"}}, want: `"web:ana@acme.example", approver, internal`,
		},
		"one name":                {person: map[string]any{"email": "bo@acme.example", "groups": "tandem-admins"}, want: `"web:bo@acme.example", admin, restricted, person ""`},
		"a name with a comma":     {person: map[string]any{"groups": "x,tandem-admins"}, grants: everyone, want: `viewer, public`},
		"something else":          {person: map[string]any{"groups": map[string]any{"tandem-admins": true}}, grants: everyone, want: `viewer, public`},
		"numbers among them":      {person: map[string]any{"groups": []any{1, "leads", nil}}, want: `viewer, internal`},
		"nobody named any":        {person: map[string]any{"email": "ana@acme.example"}, grants: everyone, want: `"web:ana@acme.example", viewer, public`},
		"groups of the userinfo":  {userinfo: map[string]any{"sub": "7:ana", "email": "ana@acme.example", "groups": []string{"leads"}}, want: `"web:ana@acme.example", viewer, internal, person "ana"`},
		"an e-mail nobody proved": {person: map[string]any{"email": "ana@acme.example", "email_verified": false, "groups": "leads"}, want: `"web:subject:7:ana", viewer, internal, person ""`},
		"proved, as text":         {person: map[string]any{"email": "ana@acme.example", "email_verified": "true", "groups": "leads"}, want: `"web:ana@acme.example"`},
		"no e-mail address":       {person: map[string]any{"email": "ana <b>@acme.example", "groups": "leads"}, want: `"web:subject:7:ana"`},
		"a subject like an address": {
			person: map[string]any{"sub": "ana@acme.example", "groups": "leads"}, want: `"web:subject:ana@acme.example", viewer, internal, person ""`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.issuer.set(func() { w.issuer.person, w.issuer.userinfo = c.person, c.userinfo })
			n := w.node(func(s *signin.Config) {
				if c.grants != nil {
					s.OIDC.Grants = c.grants
				}
			})
			b := newBrowser(t)
			got := b.get(n.URL + "/items/jira:PAY-12?x=1")
			got.wants(t, http.StatusOK, "page /items/jira:PAY-12?x=1 of", c.want)
			if again := b.get(n.URL + "/plan"); again.status != http.StatusOK || len(b.path) > 1 {
				t.Errorf("the second page: %d by %v", again.status, b.path)
			}
		})
	}
}

func TestWhoHasNoGrantIsToldWhatToAskFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	w.issuer.set(func() {
		w.issuer.person = map[string]any{"email": "cy@acme.example", "groups": []string{"<script>alert(1)</script>"}}
	})
	b := newBrowser(t)
	got := b.get(n.URL + "/")
	got.wants(t, http.StatusForbidden, "cy@acme.example", "grants", "<script>alert(1)</script>")
	if strings.Contains(got.text, "<script>") || b.cookie(n) != "" {
		t.Errorf("a stranger got %q and %s", b.cookie(n), got.text)
	}
	w.issuer.set(func() { w.issuer.person = map[string]any{"email": "cy@acme.example"} })
	b.get(n.URL+"/").wants(t, http.StatusForbidden, "named no groups of yours in the claim groups", "oidc: {groups: …}")
}

func TestATokenThatIsNotInOrderLetsNobodyIn(t *testing.T) {
	t.Parallel()
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*issuerSim) {
		return func(s *issuerSim) { s.person[name] = value }
	}
	const distrust = "is not to be trusted"
	now := func(s *issuerSim, d time.Duration) int64 { return s.now().Add(d).Unix() }
	cases := map[string]struct {
		do   func(*issuerSim)
		want string // empty where it is in order
	}{
		"as it should be":             {func(*issuerSim) {}, ""},
		"another nonce":               {func(s *issuerSim) { s.nonce = "of-somebody-else" }, distrust},
		"no nonce":                    {claim("nonce", ""), distrust},
		"another audience":            {claim("aud", "other"), distrust},
		"no audience":                 {claim("aud", nil), distrust},
		"several audiences":           {claim("aud", []string{"tandem", "other"}), distrust},
		"several, made for us":        {func(s *issuerSim) { s.person["aud"], s.person["azp"] = []string{"tandem", "other"}, "tandem" }, ""},
		"made for another":            {claim("azp", "other"), distrust},
		"another issuer":              {claim("iss", "https://login.evil.example"), distrust},
		"over":                        {func(s *issuerSim) { s.person["exp"] = now(s, -3*time.Minute) }, distrust},
		"over by a clock that is off": {func(s *issuerSim) { s.person["exp"] = now(s, -time.Minute) }, ""},
		"never over":                  {claim("exp", nil), distrust},
		"of the future":               {func(s *issuerSim) { s.person["iat"] = now(s, 10*time.Minute) }, distrust},
		"by a clock that is fast":     {func(s *issuerSim) { s.person["iat"] = now(s, time.Minute) }, ""},
		"not yet":                     {func(s *issuerSim) { s.person["nbf"] = now(s, time.Hour) }, distrust},
		"no subject":                  {claim("sub", ""), distrust},
		"another access token":        {claim("at_hash", "b3RoZXI"), distrust},
		"not signed": {func(s *issuerSim) {
			s.sign = func(h, c map[string]any) string { h["alg"] = "none"; return unsigned(h, c) + "." }
		}, distrust},
		"signed by nobody with RS256": {func(s *issuerSim) { s.sign = func(h, c map[string]any) string { return unsigned(h, c) + "." } }, distrust},
		"signed by a stranger":        {func(s *issuerSim) { s.sign = func(h, c map[string]any) string { return signedBy(stranger, h, c) } }, distrust},
		"signed with the public key":  {func(s *issuerSim) { s.sign = s.signedWithPublicKey }, distrust},
		"no token":                    {func(s *issuerSim) { s.sign = func(_, _ map[string]any) string { return "nonsense" } }, distrust},
		"without an ID token":         {func(s *issuerSim) { s.noToken = true }, "without an ID token"},
		"userinfo of somebody else": {func(s *issuerSim) {
			s.person = map[string]any{}
			s.userinfo = map[string]any{"sub": "8:bo", "groups": "product"}
		}, distrust},
		"the secret in the body":       {func(s *issuerSim) { s.params = true }, ""},
		"an issuer of another address": {func(s *issuerSim) { s.calls = "https://login.acme.example/realm" }, "says that it is https://login.acme.example/realm"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			n := w.node(nil)
			w.issuer.set(func() { c.do(w.issuer) })
			b := newBrowser(t)
			got := b.get(n.URL + "/plan")
			if c.want == "" {
				got.wants(t, http.StatusOK, "page /plan of")
				return
			}
			got.wants(t, http.StatusBadGateway, c.want)
			if b.cookie(n) != "" {
				t.Error("there is a session")
			}
		})
	}
}

func TestKeysOfTheIssuerRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	for range 3 {
		newBrowser(t).get(n.URL+"/").wants(t, http.StatusOK, "web:ana@acme.example")
		w.issuer.rotate(t)
	}
}

func TestAnIssuerThatIsDownIsToldAndTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issuer.set(func() { w.issuer.down = true })
	n := w.node(nil)
	if err := n.gate.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "openid-configuration") {
		t.Errorf("at start: %v", err)
	}
	b := newBrowser(t)
	b.get(n.URL+"/").wants(t, http.StatusBadGateway, "does not answer", "issuer: …", "Sign in")
	w.issuer.set(func() { w.issuer.down = false })
	b.get(n.URL+"/").wants(t, http.StatusBadGateway, "does not answer")
	w.clock.pass(6 * time.Second)
	b.get(n.URL+"/").wants(t, http.StatusOK, "web:ana@acme.example")
	// Later it is down again: what it said of itself still counts, and it is told
	// that it did not take the code.
	w.clock.pass(2 * time.Hour)
	w.issuer.set(func() { w.issuer.down = true })
	if status, to := newBrowser(t).step(n.URL + "/signin/start"); status != http.StatusSeeOther || !strings.HasPrefix(to, w.issuer.URL+"/authorize") {
		t.Errorf("sent to %q with %d", to, status)
	}
	b.get(n.URL+"/plan").wants(t, http.StatusServiceUnavailable) // of the issuer itself
}

// begin goes to the issuer and returns the address that it sends back to.
func (b *browser) begin(n *node, next string) string {
	b.t.Helper()
	_, to := b.step(n.URL + "/signin/start?next=" + url.QueryEscape(next))
	_, back := b.step(to)
	if !strings.HasPrefix(back, n.URL+"/signin/back?") {
		b.t.Fatalf("the issuer sent to %q", back)
	}
	return back
}

func TestAnAnswerOfTheIssuerCountsOnceInTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	ana, bo := newBrowser(t), newBrowser(t)
	back := ana.begin(n, "/plan")
	bo.get(back).wants(t, http.StatusBadRequest, "not begun in this browser")
	ana.get(strings.Replace(back, "state=", "state=x", 1)).wants(t, http.StatusBadRequest, "not begun in this browser")
	ana.get(back).wants(t, http.StatusOK, "page /plan of")
	ana.get(back).wants(t, http.StatusBadRequest, "used already")

	t.Run("also where its cookie was kept", func(t *testing.T) {
		thief := newBrowser(t)
		back := thief.begin(n, "/plan")
		at, _ := url.Parse(n.URL)
		kept := thief.jar.Cookies(at)
		thief.get(back).wants(t, http.StatusOK)
		late := newBrowser(t)
		late.jar.SetCookies(at, kept)
		late.get(back).wants(t, http.StatusBadGateway, "was used")
		if late.cookie(n) != "" {
			t.Error("a code counts twice")
		}
	})
	t.Run("for ten minutes", func(t *testing.T) {
		b := newBrowser(t)
		back := b.begin(n, "/plan")
		w.clock.pass(11 * time.Minute)
		b.get(back).wants(t, http.StatusBadRequest, "took too long")
	})
	t.Run("in each of several pages", func(t *testing.T) {
		b := newBrowser(t)
		one, two := b.begin(n, "/one"), b.begin(n, "/two")
		b.get(one).wants(t, http.StatusOK, "page /one of")
		b.get(two).wants(t, http.StatusOK, "page /two of")
	})
	t.Run("with the path that was asked for", func(t *testing.T) {
		b := newBrowser(t)
		back := b.begin(n, "/plan")
		at, _ := url.Parse(n.URL)
		for _, c := range b.jar.Cookies(at) {
			parts := strings.Split(c.Value, ".")
			b.setCookie(n, c.Name, parts[0]+"."+parts[1]+"."+b64([]byte("/other")))
		}
		b.get(back).wants(t, http.StatusBadRequest, "not begun in this browser")
	})
}

func TestManyBegunSignInsDoNotFillTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	for range 30 {
		b.begin(n, "/"+strings.Repeat("x", 1400))
	}
	at, _ := url.Parse(n.URL)
	if cookies := b.jar.Cookies(at); len(cookies) > 9 {
		t.Errorf("%d cookies", len(cookies))
	}
}

func TestWhatTheIssuerSaysIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	back := b.begin(n, "/")
	state, _ := url.Parse(back)
	got := b.get(n.URL + "/signin/back?" + url.Values{
		"state": {state.Query().Get("state")}, "error": {"access_denied"}, "error_description": {"<b>call 0900 now</b>"},
	}.Encode())
	got.wants(t, http.StatusForbidden, "access_denied")
	back = b.begin(n, "/")
	state, _ = url.Parse(back)
	odd := b.get(n.URL + "/signin/back?" + url.Values{"state": {state.Query().Get("state")}, "error": {"<b>call 0900</b>"}}.Encode())
	odd.wants(t, http.StatusForbidden, "(other)")
	if strings.Contains(got.text+odd.text, "0900") {
		t.Error("a link can put its words on our page")
	}
	back = b.begin(n, "/")
	b.get(back+"&iss=https%3A%2F%2Flogin.evil.example").wants(t, http.StatusBadRequest, "another issuer")
}

func TestAnIssuerThatPromisesToNameItselfHasTo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		promised bool
		more     func(issuer string) string
		status   int
	}{
		"promised and kept":     {true, func(issuer string) string { return "&iss=" + url.QueryEscape(issuer) }, http.StatusOK},
		"promised and not kept": {true, func(string) string { return "" }, http.StatusBadRequest},
		"promised, an error":    {true, func(string) string { return "&error=access_denied" }, http.StatusBadRequest},
		"not promised":          {false, func(string) string { return "" }, http.StatusOK},
		"kept anyway":           {false, func(issuer string) string { return "&iss=" + url.QueryEscape(issuer) }, http.StatusOK},
		"of another":            {false, func(issuer string) string { return "&iss=" + url.QueryEscape(issuer+"/") }, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.issuer.set(func() { w.issuer.named = c.promised })
			n := w.node(nil)
			b := newBrowser(t)
			b.get(b.begin(n, "/plan")+c.more(w.issuer.URL)).wants(t, c.status)
			if signed := b.cookie(n) != ""; signed != (c.status == http.StatusOK) {
				t.Errorf("there is a session: %t", signed)
			}
		})
	}
}

func TestAWrongSecretForTheIssuerIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(func(c *signin.Config) { c.OIDC.ClientSecret = secret.FromText("wrong-secret-that-nobody-may-see") })
	newBrowser(t).get(n.URL+"/").wants(t, http.StatusBadGateway, "does not know Tandem", "client_secret")
	if log := w.log.String(); strings.Contains(log, "wrong-secret") || !strings.Contains(log, "invalid_client") {
		t.Errorf("log: %s", log)
	}
}
