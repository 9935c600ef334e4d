package signin

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/door"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// flowSpan is how long somebody may take at the issuer.
const flowSpan = 10 * time.Minute

// flow is one way to the issuer and back. Its key is in a cookie of the browser,
// so that any node may take up the answer; state, nonce and verifier all follow
// from it. The state vouches for the moment and the path too.
type flow struct {
	key   []byte
	began int64
	next  string
}

func (f *flow) label() string    { return text(mac(f.key, "label"))[:8] }
func (f *flow) nonce() string    { return text(mac(f.key, "nonce")) }
func (f *flow) verifier() string { return text(mac(f.key, "verifier")) }
func (f *flow) state() string {
	return f.label() + text(mac(f.key, "state", strconv.FormatInt(f.began, 10), f.next))
}

// cookie is the name of the flow's cookie: each has its own, since several pages
// may ask for a sign-in at the same time.
func (f *flow) cookie() string { return flowCookie + f.label() }

const flowCookie = "tandem-way-"

func (f *flow) String() string {
	return text(f.key) + "." + strconv.FormatInt(f.began, 10) + "." + text([]byte(f.next))
}

// parseFlow reads what String writes; nil where it is something else.
func parseFlow(s string) *flow {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return nil
	}
	key, err := base64.RawURLEncoding.DecodeString(parts[0])
	began, wrong := strconv.ParseInt(parts[1], 10, 64)
	next, odd := base64.RawURLEncoding.DecodeString(parts[2])
	if errors.Join(err, wrong, odd) != nil || len(key) != idSize {
		return nil
	}
	return &flow{key: key, began: began, next: string(next)}
}

// start sends a person to the issuer.
func (g *Gate) start(w http.ResponseWriter, r *http.Request) {
	if g.issuer == nil {
		g.refuseAgain(w, http.StatusNotFound, "No issuer is configured.", "Sign in with the token.")
		return
	}
	if g.issuer.back == "" {
		g.refuse(w, http.StatusServiceUnavailable, refusal{Title: "Nobody can sign in", Text: "It is not known where the issuer is to send you.", Remedy: "Write web: {public_url: …} to tandem.yaml."})
		return
	}
	if r.Method != http.MethodGet || r.Header.Get("Sec-Purpose") != "" { // nobody has clicked yet
		w.WriteHeader(http.StatusNoContent)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), issuerWait)
	defer cancel()
	d, err := g.issuer.discover(ctx)
	if err != nil {
		g.refuseIssuer(w, err)
		return
	}
	g.tidy(w, r)
	f := &flow{key: newID(), began: g.Now().Unix(), next: Local(r.URL.Query().Get("next"))}
	g.setCookie(w, r, f.cookie(), f.String(), flowSpan)
	config := g.issuer.ask(d)
	http.Redirect(w, r, config.AuthCodeURL(f.state(), oidc.Nonce(f.nonce()), oauth2.S256ChallengeOption(f.verifier())), http.StatusSeeOther)
}

// mostFlows is how many ways a browser may have begun.
const mostFlows = 8

// tidy forgets ways that were begun and not ended, before their cookies are more
// than a request holds.
func (g *Gate) tidy(w http.ResponseWriter, r *http.Request) {
	prefix := g.cookieName(r, flowCookie)
	var begun []string
	for _, c := range r.Cookies() {
		if label, ok := strings.CutPrefix(c.Name, prefix); ok {
			begun = append(begun, label)
		}
	}
	if len(begun) < mostFlows {
		return
	}
	for _, label := range begun {
		g.setCookie(w, r, flowCookie+label, "", 0)
	}
}

// flowOf finds the way that an answer of the issuer ends.
func (g *Gate) flowOf(r *http.Request) *flow {
	state := r.URL.Query().Get("state")
	if len(state) < 8 {
		return nil
	}
	c, err := r.Cookie(g.cookieName(r, flowCookie+state[:8]))
	if err != nil {
		return nil
	}
	f := parseFlow(c.Value)
	if f == nil || !same(f.state(), state) || g.Now().Sub(time.Unix(f.began, 0)) > flowSpan {
		return nil
	}
	return f
}

// back takes up the answer of the issuer.
func (g *Gate) back(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || g.issuer == nil {
		g.refuseAgain(w, http.StatusNotFound, "No issuer is configured.", "Sign in with the token.")
		return
	}
	f := g.flowOf(r)
	if f == nil {
		g.refuseAgain(w, http.StatusBadRequest, "This sign-in was not begun in this browser, was used already, or took too long.", "Sign in again.")
		return
	}
	g.setCookie(w, r, f.cookie(), "", 0) // one answer for each way
	if wait := g.asked.Take(door.Neighbourhood(r.RemoteAddr)); wait > 0 {
		g.refuseTooMany(w, wait)
		return
	}
	query := r.URL.Query()
	ctx, cancel := context.WithTimeout(r.Context(), issuerWait)
	defer cancel()
	d, err := g.issuer.discover(ctx)
	if err != nil {
		g.refuseIssuer(w, err)
		return
	}
	if issuer := query.Get("iss"); issuer != g.OIDC.Issuer && (issuer != "" || d.named) {
		g.refuseAgain(w, http.StatusBadRequest, "The answer is of another issuer than the one of the settings.", "Sign in again.")
		return
	}
	if code := query.Get("error"); code != "" {
		g.Log.Info("the issuer let somebody not sign in", "kind", wayOIDC, "rule", plainWord(code))
		g.refuseAgain(w, http.StatusForbidden, "The issuer did not let you sign in ("+plainWord(code)+").", "Sign in again, or ask whoever runs the issuer to let you use Tandem.")
		return
	}
	p, err := g.issuer.identify(ctx, query.Get("code"), f.verifier(), f.nonce())
	if err != nil {
		g.refuseIssuer(w, err)
		return
	}
	s := p.session(g.OIDC.Grants)
	if role, _ := granted(g.OIDC.Grants, s.Groups); role == 0 {
		g.Log.Info("somebody signed in whom no grant is for", "role", s.Name, "count", len(p.Groups))
		g.refuseStranger(w, s.Name, p.Groups)
		return
	}
	g.admit(w, r, s, f.next)
}
