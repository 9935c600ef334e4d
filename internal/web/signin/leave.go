package signin

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"time"
)

// Signing out ends the session here, and asks nobody. Only then the page offers
// to sign out at the issuer too (OpenID Connect RP-Initiated Logout 1.0): an
// issuer that fails keeps no session of Tandem alive.

// endCookie is the name of the cookie of a browser that went to sign out there.
const endCookie = "tandem-end"

// ending is the state by which the issuer's answer is known.
func ending(key []byte) string { return text(mac(key, "end")) }

// leave sends somebody who is signed out to the issuer, to sign out there. It
// names the client and not the person: an ID token to show is not kept, so that
// the issuer asks before it ends anything.
func (g *Gate) leave(w http.ResponseWriter, r *http.Request) {
	if !g.knowsEnd() {
		g.refuseEnd(w, http.StatusNotFound, "Tandem does not know how to sign out there.")
		return
	}
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" { // nobody has clicked yet
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if v, err := g.visitorOf(r); err != nil || v.live() { // a link ends no session
		http.Redirect(w, r, home, http.StatusSeeOther)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), issuerTime)
	defer cancel()
	d, err := g.issuer.discover(ctx)
	if err != nil || d.end == "" {
		g.refuseEnd(w, http.StatusBadGateway, "It does not answer now, or does not say how to sign out.")
		return
	}
	to, err := url.Parse(d.end)
	if err != nil {
		g.refuseEnd(w, http.StatusBadGateway, "It does not say how to sign out.")
		return
	}
	key := newID()
	query := to.Query() // which it may have of its own
	query.Set("client_id", g.OIDC.ClientID)
	query.Set("post_logout_redirect_uri", g.issuer.ended)
	query.Set("state", ending(key))
	to.RawQuery = query.Encode()
	g.setCookie(w, r, endCookie, text(key), flowSpan)
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

// left shows to whom the issuer sends back that they are signed out here. Whether
// they are there only the issuer knows: people may decline.
func (g *Gate) left(w http.ResponseWriter, r *http.Request) {
	back := false
	if c, err := r.Cookie(g.cookieName(r, endCookie)); err == nil {
		key, err := base64.RawURLEncoding.DecodeString(c.Value)
		back = err == nil && len(key) == idSize && same(ending(key), r.URL.Query().Get("state"))
		g.setCookie(w, r, endCookie, "", time.Duration(0))
	}
	if v, err := g.visitorOf(r); err == nil && v.live() {
		http.Redirect(w, r, home, http.StatusSeeOther)
		return
	}
	page := g.ways(home, true, "")
	if back {
		page.End, page.Back = "", true
	}
	g.show(w, http.StatusOK, "Sign in", "signin", page)
}

// knowsEnd reports whether people may be sent to the issuer to sign out, as far
// as the settings go.
func (g *Gate) knowsEnd() bool { return g.issuer != nil && g.OIDC.SignOut && g.issuer.ended != "" }

// offersEnd reports whether the issuer announced that it can be done. It asks
// nobody: the page that says who is signed out does not wait.
func (g *Gate) offersEnd() bool {
	if !g.knowsEnd() {
		return false
	}
	d := g.issuer.known.Load()
	return d != nil && d.end != ""
}

func (g *Gate) refuseEnd(w http.ResponseWriter, status int, said string) {
	g.refuse(w, status, refusal{
		Title: "You may still be signed in at the issuer", Text: "You are signed out of Tandem. " + said,
		Remedy: "Sign out at the issuer itself, or close the browser.", Link: pathIn + "?out=1", LinkText: "Sign in",
	})
}
