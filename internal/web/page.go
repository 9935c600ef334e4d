package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"tandem/internal/view"
)

// visit is one request of somebody who is signed in.
type visit struct {
	*http.Request

	web *Web
	who view.Who
	// see is what this person may see and do.
	see *view.Visit
	// token is what this person's forms carry.
	token string
	w     http.ResponseWriter
	// link is that through which somebody looks who did not sign in; nil where
	// somebody did.
	link *Link
}

// page is one page.
type page struct {
	path string
	// name is what the navigation calls it; empty where it does not list it.
	name string
	show func(*visit) (content, error)
}

// content is what a page shows inside the frame that all have.
type content struct {
	title string
	// body names the template.
	body   string
	data   any
	status int // 200 where it is 0
	// to is where to go on instead, where it is not empty.
	to string
}

// act is something that a form does.
type act struct {
	path string
	role view.Role
	// do returns what the person is told, and where they go on.
	do func(*visit) (said note, back string, err error)
}

// note tells a person what became of what they did.
type note struct {
	// Kind is a class of the style: good, warn, bad, or empty.
	Kind, Text string
}

// shown answers with a page.
func (w *Web) shown(p page) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v, ok := w.visit(rw, r)
		if !ok {
			return
		}
		c, err := p.show(v)
		if err != nil {
			v.fail(err)
			return
		}
		v.render(c)
	})
}

// visit tells who asks.
func (w *Web) visit(rw http.ResponseWriter, r *http.Request) (*visit, bool) {
	who, ok := w.Who(r.Context())
	if !ok {
		http.Error(rw, "nobody is signed in", http.StatusUnauthorized)
		return nil, false
	}
	v := &visit{Request: r, web: w, who: who, see: w.Desk.Visit(r.Context(), who), token: w.Token(r.Context()), w: rw}
	return v, v.ownSide(r.Context())
}

// done carries out what a form asks for, and leads on: a page that is loaded
// again sends nothing twice.
func (w *Web) done(a act) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		v, ok := w.visit(rw, r)
		if !ok {
			return
		}
		if v.who.Role < a.role {
			v.fail(view.NewProblem(http.StatusForbidden, "role", "your role is "+v.who.Role.String(), "ask somebody with the role "+a.role.String()))
			return
		}
		said, back, err := a.do(v)
		if err != nil {
			v.fail(err)
			return
		}
		v.say(said)
		http.Redirect(rw, r, local(back), http.StatusSeeOther)
	})
}

// local returns a path on this server; the first page for anything else.
func local(back string) string {
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return back
}

// problemOf is what people are told of an error, where it is meant for them.
func problemOf(err error) (*view.Problem, bool) { return errors.AsType[*view.Problem](err) }

// fail shows what is wrong and what would be right. What is not meant for
// people is logged and not told.
func (v *visit) fail(err error) {
	told, ok := errors.AsType[*view.Problem](err)
	if !ok {
		v.web.Log.Error("a page could not be shown", "kind", v.Method+" "+v.Pattern, "role", v.who.Name, "err", err)
		told = view.NewProblem(http.StatusInternalServerError, "internal", "something failed here", "try again; the log of the daemon says what failed")
	}
	told = told.ForPage()
	data := map[string]any{"Problem": told, "Back": v.back(), "Sent": v.sent()}
	v.render(content{title: told.Title, body: "problem.html", data: data, status: told.Status})
}

// typed is a text that a person wrote into a form that was refused.
type typed struct{ Name, Text string }

// sent are the texts of a form that was refused, so that nobody types them
// twice.
func (v *visit) sent() []typed {
	var all []typed
	for _, name := range []string{"because", "answer", "rules"} {
		if text := v.PostForm.Get(name); text != "" {
			all = append(all, typed{name, text})
		}
	}
	return all
}

// render sends a page, or leads to another.
func (v *visit) render(c content) {
	if c.to != "" {
		http.Redirect(v.w, v.Request, local(c.to), http.StatusSeeOther)
		return
	}
	v.web.write(v.w, c.body, v.frame(c), c.status)
}

// write sends a page. It is made whole first: half a page tells nobody that the
// rest is missing.
func (w *Web) write(rw http.ResponseWriter, name string, f frame, status int) {
	t, ok := w.bodies[name]
	if !ok {
		w.Log.Error("a page has no template", "kind", name)
		http.Error(rw, "this page has no template", http.StatusInternalServerError)
		return
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", f); err != nil {
		w.Log.Error("a page could not be made", "kind", name, "err", err)
		http.Error(rw, "this page could not be made; the log of the daemon says why", http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	if status != 0 {
		rw.WriteHeader(status)
	}
	_, _ = rw.Write(b.Bytes()) // whoever asked is gone
}

func noPage() error {
	return view.NewProblem(http.StatusNotFound, "not-found", "there is no such page", "choose one above")
}

// stray answers what no page takes.
func (w *Web) stray(rw http.ResponseWriter, r *http.Request) {
	if v, ok := w.visit(rw, r); ok {
		v.fail(noPage())
	}
}
