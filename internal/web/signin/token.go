package signin

import (
	"net/http"
	"net/url"

	"tandem/internal/door"
)

// showSignIn shows the ways in, or goes the only one at once.
func (g *Gate) showSignIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	next := Local(query.Get("next"))
	if once := query.Get("once"); once != "" {
		g.takeOnce(w, r, once, next)
		return
	}
	if v, err := g.visitorOf(r); err == nil && v.live() {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	start := pathStart + "?next=" + url.QueryEscape(next)
	if g.issuer != nil && g.admin == nil && query.Get("out") == "" {
		http.Redirect(w, r, start, http.StatusSeeOther)
		return
	}
	g.show(w, http.StatusOK, "Sign in", "signin", g.ways(next, query.Get("out") != "", ""))
}

// ways is what the page of sign-in shows.
type ways struct {
	Issuer, Start string // empty without an issuer
	Token         bool
	Action, Next  string
	Out           bool
	// End is where to sign out at the issuer, Back that somebody was there.
	End   string
	Back  bool
	Wrong string
}

func (g *Gate) ways(next string, out bool, wrong string) ways {
	s := ways{Token: g.admin != nil, Action: pathIn, Next: next, Out: out, Wrong: wrong}
	if g.issuer != nil {
		u, err := url.Parse(g.OIDC.Issuer)
		if err == nil {
			s.Issuer = u.Host
		}
		s.Start = pathStart + "?next=" + url.QueryEscape(next)
	}
	if out && g.offersEnd() {
		s.End = pathLeave
	}
	return s
}

// takeOnce signs in by a link for one time. Only a person uses it up.
func (g *Gate) takeOnce(w http.ResponseWriter, r *http.Request, once, next string) {
	remote := door.Neighbourhood(r.RemoteAddr)
	if wait := g.failed.Wait(remote); wait > 0 {
		g.refuseTooMany(w, wait)
		return
	}
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if !g.once.take(once) {
		g.failed.Take(remote)
		g.refuseAgain(w, http.StatusForbidden, "This link was used already, or is older than an hour.", "Ask for a new one where you got it: a demo prints it when it starts.")
		return
	}
	g.admit(w, r, admin(wayOnce), next)
}

// takeToken signs in with the token of the settings.
func (g *Gate) takeToken(w http.ResponseWriter, r *http.Request) {
	if g.admin == nil {
		g.refuseAgain(w, http.StatusNotFound, "No token is configured.", "Sign in at the issuer, or write web: {token: {env: TANDEM_WEB_TOKEN}} to tandem.yaml.")
		return
	}
	remote := door.Neighbourhood(r.RemoteAddr)
	if wait := g.failed.Wait(remote); wait > 0 {
		g.refuseTooMany(w, wait)
		return
	}
	next := Local(r.PostFormValue("next"))
	if g.admin.Find(r.PostFormValue("token")) < 0 {
		g.failed.Take(remote)
		g.Log.Warn("a wrong token was tried", "kind", wayToken, "ref", remote)
		g.show(w, http.StatusForbidden, "Sign in", "signin", g.ways(next, false, "This is not the token. It is what web: {token: …} in tandem.yaml names; the value itself stands in that variable or file."))
		return
	}
	g.admit(w, r, admin(wayToken), next)
}
