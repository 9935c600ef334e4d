package signin_test

import (
	"bytes"
	"crypto/tls"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/secret"
	"tandem/internal/web/signin"

	"github.com/google/go-cmp/cmp"
)

func TestAFormCountsWithItsTokenFromOurPagesOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	ana, bo := newBrowser(t), newBrowser(t)
	token, others := ana.get(n.URL+"/").csrf(t), bo.get(n.URL+"/").csrf(t)
	form := func(token string) url.Values { return url.Values{"csrf": {token}, "reason": {"because"}} }
	cases := map[string]struct {
		form    url.Values
		headers []string
		want    int
	}{
		"of the page":          {form(token), nil, http.StatusOK},
		"of the page, told so": {form(token), []string{"Sec-Fetch-Site", "same-origin", "Origin", n.URL}, http.StatusOK},
		"by a script":          {form(""), []string{"X-Csrf-Token", token, "Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		"without a token":      {url.Values{}, nil, http.StatusForbidden},
		"of another session":   {form(others), nil, http.StatusForbidden},
		"by a wrong header":    {form(token), []string{"X-Csrf-Token", others}, http.StatusForbidden},
		"of another site":      {form(token), []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		"of a sister site":     {form(token), []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		"of another origin":    {form(token), []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		"of no origin":         {form(token), []string{"Origin", "null"}, http.StatusForbidden},
	}
	for name, c := range cases {
		before := len(n.received())
		got := ana.post(n.URL+"/plan/approve", c.form, c.headers...)
		got.wants(t, c.want)
		if came := len(n.received()) > before; came != (c.want == http.StatusOK) {
			t.Errorf("%s: reached the pages: %t", name, came)
		}
	}
	t.Run("in parts", func(t *testing.T) {
		for token, want := range map[string]int{token: http.StatusOK, "": http.StatusForbidden} {
			var body bytes.Buffer
			parts := multipart.NewWriter(&body)
			_ = parts.WriteField("reason", "in parts")
			_ = parts.WriteField("csrf", token)
			_ = parts.Close()
			ana.do(ana.request(http.MethodPost, n.URL+"/plan", &body, "Content-Type", parts.FormDataContentType())).wants(t, want)
		}
	})
	t.Run("as text", func(t *testing.T) {
		body := strings.NewReader("csrf=" + token)
		ana.do(ana.request(http.MethodPost, n.URL+"/plan", body, "Content-Type", "text/plain")).wants(t, http.StatusForbidden)
	})
	t.Run("not in the address", func(t *testing.T) {
		ana.post(n.URL+"/plan?csrf="+token, url.Values{}).wants(t, http.StatusForbidden)
	})
	t.Run("of a reasonable size", func(t *testing.T) {
		ana.post(n.URL+"/plan", url.Values{"csrf": {token}, "reason": {strings.Repeat("x", 2<<20)}}).wants(t, http.StatusRequestEntityTooLarge, "1 MB")
	})
	t.Run("by other methods too", func(t *testing.T) {
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, "ODD"} {
			ana.do(ana.request(method, n.URL+"/plan", nil)).wants(t, http.StatusForbidden)
		}
	})
}

func TestASignInFormOfAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(func(c *signin.Config) { c.Token = secret.FromText(adminToken) })
	b := newBrowser(t)
	b.post(n.URL+"/signin", url.Values{"token": {adminToken}}, "Sec-Fetch-Site", "cross-site").wants(t, http.StatusForbidden, "another site")
	if b.cookie(n) != "" {
		t.Error("another site signs people in")
	}
}

// typed are texts that people write.
func typed() url.Values {
	return url.Values{
		"reason": {"Müssen wir \"jetzt\"?\r\n<script>alert(1)</script> مرحبا 🚲"}, "run": {"17"}, "edit": {"a", "b"},
	}
}

// interrupted is somebody who typed while the session ended.
type interrupted struct {
	*world

	node    *node
	browser *browser
	form    url.Values
}

// interrupt lets somebody open a form, and its session be over after a while.
func interrupt(t *testing.T, w *world, after time.Duration) *interrupted {
	t.Helper()
	i := &interrupted{world: w, node: w.node(nil), browser: newBrowser(t), form: typed()}
	i.form.Set("csrf", i.browser.get(i.node.URL+"/plan").csrf(t))
	w.clock.pass(after)
	return i
}

// send sends the form that is open.
func (i *interrupted) send() reply {
	return i.browser.post(i.node.URL+"/plan/approve?team=pay", i.form)
}

func TestWhatWasNotSentIsShownAgainAndNeverSentByItself(t *testing.T) {
	t.Parallel()
	i := interrupt(t, newWorld(t), 3*time.Hour)
	out := i.send()
	out.wants(t, http.StatusUnauthorized, "nothing was sent", "is kept", "Müssen wir \"jetzt\"?", "🚲", "/plan/approve?team=pay", "/signin?next=/signin/unsent")
	if strings.Contains(out.text, "<script>") || strings.Contains(out.text, i.form.Get("csrf")) {
		t.Errorf("the page holds a script or a token: %s", out.text)
	}
	again := i.browser.get(i.node.URL + "/signin?next=/signin/unsent")
	again.wants(t, http.StatusOK, "Nothing was sent yet", "Müssen wir \"jetzt\"?", `action="/plan/approve?team=pay"`, `name="run" value="17"`, "Send it now")
	if again.at != "/signin/unsent" || strings.Contains(again.text, "<script>") {
		t.Errorf("brought to %s: %s", again.at, again.text)
	}
	if sent := i.node.received(); len(sent) > 0 {
		t.Fatalf("sent by itself: %v", sent)
	}
	i.browser.get(i.node.URL+"/signin/unsent").wants(t, http.StatusOK, "🚲") // it may be loaded again
	i.form.Set("csrf", again.csrf(t))
	i.send().wants(t, http.StatusOK)
	if diff := cmp.Diff([]string{"/plan/approve " + typed().Get("reason")}, i.node.received()); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
	if got := i.browser.get(i.node.URL + "/signin/unsent"); got.at != "/" {
		t.Errorf("it is still there after it was sent: %s", got.text)
	}
}

func TestWhatOnePersonDidNotSendNobodyElseSees(t *testing.T) {
	t.Parallel()
	const page = "/signin?next=/signin/unsent"
	for name, c := range map[string]struct {
		after time.Duration
		look  func(*interrupted) reply
		// shown says that the form is shown, kept that it is still in the store.
		shown, kept bool
	}{
		"the same person, hours later": {9 * time.Hour, func(i *interrupted) reply { return i.browser.get(i.node.URL + page) }, true, true},
		"somebody else in this browser": {9 * time.Hour, func(i *interrupted) reply {
			i.issuer.set(func() { i.issuer.person["email"] = "bo@acme.example" })
			return i.browser.get(i.node.URL + page)
		}, false, false},
		"the same person in another browser": {3 * time.Hour, func(i *interrupted) reply { return newBrowser(i.t).get(i.node.URL + page) }, false, true},
		"whoever forgets it": {3 * time.Hour, func(i *interrupted) reply {
			again := i.browser.get(i.node.URL + "/signin")
			again.wants(i.t, http.StatusOK, "Forget it")
			return i.browser.post(i.node.URL+"/signin/discard", url.Values{"csrf": {again.csrf(i.t)}})
		}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := interrupt(t, newWorldAlone(t), c.after)
			i.send().wants(t, http.StatusUnauthorized, "is kept")
			got := c.look(i)
			if shown := strings.Contains(got.text, "Müssen"); shown != c.shown || shown != (got.at == "/signin/unsent") || got.status != http.StatusOK {
				t.Errorf("at %s with %d: %s", got.at, got.status, got.text)
			}
			if kept := strings.Contains(i.rows(), "Müssen"); kept != c.kept {
				t.Errorf("kept: %t", kept)
			}
		})
	}
}

func TestWhatStrangersSendIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorldAlone(t)
	n := w.node(nil)
	b := newBrowser(t)
	b.setCookie(n, "tandem", b64([]byte(strings.Repeat("s", 32))))
	got := b.post(n.URL+"/plan/approve", typed())
	got.wants(t, http.StatusUnauthorized, "nothing was sent", "Copy what you had typed", "🚲")
	if rows := w.rows(); rows != "" {
		t.Errorf("kept: %s", rows)
	}
	b.post(n.URL+"/plan", typed(), "Sec-Fetch-Mode", "cors", "Sec-Fetch-Site", "same-origin").wants(t, http.StatusUnauthorized, "nothing was sent")
	b.post(n.URL+"/plan", typed(), "Origin", "https://evil.example").wants(t, http.StatusForbidden, "another site")
}

func TestALongTextIsShownThoughItIsNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	b.get(n.URL + "/")
	w.clock.pass(3 * time.Hour)
	for size, want := range map[int]string{10_000: "is kept", 20_000: "Copy what you had typed"} {
		b.post(n.URL+"/plan", url.Values{"reason": {strings.Repeat("🚲", size)}}).wants(t, http.StatusUnauthorized, want, "🚲🚲🚲")
	}
}

func TestAFormOfTheSessionBeforeIsShownAgain(t *testing.T) {
	t.Parallel()
	i := interrupt(t, newWorld(t), 3*time.Hour)
	i.browser.get(i.node.URL+"/").wants(t, http.StatusOK) // signed in again in another tab
	again := i.send()
	again.wants(t, http.StatusForbidden, "Nothing was sent yet", "🚲", `action="/plan/approve?team=pay"`)
	if len(i.node.received()) > 0 {
		t.Error("sent")
	}
	i.form.Set("csrf", again.csrf(t))
	i.send().wants(t, http.StatusOK)
}

func TestPathsLeadNowhereElse(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/plan": "/plan", "/items/jira:PAY-1?x=1&y=%2F": "/items/jira:PAY-1?x=1&y=%2F", "": "/", "/": "/", "/signin/unsent": "/signin/unsent",
		"https://evil.example": "/", "//evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "/%2fevil.example": "/", "/%5cevil.example": "/",
		"javascript:alert(1)": "/", "/\tevil": "/", "/\n//evil.example": "/", " /plan": "/", "plan": "/", "/signin": "/", "/signout": "/", "http:/plan": "/", "///evil.example": "/",
		"/" + strings.Repeat("x", 2000): "/", "/%zz": "/", "/a\x00b": "/", "/signin/start?next=/x": "/",
	} {
		if got := signin.Local(next); got != want {
			t.Errorf("Local(%q) = %q, want %q", next, got, want)
		}
	}
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	if got := b.get(n.URL + "/signin?next=" + url.QueryEscape("//evil.example/x")); got.at != "/" || got.status != http.StatusOK {
		t.Errorf("brought to %s with %d", got.at, got.status)
	}
	if _, to := b.step(n.URL + "/signin?next=" + url.QueryEscape("https://evil.example")); to != "/" {
		t.Errorf("who is signed in is brought to %s", to)
	}
}

func FuzzLocal(f *testing.F) {
	for _, seed := range []string{"/plan", "//evil.example", `/\evil`, "/%2f%2fevil", "/..//evil.example", "/a?b#c", "/;//x"} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://tandem.acme.example/signin")
	f.Fuzz(func(t *testing.T, next string) {
		got := signin.Local(next)
		to, err := base.Parse(got)
		if err != nil || to.Host != base.Host || to.Scheme != base.Scheme || !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\r\n\t") {
			t.Errorf("Local(%q) = %q", next, got)
		}
	})
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(nil)
	b := newBrowser(t)
	for _, path := range []string{"/", "/signin/back", "/assets/style.css", "/shared/x", "/signin/none"} {
		h := b.get(n.URL + path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	newBrowser(t).get(n.URL+"/assets/style.css").wants(t, http.StatusOK, "known false")
}

func TestUnderTLSTheCookieIsOfTheHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, start := range map[string]func() *node{
		"TLS": func() *node {
			n := w.node(func(c *signin.Config) { c.OIDC, c.PublicURL, c.Token = nil, "", secret.FromText(adminToken) })
			n.Close()
			n.TLS = nil
			served := n.Config.Handler
			again := &node{gate: n.gate}
			again.Server = newTLS(t, served)
			return again
		},
		"a proxy": func() *node {
			return w.node(func(c *signin.Config) {
				c.OIDC, c.PublicURL, c.Token = nil, "https://tandem.acme.example", secret.FromText(adminToken)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := start()
			b := newBrowser(t)
			b.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
			b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			r := b.request(http.MethodPost, n.URL+"/signin", strings.NewReader(url.Values{"token": {adminToken}}.Encode()),
				"Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http")
			got := b.do(r)
			cookie := got.header.Get("Set-Cookie")
			for _, want := range []string{"__Host-tandem=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
				if !strings.Contains(cookie, want) {
					t.Errorf("the cookie has no %q: %s", want, cookie)
				}
			}
			if got.header.Get("Location") != "/" || got.header.Get("Strict-Transport-Security") == "" || strings.Contains(cookie, "Domain") {
				t.Errorf("to %q, %q, %q", got.header.Get("Location"), got.header.Get("Strict-Transport-Security"), cookie)
			}
		})
	}
}

func TestOnlyPublicURLSaysWhereTheIssuerSendsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(func(c *signin.Config) { c.PublicURL = "https://tandem.acme.example" })
	b := newBrowser(t)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	got := b.get(n.URL+"/signin/start", "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example")
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || to.Query().Get("redirect_uri") != "https://tandem.acme.example/signin/back" {
		t.Errorf("sent to %s", to)
	}
}

func TestNamesThatAPageElsewhereGaveAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.node(func(c *signin.Config) { c.PublicURL, c.Hosts = "https://tandem.acme.example", []string{"inside"} })
	for host, want := range map[string]int{
		"evil.example": http.StatusMisdirectedRequest, "127.0.0.1.evil.example": http.StatusMisdirectedRequest,
		"tandem.acme.example": http.StatusOK, "inside:80": http.StatusOK, "localhost:8080": http.StatusOK,
	} {
		b := newBrowser(t)
		r := b.request(http.MethodGet, n.URL+"/assets/x", nil)
		r.Host = host
		if got := b.do(r); got.status != want {
			t.Errorf("%s: %d", host, got.status)
		}
	}
}
