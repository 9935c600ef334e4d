package signin

import (
	_ "embed"
	"errors"
	"html/template"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed pages.html
var pages string

func templates() *template.Template {
	return template.Must(template.New("").Parse(pages)) // parsed by every test
}

// refusal is a page that says what is wrong and what would be right.
type refusal struct {
	Title, Text, Remedy string
	// Link leads on; home where it is empty.
	Link, LinkText string
	// Groups are those that the issuer named, where that is the matter.
	Groups []string
}

// show writes a page of the gate.
func (g *Gate) show(w http.ResponseWriter, status int, title, name string, data any) {
	var body strings.Builder
	if err := g.texts.ExecuteTemplate(&body, name, data); err != nil {
		g.Log.Error("a page could not be made", "kind", name, "err", err)
		http.Error(w, "something failed here; the log of the daemon says what", http.StatusInternalServerError)
		return
	}
	content := template.HTML(body.String()) // by our template, which escapes
	if g.Render != nil {
		g.Render(w, title, content, status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_ = g.texts.ExecuteTemplate(w, "whole", map[string]any{"Title": title, "Body": content}) // the client has gone
}

func (g *Gate) refuse(w http.ResponseWriter, status int, p refusal) {
	if p.Link == "" {
		p.Link, p.LinkText = home, "To the first page"
	}
	g.show(w, status, p.Title, "refusal", p)
}

// refuseAgain refuses a sign-in that may be tried again.
func (g *Gate) refuseAgain(w http.ResponseWriter, status int, said, remedy string) {
	g.refuse(w, status, refusal{Title: "You are not signed in", Text: said, Remedy: remedy, Link: pathIn, LinkText: "Sign in"})
}

// refuseIssuer says why the issuer could not be used.
func (g *Gate) refuseIssuer(w http.ResponseWriter, err error) {
	told, ok := errors.AsType[*issuerError](err)
	if !ok {
		g.Log.Warn("somebody could not sign in", "kind", wayOIDC, "err", err)
		told = &issuerError{"The issuer did not answer in time.", "Sign in again in a moment."}
	}
	g.refuseAgain(w, http.StatusBadGateway, told.Text, told.Remedy)
}

func (g *Gate) refuseTooMany(w http.ResponseWriter, wait time.Duration) {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", seconds)
	g.refuse(w, http.StatusTooManyRequests, refusal{Title: "Too many tries", Text: "Too many of this address failed.", Remedy: "Try again in " + seconds + " seconds."})
}

// mostGroups bounds how many groups a page lists.
const mostGroups = 30

// refuseStranger says to somebody whom the issuer knows that no grant fits.
func (g *Gate) refuseStranger(w http.ResponseWriter, name string, groups []string) {
	p := refusal{
		Title: "You may not see anything here yet", Text: "You are " + strings.TrimPrefix(name, "web:") + " at the issuer, and no grant is for one of your groups.",
		Remedy: "Ask an admin to add one of them to web: {oidc: {grants: […]}} in tandem.yaml.", Link: pathIn + "?out=1", LinkText: "Sign in as somebody else",
		Groups: groups[:min(len(groups), mostGroups)],
	}
	if len(groups) == 0 {
		p.Text = "You are " + strings.TrimPrefix(name, "web:") + " at the issuer, which named no groups of yours in the claim " + g.OIDC.GroupsClaim + "."
		p.Remedy = "Ask whoever runs the issuer to send that claim to Tandem, or an admin to write the right name to web: {oidc: {groups: …}} in tandem.yaml."
	}
	g.refuse(w, http.StatusForbidden, p)
}

// showOff says how sign-in is configured. Nothing else is shown without it.
func (g *Gate) showOff(w http.ResponseWriter) {
	g.show(w, http.StatusForbidden, "Nobody can sign in yet", "off", nil)
}
