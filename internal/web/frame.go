package web

import (
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"tandem/internal/view"
)

// frame is what every page has around its content.
type frame struct {
	Title, Instance, Version, Theme string
	// Path is the page and its query, to come back to.
	Path string
	// CSRF is the token that forms carry.
	CSRF string
	Who  view.Who
	// Shared: nobody signed in, and nothing is told but what the page shows.
	Shared bool
	Nav    []place
	Note   *note
	Data   any
}

// place is a page in the navigation.
type place struct {
	Path, Name string
	Here       bool
}

func (v *visit) frame(c content) frame {
	if v.link != nil {
		return frame{Title: c.title, Theme: v.theme(), Shared: true, Data: c.data}
	}
	f := frame{
		Title: c.title, Instance: v.web.Instance, Version: v.web.Version, Theme: v.theme(), Path: v.URL.RequestURI(),
		CSRF: v.token, Who: v.who, Note: v.heard(), Data: c.data,
	}
	for _, p := range v.web.pages() {
		if p.name != "" {
			path := strings.TrimSuffix(p.path, "{$}")
			f.Nav = append(f.Nav, place{path, p.name, path == v.URL.Path})
		}
	}
	return f
}

// Outside shows a page to somebody who is not signed in: of the gate in front.
// The body is HTML of the gate's own templates.
func (w *Web) Outside(rw http.ResponseWriter, title string, body template.HTML, status int) {
	f := frame{Title: title, Instance: w.Instance, Version: w.Version, Data: body}
	w.write(rw, "outside.html", f, status)
}

// The cookies that hold no secret: the colours that a person chose, and what the
// last form did.
const (
	themeCookie = "tandem-theme"
	noteCookie  = "tandem-note"
)

// theme is light or dark; empty where the browser decides.
func (v *visit) theme() string {
	if c, err := v.Cookie(themeCookie); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// year is how long a choice of colours is kept, in seconds.
const year = 365 * 24 * 3600

// choose changes the colours.
func (v *visit) choose() (note, string, error) {
	theme := v.PostFormValue("theme")
	age := year
	if theme != "light" && theme != "dark" {
		age = -1
	}
	http.SetCookie(v.w, &http.Cookie{Name: themeCookie, Value: theme, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: v.TLS != nil})
	return note{}, v.PostFormValue("back"), nil
}

// say keeps what is told on the next page.
func (v *visit) say(n note) {
	if n.Text == "" {
		return
	}
	value := base64.RawURLEncoding.EncodeToString([]byte(n.Kind + "\n" + n.Text))
	http.SetCookie(v.w, &http.Cookie{Name: noteCookie, Value: value, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: v.TLS != nil})
}

// heard returns what the last form did, once.
func (v *visit) heard() *note {
	c, err := v.Cookie(noteCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(v.w, &http.Cookie{Name: noteCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: v.TLS != nil})
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	kind, words, ok := strings.Cut(string(text), "\n")
	if err != nil || !ok {
		return nil
	}
	return &note{kind, words}
}
