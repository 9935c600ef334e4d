package signin

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"time"

	"tandem/internal/view"
	"tandem/internal/work"
)

// The times of a session.
const (
	// longest is when the person has to sign in again, so that groups are read
	// again; idle is the same after the last request.
	longest = 8 * time.Hour
	idle    = 2 * time.Hour
	// often is how exactly the last request is noted.
	often = time.Minute
	// kept is for how long a browser keeps the cookie: what was not sent when the
	// session was over can be shown to its person until then.
	kept = 3 * 24 * time.Hour
)

// The ways in.
const (
	wayOIDC  = "oidc"
	wayToken = "token"
	wayOnce  = "once"
)

// visitor is whoever has a cookie. The nil visitor has none.
type visitor struct {
	id      []byte
	session work.Session
	who     view.Who
	alive   bool
}

func (v *visitor) live() bool { return v != nil && v.alive }

// csrf is the token of the session's forms. It tells nothing of the id.
func (v *visitor) csrf() string {
	if len(v.id) == 0 {
		return ""
	}
	return text(mac(v.id, "csrf"))
}

// idSize is how many random bytes an id has.
const idSize = 32

func newID() []byte {
	id := make([]byte, idSize)
	_, _ = rand.Read(id) // never fails
	return id
}

func text(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// mac is a hash of words that nobody makes without the key.
func mac(key []byte, words ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, w := range words {
		sum := sha256.Sum256([]byte(w))
		h.Write(sum[:]) // never fails
	}
	return h.Sum(nil)
}

func hashOf(id []byte) string {
	sum := sha256.Sum256(id)
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// cookieName is that of the cookie of a session, or of what name says.
func (g *Gate) cookieName(r *http.Request, name string) string {
	if g.secured(r) {
		return "__Host-" + name
	}
	return name
}

// secured reports whether browsers reach the page by TLS.
func (g *Gate) secured(r *http.Request) bool { return g.secure || r.TLS != nil }

func (g *Gate) setCookie(w http.ResponseWriter, r *http.Request, name, value string, span time.Duration) {
	c := &http.Cookie{
		Name: g.cookieName(r, name), Value: value, Path: "/", MaxAge: int(span.Seconds()), HttpOnly: true, Secure: g.secured(r), SameSite: http.SameSiteLaxMode,
	}
	if span == 0 {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// sessionCookie is the name of the cookie that has the id.
const sessionCookie = "tandem"

// idOf returns the id that a browser shows; nil where it shows none.
func (g *Gate) idOf(r *http.Request) []byte {
	c, err := r.Cookie(g.cookieName(r, sessionCookie))
	if err != nil {
		return nil
	}
	id, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(id) != idSize {
		return nil
	}
	return id
}

// visitorOf returns whose session a request shows; nil where it shows none that
// is known.
func (g *Gate) visitorOf(r *http.Request) (*visitor, error) {
	id := g.idOf(r)
	if id == nil {
		return nil, nil
	}
	ctx := r.Context()
	s, known, err := g.Store.Session(ctx, hashOf(id))
	if err != nil || !known {
		return nil, err
	}
	v := &visitor{id: id, session: s}
	now := g.Now()
	if !s.Ended.IsZero() || now.Sub(s.Began) >= longest || now.Sub(s.Seen) >= idle {
		return v, nil
	}
	who, verdict := g.rightsOf(v)
	switch verdict {
	case changed:
		g.Log.Info("a session ended: its rights are others now", "role", s.Name, "kind", s.Kind)
		return v, g.Store.EndSession(ctx, s.Hash)
	case unknown:
		return v, nil
	case valid:
	}
	v.who, v.alive = who, true
	if now.Sub(s.Seen) >= often && (navigates(r) || !reads(r)) { // a page that asks by itself keeps nobody signed in
		if err := g.Store.SeeSession(ctx, s.Hash, now); err != nil {
			g.Log.Warn("it could not be noted that a session is used", "err", err)
		}
	}
	return v, nil
}

// verdict is what became of the rights of a session.
type verdict uint8

const (
	valid verdict = iota
	// changed rights end the session; unknown ones wait until they are known.
	changed
	unknown
)

// rightsOf returns who somebody is by the settings of now.
func (g *Gate) rightsOf(v *visitor) (view.Who, verdict) {
	s := &v.session
	source, verdict := g.sourceOf(v.id, s.Kind)
	if verdict != valid {
		return view.Who{}, verdict
	}
	who := g.whoOf(s)
	if !same(source, s.Source) || who.Role == 0 || rightsText(who) != s.Rights {
		return view.Who{}, changed
	}
	return who, valid
}

// whoOf returns who the person of a session is; without a role where the
// settings give none.
func (g *Gate) whoOf(s *work.Session) view.Who {
	who := view.Who{Name: s.Name, Role: view.Admin, Audience: work.Restricted}
	if s.Kind == wayOIDC {
		who.Role, who.Audience = granted(g.OIDC.Grants, s.Groups)
		if s.Email != "" && g.PersonOf != nil {
			who.Person = g.PersonOf(s.Email)
		}
	}
	return who
}

func rightsText(w view.Who) string { return w.Role.String() + " " + w.Audience.String() }

// sourceOf returns a hash of what gives rights to those who came a way.
func (g *Gate) sourceOf(id []byte, way string) (string, verdict) {
	switch {
	case way == wayOIDC && g.issuer != nil:
		return text(mac(id, way, g.OIDC.Issuer, g.OIDC.ClientID, g.OIDC.GroupsClaim)), valid
	case way == wayToken && g.admin != nil:
		sum, ok := g.admin.Sum(0)
		if !ok {
			return "", unknown
		}
		return text(mac(id, way, string(sum[:]))), valid
	case way == wayOnce && g.once.given():
		return text(mac(id, way, string(g.once.life))), valid
	default:
		return "", changed
	}
}

// admit begins a session for somebody, with a new id, and goes on to a path.
func (g *Gate) admit(w http.ResponseWriter, r *http.Request, s work.Session, next string) {
	id := newID()
	s.Hash, s.Began, s.Seen = hashOf(id), g.Now(), g.Now()
	var verdict verdict
	if s.Source, verdict = g.sourceOf(id, s.Kind); verdict != valid {
		g.refuseAgain(w, http.StatusServiceUnavailable, "The token of the settings cannot be read now.", "Try again. The log of the daemon says why.")
		return
	}
	who := g.whoOf(&s)
	s.Rights = rightsText(who)
	former := ""
	if old := g.idOf(r); old != nil {
		former = hashOf(old)
	}
	unsent, err := g.Store.BeginSession(r.Context(), s, former)
	if err != nil {
		g.Log.Error("a session could not be kept", "err", err)
		g.refuseAgain(w, http.StatusServiceUnavailable, "Your session could not be kept.", "Try again. The log of the daemon says what failed.")
		return
	}
	g.Log.Info("somebody signed in", "role", s.Name, "kind", s.Kind)
	g.setCookie(w, r, sessionCookie, text(id), kept)
	if unsent {
		next = pathUnsent
	}
	http.Redirect(w, r, Local(next), http.StatusSeeOther)
}

// signOut ends the session of this browser, wherever the form came from on our
// pages.
func (g *Gate) signOut(w http.ResponseWriter, r *http.Request) {
	v, err := g.visitorOf(r)
	if err == nil && v != nil {
		if v.live() && !v.shows(r) {
			g.refuse(w, http.StatusForbidden, refusal{Title: "You are still signed in", Text: "The page that asked to sign you out is of another session.", Remedy: "Go back, load the page again, and sign out there."})
			return
		}
		err = g.Store.DropSession(context.WithoutCancel(r.Context()), v.session.Hash)
	}
	if err != nil {
		g.Log.Error("a session could not be removed", "err", err)
		g.refuseAgain(w, http.StatusServiceUnavailable, "You are still signed in: the session could not be removed.", "Try again. The log of the daemon says what failed.")
		return
	}
	g.setCookie(w, r, sessionCookie, "", 0)
	http.Redirect(w, r, pathIn+"?out=1", http.StatusSeeOther)
}
