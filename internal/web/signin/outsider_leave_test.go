package signin_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"tandem/internal/web/signin"
)

func TestWhoSignsOutMayDoSoAtAnOutsidersIssuer(t *testing.T) {
	t.Parallel()
	ended := func(i *outsideIssuer, c *signin.Config) {
		i.client["post_logout_redirect_uris"] = []string{c.PublicURL + "/signin/ended"}
	}
	t.Run("who agrees there is asked for a password again", func(t *testing.T) {
		t.Parallel()
		_, n, _ := outside(t, ended)
		b := newBrowser(t)
		b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "page /plan of")
		b.signOut(n).wants(t, http.StatusOK, "you may still be signed in", offer)
		if got := b.get(n.URL + "/plan"); got.asks() != "" || !strings.Contains(got.text, "page /plan of") {
			t.Errorf("the issuer forgot who it is: %s", got.text)
		}
		b.signOut(n)
		asked := b.get(n.URL + "/signin/end")
		asked.wants(t, http.StatusOK, "Do you want to sign-out")
		b.post(asked.action(), url.Values{"xsrf": {asked.hidden("xsrf")}, "logout": {"yes"}}).wants(t, http.StatusOK, "You are signed out of Tandem, and back from")
		if got := b.get(n.URL + "/plan"); got.asks() != "login" {
			t.Errorf("nobody was signed out there: %s", got.text)
		}
	})
	t.Run("who declines there is signed out here", func(t *testing.T) {
		t.Parallel()
		_, n, _ := outside(t, ended)
		b := newBrowser(t)
		b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "page /plan of")
		b.signOut(n)
		asked := b.get(n.URL + "/signin/end")
		b.post(asked.action(), url.Values{"xsrf": {asked.hidden("xsrf")}}).wants(t, http.StatusOK, "You are signed out of Tandem, and back from", "Sign in with")
	})
	t.Run("where our address is not entered it says so", func(t *testing.T) {
		t.Parallel()
		_, n, _ := outside(t, nil)
		b := newBrowser(t)
		b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "page /plan of")
		b.signOut(n)
		b.get(n.URL+"/signin/end").wants(t, http.StatusBadRequest, "post_logout_redirect_uri not registered")
	})
	t.Run("who could not be let in signs out there to be somebody else", func(t *testing.T) {
		t.Parallel()
		_, n, _ := outside(t, ended)
		b := newBrowser(t)
		b.signIn(n.URL+"/plan", "8:bo").wants(t, http.StatusForbidden, "Sign in as somebody else")
		b.get(n.URL+"/signin?out=1").wants(t, http.StatusOK, offer)
		asked := b.get(n.URL + "/signin/end")
		b.post(asked.action(), url.Values{"xsrf": {asked.hidden("xsrf")}, "logout": {"yes"}})
		b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "web:ana@acme.example")
	})
	t.Run("not where the issuer cannot", func(t *testing.T) {
		t.Parallel()
		_, n, _ := outside(t, func(i *outsideIssuer, _ *signin.Config) {
			i.configuration["features"].(object)["rpInitiatedLogout"] = object{"enabled": false}
		})
		b := newBrowser(t)
		b.signIn(n.URL+"/plan", "7:ana").wants(t, http.StatusOK, "page /plan of")
		if got := b.signOut(n); strings.Contains(got.text, offer) {
			t.Errorf("it is offered: %s", got.text)
		}
	})
}

// hidden finds the value of a hidden field.
func (r reply) hidden(name string) string {
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(r.text)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}
