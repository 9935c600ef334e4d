package signin_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

func TestSigningInMakesANewID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	planted := b64([]byte(strings.Repeat("p", 32)))
	b.setCookie(n, "tandem", planted)
	b.get(n.URL+"/").wants(t, http.StatusOK)
	first := b.cookie(n)
	if first == planted || first == "" {
		t.Fatalf("the id is %q", first)
	}
	w.clock.pass(3 * time.Hour)
	b.get(n.URL+"/").wants(t, http.StatusOK)
	if b.cookie(n) == first {
		t.Error("the id is the same after a second sign-in")
	}
	thief := newBrowser(t)
	thief.setCookie(n, "tandem", first)
	if status, to := thief.step(n.URL + "/"); status != http.StatusSeeOther || !strings.HasPrefix(to, "/signin") {
		t.Errorf("the former id shows %d %s", status, to)
	}
}

func TestASessionEndsByItsTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	live := func(b *browser, headers ...string) bool {
		t.Helper()
		old := b.client.CheckRedirect
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		defer func() { b.client.CheckRedirect = old }()
		return b.get(n.URL+"/", headers...).status == http.StatusOK
	}
	used, left, watched := newBrowser(t), newBrowser(t), newBrowser(t)
	for _, b := range []*browser{used, left, watched} {
		b.get(n.URL+"/").wants(t, http.StatusOK)
	}
	background := []string{"Sec-Fetch-Mode", "cors"}
	for i := range 8 {
		if !live(used) {
			t.Errorf("hour %d: a session in use is over", i)
		}
		if i < 2 != live(watched, background...) {
			t.Errorf("hour %d: a page that asks by itself", i)
		}
		w.clock.pass(time.Hour)
	}
	if live(used) {
		t.Error("it lasts longer than eight hours")
	}
	if live(left) {
		t.Error("it lasts longer than two hours without use")
	}
	got := left.get(n.URL+"/events", background...)
	got.wants(t, http.StatusUnauthorized, "sign in again")
	// Groups are read again then.
	w.issuer.set(func() { w.issuer.person["groups"] = []string{"leads"} })
	used.get(n.URL+"/").wants(t, http.StatusOK, "viewer, internal")
}

func TestNodesShareSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one := w.node(nil)
	two := w.node(func(c *signin.Config) { c.PublicURL = one.URL })
	b := newBrowser(t) // cookies know no ports
	back := b.begin(one, "/plan")
	b.get(strings.Replace(back, one.URL, two.URL, 1)).wants(t, http.StatusOK, "page /plan of \"web:ana@acme.example\"")
	on := b.get(one.URL + "/")
	on.wants(t, http.StatusOK, "web:ana@acme.example")
	if on.csrf(t) != b.get(two.URL+"/").csrf(t) {
		t.Error("a form of one node is none of the other")
	}
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	kept := b.cookie(one)
	if got := b.post(two.URL+"/signout", url.Values{"csrf": {on.csrf(t)}}); got.header.Get("Location") != "/signin?out=1" {
		t.Errorf("signed out: %d to %q", got.status, got.header.Get("Location"))
	}
	if b.cookie(one) != "" {
		t.Error("the cookie is still there")
	}
	b.setCookie(one, "tandem", kept)
	if status, _ := b.step(one.URL + "/"); status != http.StatusSeeOther {
		t.Errorf("the other node shows %d", status)
	}
}

func TestSignOutTakesAFormOfTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	b.get(n.URL+"/").wants(t, http.StatusOK)
	b.post(n.URL+"/signout", url.Values{}).wants(t, http.StatusForbidden, "still signed in")
	got := b.post(n.URL+"/signout", url.Values{"csrf": {b.get(n.URL + "/").csrf(t)}})
	got.wants(t, http.StatusOK, "You are signed out of Tandem", "may still be signed in", "Sign in with")
}

func TestASessionEndsWithItsRights(t *testing.T) {
	t.Parallel()
	admin := secret.FromText(adminToken)
	cases := map[string]struct {
		change func(*signin.Config)
		lasts  bool
	}{
		"nothing":                    {func(*signin.Config) {}, true},
		"a grant of others":          {func(c *signin.Config) { c.OIDC.Grants[2].Role = view.Admin }, true},
		"a lower role":               {func(c *signin.Config) { c.OIDC.Grants[1].Role = view.Viewer }, false},
		"a higher role":              {func(c *signin.Config) { c.OIDC.Grants[1].Role = view.Admin }, false},
		"another audience":           {func(c *signin.Config) { c.OIDC.Grants[1].Audience = work.Internal }, false},
		"no grant":                   {func(c *signin.Config) { c.OIDC.Grants = c.OIDC.Grants[:1] }, false},
		"another issuer":             {func(c *signin.Config) { c.OIDC.Issuer = "https://login.other.example" }, false},
		"another claim":              {func(c *signin.Config) { c.OIDC.GroupsClaim = "roles" }, false},
		"no issuer":                  {func(c *signin.Config) { c.OIDC = nil; c.Token = admin }, false},
		"a token beside the issuer":  {func(c *signin.Config) { c.Token = admin }, true},
		"another secret, not rights": {func(c *signin.Config) { c.OIDC.ClientSecret = secret.FromText("a-new-secret-of-the-client") }, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			before := w.node(nil)
			b := newBrowser(t)
			b.get(before.URL+"/").wants(t, http.StatusOK, "approver, public")
			status, _ := b.step(w.node(c.change).URL + "/")
			if (status == http.StatusOK) != c.lasts {
				t.Errorf("after the change: %d", status)
			}
			if status, _ = b.step(before.URL + "/"); (status == http.StatusOK) != c.lasts {
				t.Errorf("after the change was taken back: %d", status)
			}
		})
	}
}

func TestTheTokenOfTheAdminIsForALaptop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	only := func(token string) func(*signin.Config) {
		return func(c *signin.Config) { c.OIDC, c.PublicURL, c.Token = nil, "", secret.FromText(token) }
	}
	n := w.node(only(adminToken))
	b := newBrowser(t)
	page := b.get(n.URL + "/plan?team=pay")
	page.wants(t, http.StatusOK, "Token of the admin", `name="next" value="/plan?team=pay"`)
	b.post(n.URL+"/signin", url.Values{"token": {"wrong"}, "next": {"/plan"}}).wants(t, http.StatusForbidden, "This is not the token", `value="/plan"`)
	b.post(n.URL+"/signin", url.Values{"token": {adminToken}, "next": {"/plan?team=pay"}}).wants(t, http.StatusOK, `page /plan?team=pay of "web:admin", admin, restricted`)
	status, _ := b.step(w.node(only(adminToken)).URL + "/")
	other, _ := b.step(w.node(only("another-token-of-32-characters-or-more")).URL + "/")
	if status != http.StatusOK || other != http.StatusSeeOther {
		t.Errorf("with the same token %d, with another %d", status, other)
	}
	for i := range 25 {
		got := b.post(n.URL+"/signin", url.Values{"token": {fmt.Sprint("guess ", i)}})
		if i < 19 && got.status != http.StatusForbidden || i > 19 && (got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "") {
			t.Fatalf("guess %d: %d", i, got.status)
		}
	}
	b.post(n.URL+"/signin", url.Values{"token": {adminToken}}).wants(t, http.StatusTooManyRequests, "Try again in")
	w.clock.pass(time.Minute)
	b.post(n.URL+"/signin", url.Values{"token": {adminToken}}).wants(t, http.StatusOK, "web:admin")
}

func TestSecretsThatCouldBeGuessedAreRefusedAtStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := secret.FromText(adminToken)
	for name, c := range map[string]struct {
		change func(*signin.Config)
		want   string
	}{
		"short":     {func(c *signin.Config) { c.Token = secret.FromText("short") }, "openssl rand -hex 32"},
		"blanks":    {func(c *signin.Config) { c.Token = secret.FromText(strings.Repeat("a b ", 20)) }, "blanks"},
		"missing":   {func(c *signin.Config) { c.Token = secret.Secret{Env: "TANDEM_NO_SUCH_TOKEN"} }, "TANDEM_NO_SUCH_TOKEN is not set"},
		"no secret": {func(c *signin.Config) { c.OIDC.ClientSecret = secret.Secret{Env: "TANDEM_NO_SUCH_SECRET"} }, "web.oidc.client_secret: environment variable TANDEM_NO_SUCH_SECRET"},
		"two links": {func(c *signin.Config) { c.Links = []signin.Link{{Name: "a", Token: token}, {Name: "b", Token: token}} }, "web.roadmap b: it is the same as that of web.roadmap a"},
		"address":   {func(c *signin.Config) { c.PublicURL = "tandem" }, "public_url"},
	} {
		c0 := signin.Config{OIDC: w.oidc(), Store: w.store, Now: w.clock.now}
		c.change(&c0)
		if _, err := signin.New(c0); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALinkSignsInOneTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	laptop := func(c *signin.Config) { c.OIDC, c.PublicURL = nil, "" }
	n := w.node(laptop)
	link := n.URL + n.gate.OneTime()
	b := newBrowser(t)
	b.get(link, "Sec-Purpose", "prefetch").wants(t, http.StatusNoContent)
	b.do(b.request(http.MethodHead, link, nil)).wants(t, http.StatusNoContent)
	b.get(link).wants(t, http.StatusOK, `page / of "web:admin", admin, restricted`)
	newBrowser(t).get(link).wants(t, http.StatusForbidden, "used already")
	b.get(n.URL+"/plan").wants(t, http.StatusOK, "web:admin")
	late := n.URL + n.gate.OneTime()
	w.clock.pass(61 * time.Minute)
	newBrowser(t).get(late).wants(t, http.StatusForbidden, "older than an hour")
	// The sessions end with the process.
	next := w.node(laptop)
	next.gate.OneTime()
	if status, _ := b.step(next.URL + "/"); status != http.StatusSeeOther {
		t.Errorf("after a restart: %d", status)
	}
}

func TestWithoutAWayInNothingIsShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(func(c *signin.Config) { c.OIDC, c.PublicURL = nil, "" })
	b := newBrowser(t)
	for _, path := range []string{"/", "/plan", "/signin", "/signin/back?code=1&state=2", "/signin?once=x"} {
		got := b.get(n.URL + path)
		got.wants(t, http.StatusForbidden, "tandem.yaml", "token: {env: TANDEM_WEB_TOKEN}", "issuer: https://login.acme.example", "openssl rand -hex 32")
		if strings.Contains(got.text, "page ") && strings.Contains(got.text, "known") {
			t.Errorf("%s shows a page", path)
		}
	}
	b.post(n.URL+"/plan", url.Values{"csrf": {""}}).wants(t, http.StatusForbidden)
	if len(n.received()) > 0 {
		t.Error("a form reached the pages")
	}
}

func TestLinksShowPagesToPeopleWithoutSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const token = "customers-0123456789abcdef0123456789"
	n := w.node(func(c *signin.Config) {
		c.Links = []signin.Link{{Name: "customers", Token: secret.FromText(token), Audience: work.Public, Teams: []string{"pay"}}}
	})
	b := newBrowser(t)
	b.get(n.URL+"/shared/"+token).wants(t, http.StatusOK, `"link:customers", viewer, public`)
	b.get(n.URL+"/shared/"+token+"/roadmap.svg").wants(t, http.StatusOK, `"link:customers"`)
	b.post(n.URL+"/shared/"+token, url.Values{}).wants(t, http.StatusMethodNotAllowed)
	b.get(n.URL+"/shared/"+token[1:]).wants(t, http.StatusNotFound, "no such page")
	b.get(n.URL+"/shared/").wants(t, http.StatusNotFound)
	if b.cookie(n) != "" {
		t.Error("a link begins a session")
	}
	if status, _ := b.step(n.URL + "/plan"); status != http.StatusSeeOther {
		t.Errorf("a link opens other pages: %d", status)
	}
	for range 30 {
		b.get(n.URL + "/shared/guess")
	}
	b.get(n.URL+"/shared/"+token).wants(t, http.StatusTooManyRequests)
}

func TestSecretsReachNoLogAndNoRow(t *testing.T) {
	t.Parallel()
	w := newWorldAlone(t)
	const link = "customers-0123456789abcdef0123456789"
	n := w.node(func(c *signin.Config) {
		c.Token = secret.FromText(adminToken)
		c.Links = []signin.Link{{Name: "customers", Token: secret.FromText(link), Audience: work.Public}}
	})
	secrets := []string{clientSecret, adminToken, link, "refresh-never-kept"}
	b, admin, once := newBrowser(t), newBrowser(t), newBrowser(t)
	b.get(b.begin(n, "/")).wants(t, http.StatusOK)
	b.get(b.begin(n, "/") + "x") // refused
	w.issuer.set(func() { w.issuer.nonce = "wrong" })
	newBrowser(t).get(n.URL + "/signin/start")
	w.issuer.set(func() { w.issuer.sign = func(h, c map[string]any) string { return unsigned(h, c) + ".bad" } })
	newBrowser(t).get(n.URL + "/signin/start")
	b.get(b.begin(n, "/") + "&code=stolen-code-of-somebody")
	admin.post(n.URL+"/signin", url.Values{"token": {adminToken}}).wants(t, http.StatusOK)
	admin.post(n.URL+"/signin", url.Values{"token": {"guess-" + adminToken}})
	b.get(n.URL + "/shared/" + link)
	path := n.gate.OneTime()
	once.get(n.URL+path).wants(t, http.StatusOK)
	secrets = append(secrets, strings.TrimPrefix(path, "/signin?once="))
	w.issuer.set(func() { secrets = append(secrets, w.issuer.seen...) })
	for _, each := range []*browser{b, admin, once} {
		id := each.cookie(n)
		raw, err := base64.RawURLEncoding.DecodeString(id)
		if err != nil || len(raw) != 32 {
			t.Fatalf("the id %q is not 256 bits", id)
		}
		secrets = append(secrets, id, hex.EncodeToString(raw), each.get(n.URL+"/").csrf(t))
	}
	for _, token := range []string{adminToken, link} {
		sum := sha256.Sum256([]byte(token))
		secrets = append(secrets, hex.EncodeToString(sum[:]), b64(sum[:]))
	}
	rows := w.rows()
	if !strings.Contains(rows, "web:ana@acme.example") || !strings.Contains(rows, "web:admin") {
		t.Fatalf("the rows are not those of the sessions: %s", rows)
	}
	if strings.Contains(rows, "football") {
		t.Error("groups are kept that no grant names")
	}
	for _, s := range secrets {
		if s == "" || strings.Contains(rows, s) || strings.Contains(w.log.String(), s) {
			t.Errorf("%q is kept or logged:\n%s\n%s", s, rows, w.log.String())
		}
	}
}

// rows is everything that the store keeps of sessions.
func (w *world) rows() string {
	w.t.Helper()
	rows, err := w.store.DB().QueryContext(w.t.Context(), "SELECT hash, kind, name, email, member, rights, source, unsent FROM web_session ORDER BY hash")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		columns := make([]string, 8)
		into := make([]any, len(columns))
		for i := range columns {
			into[i] = &columns[i]
		}
		if err := rows.Scan(into...); err != nil {
			w.t.Fatal(err)
		}
		all = append(all, strings.Join(columns, " "))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(slices.Compact(all), "\n")
}
