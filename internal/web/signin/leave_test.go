package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tandem/internal/web/signin"
)

// signOut signs out here, and returns the page that comes.
func (b *browser) signOut(n *node) reply {
	b.t.Helper()
	return b.post(n.URL+"/signout", url.Values{"csrf": {b.get(n.URL + "/").csrf(b.t)}})
}

const offer = `<a href="/signin/end">Sign out at`

func TestSigningOutAtTheIssuerIsOfferedWhereItSaysHow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end    string
		change func(*signin.Config)
		want   string // the beginning of where the browser is sent; empty where it is not offered
	}{
		"it says so":              {end: "https://login.acme.example/bye", want: "https://login.acme.example/bye?client_id=tandem&post_logout_redirect_uri=http"},
		"with a query of its own": {end: "https://login.acme.example/bye?realm=a%26b", want: "https://login.acme.example/bye?client_id=tandem&post_logout_redirect_uri=http"},
		"it does not say":         {},
		"it says nonsense":        {end: "javascript:alert(1)"},
		"not encrypted":           {end: "http://login.acme.example/bye"},
		"the settings say no":     {end: "https://login.acme.example/bye", change: func(c *signin.Config) { c.OIDC.SignOut = false }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldAlone(t)
			w.issuer.set(func() { w.issuer.end = c.end })
			n := w.node(c.change)
			b := newBrowser(t)
			b.get(n.URL+"/").wants(t, http.StatusOK)
			if status, to := b.step(n.URL + "/signin/end"); c.want != "" && (status != http.StatusSeeOther || to != "/") {
				t.Errorf("while signed in a link leads to %q with %d", to, status)
			}
			out := b.signOut(n)
			out.wants(t, http.StatusOK, "You are signed out of Tandem", "you may still be signed in")
			if offered := strings.Contains(out.text, offer); offered != (c.want != "") {
				t.Errorf("offered: %t: %s", offered, out.text)
			}
			if rows := w.rows(); rows != "" {
				t.Errorf("there is still a session: %s", rows)
			}
			status, to := b.step(n.URL + "/signin/end")
			if c.want == "" {
				if status < 400 {
					t.Errorf("sent to %q", to)
				}
				return
			}
			if !strings.HasPrefix(to, c.want) {
				t.Errorf("sent to %q", to)
			}
			query := address(t, to).Query()
			if query.Get("post_logout_redirect_uri") != n.URL+"/signin/ended" || strings.Contains(to, "ana") || query.Get("id_token_hint") != "" {
				t.Errorf("sent to %q", to)
			}
			if c.end != "https://login.acme.example/bye" && query.Get("realm") != "a&b" {
				t.Errorf("what stood there is lost: %q", to)
			}
			back := n.URL + "/signin/ended?state=" + url.QueryEscape(query.Get("state"))
			newBrowser(t).get(back).wants(t, http.StatusOK, "You are signed out of Tandem. At ") // of somebody else
			b.get(back).wants(t, http.StatusOK, "You are signed out of Tandem, and back from", "Sign in with")
			b.get(back).wants(t, http.StatusOK, "You are signed out of Tandem. At ") // loaded again
		})
	}
}

func TestAnIssuerThatFailsKeepsNoSessionAlive(t *testing.T) {
	t.Parallel()
	w := newWorldAlone(t)
	w.issuer.set(func() { w.issuer.end = w.issuer.URL + "/bye" })
	n := w.node(nil)
	b := newBrowser(t)
	b.get(n.URL+"/").wants(t, http.StatusOK)
	kept := b.cookie(n)
	w.issuer.set(func() { w.issuer.down = true })
	b.signOut(n).wants(t, http.StatusOK, "You are signed out of Tandem", offer)
	b.get(n.URL+"/signin/end").wants(t, http.StatusServiceUnavailable) // of the issuer itself
	w.clock.pass(time.Hour)
	other := w.node(nil) // a node that never read what the issuer says
	b.get(other.URL+"/signin/end").wants(t, http.StatusBadGateway, "You are signed out of Tandem. It does not answer now", "Sign out at the issuer itself")
	b.setCookie(n, "tandem", kept)
	if status, _ := b.step(n.URL + "/"); status != http.StatusSeeOther || w.rows() != "" {
		t.Errorf("the session counts: %d, %s", status, w.rows())
	}
}

func TestAPreviewOfTheLinkSignsNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.issuer.set(func() { w.issuer.end = "https://login.acme.example/bye" })
	n := w.node(nil)
	if got := newBrowser(t).get(n.URL+"/signin/end", "Sec-Purpose", "prefetch"); got.status != http.StatusNoContent || got.header.Get("Set-Cookie") != "" {
		t.Errorf("got %d and %q", got.status, got.header.Get("Set-Cookie"))
	}
}
