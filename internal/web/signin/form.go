package signin

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// Field is the name of the field of forms that holds TokenOf, and Header that of
// the header in which scripts send it.
const (
	Field  = "csrf"
	Header = "X-Csrf-Token"
)

// shows reports whether a request holds the token of the session's forms.
func (v *visitor) shows(r *http.Request) bool {
	if token := r.Header.Get(Header); token != "" {
		return same(token, v.csrf())
	}
	if kind := mediaType(r); kind != formKind && kind != partsKind {
		return false
	}
	return same(r.PostFormValue(Field), v.csrf())
}

// The ways in which browsers send forms.
const (
	formKind  = "application/x-www-form-urlencoded"
	partsKind = "multipart/form-data"
)

func mediaType(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// receive lets through what somebody sends who is signed in.
func (g *Gate) receive(w http.ResponseWriter, r *http.Request, v *visitor, pages http.Handler) {
	if err := g.origin.Check(r); err != nil {
		g.refuseOrigin(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if r.Header.Get(Header) == "" && tooLarge(r) {
		g.refuseLarge(w)
		return
	}
	if !v.shows(r) { // mostly the page was loaded under the session before this one
		g.show(w, http.StatusForbidden, "Nothing was sent", "unsent", g.again(v, unsentOf(r)))
		return
	}
	if v.session.Unsent {
		if err := g.Store.KeepUnsent(r.Context(), v.session.Hash, ""); err != nil {
			g.Log.Warn("what was not sent could not be removed", "err", err)
		}
	}
	pages.ServeHTTP(w, r.WithContext(with(r.Context(), v)))
}

// tooLarge reads the form of a request, and reports whether it was cut off.
func tooLarge(r *http.Request) bool {
	_, large := errors.AsType[*http.MaxBytesError](parse(r))
	return large
}

// parse reads the form of a request, where it has one.
func parse(r *http.Request) error {
	switch mediaType(r) {
	case formKind:
		return r.ParseForm()
	case partsKind:
		return r.ParseMultipartForm(maxBody)
	default:
		return nil
	}
}

func (g *Gate) refuseLarge(w http.ResponseWriter) {
	g.refuse(w, http.StatusRequestEntityTooLarge, refusal{Title: "This is too much at once", Text: "Nothing was sent: it is larger than 1 MB.", Remedy: "Send less at a time."})
}

// unsent is a form that somebody wanted to send.
type unsent struct {
	Path   string  `json:"path"`
	Fields []field `json:"fields"`
}

type field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Long reports whether a value needs more than a line.
func (f field) Long() bool { return len(f.Value) > 60 || strings.ContainsAny(f.Value, "\r\n") }

// largestUnsent is how much is kept of a form.
const largestUnsent = 64 << 10

// unsentOf reads the form of a request, without its token.
func unsentOf(r *http.Request) unsent {
	u := unsent{Path: Local(r.URL.RequestURI())}
	_ = parse(r) // what was read until then is shown
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name == Field {
			continue
		}
		for _, value := range r.PostForm[name] {
			u.Fields = append(u.Fields, field{name, value})
		}
	}
	return u
}

// leftover is what the page shows of a form that was not sent.
type leftover struct {
	unsent
	// Token is that of the session; empty where nobody is signed in.
	Token string
	// SignIn is where to sign in, and Kept says that the form is shown again then.
	SignIn string
	Kept   bool
	// Discard is where the form is forgotten.
	Discard string
}

func (g *Gate) again(v *visitor, u unsent) leftover {
	return leftover{unsent: u, Token: v.csrf(), Discard: pathDiscard}
}

// keepUnsent answers a form that came without a session. Nothing of it is done.
// It is kept only for whoever was signed in before: nobody else fills the store.
func (g *Gate) keepUnsent(w http.ResponseWriter, r *http.Request, v *visitor) {
	if err := g.origin.Check(r); err != nil {
		g.refuseOrigin(w)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if !navigates(r) {
		http.Error(w, "sign in again; nothing was sent", http.StatusUnauthorized)
		return
	}
	if tooLarge(r) {
		g.refuseLarge(w)
		return
	}
	u := unsentOf(r)
	page := leftover{unsent: u, SignIn: pathIn + "?next=" + pathUnsent}
	if v != nil {
		page.Kept = g.keep(r.Context(), v, u)
	}
	g.show(w, http.StatusUnauthorized, "Nothing was sent", "unsent", page)
}

func (g *Gate) keep(ctx context.Context, v *visitor, u unsent) bool {
	body, err := json.Marshal(u)
	if err != nil || len(body) > largestUnsent {
		return false
	}
	if err := g.Store.KeepUnsent(ctx, v.session.Hash, string(body)); err != nil {
		g.Log.Warn("what was not sent could not be kept", "err", err)
		return false
	}
	return true
}

// showUnsent shows what somebody wanted to send before signing in again.
func (g *Gate) showUnsent(w http.ResponseWriter, r *http.Request) {
	v, err := g.visitorOf(r)
	if err != nil || !v.live() {
		http.Redirect(w, r, pathIn+"?next="+pathUnsent, http.StatusSeeOther)
		return
	}
	body, err := g.Store.Unsent(r.Context(), v.session.Hash)
	if err != nil {
		g.Log.Error("what was not sent could not be read", "err", err)
		g.refuseAgain(w, http.StatusServiceUnavailable, "What you wanted to send could not be read.", "Load this page again. The log of the daemon says what failed.")
		return
	}
	var u unsent
	if body == "" || json.Unmarshal([]byte(body), &u) != nil {
		http.Redirect(w, r, home, http.StatusSeeOther)
		return
	}
	u.Path = Local(u.Path)
	g.show(w, http.StatusOK, "Nothing was sent", "unsent", g.again(v, u))
}

// discard forgets what was not sent.
func (g *Gate) discard(w http.ResponseWriter, r *http.Request) {
	v, err := g.visitorOf(r)
	if err == nil && v.live() && v.shows(r) {
		err = g.Store.KeepUnsent(r.Context(), v.session.Hash, "")
	}
	if err != nil {
		g.Log.Error("what was not sent could not be removed", "err", err)
	}
	http.Redirect(w, r, home, http.StatusSeeOther)
}
