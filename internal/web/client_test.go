package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"tandem/internal/view"
	"tandem/internal/work"
)

// csrf is the token that all forms must carry.
const csrf = "csrf-of-the-test"

// key is under which a request carries its person.
type key struct{}

func whoOf(ctx context.Context) (view.Who, bool) {
	who, ok := ctx.Value(key{}).(view.Who)
	return who, ok
}

// person is somebody who is signed in, by audience and role, such as
// internal-approver: ana where she approves, cy where he looks.
func person(name string) view.Who {
	audience, role, _ := strings.Cut(name, "-")
	who := view.Who{Name: "web:" + name + "@acme.example"}
	who.Audience, _ = work.ParseAudience(audience)
	who.Role, _ = view.ParseRole(role)
	who.Person = "cy"
	if who.Role >= view.Approver {
		who.Person = "ana"
	}
	return who
}

// reply is what came back.
type reply struct {
	status int
	header http.Header
	text   string
	// page is the document; nil where it is none.
	page *html.Node
}

// get asks for a page and checks that it is well made.
func (o *office) get(client, path string) reply {
	o.Helper()
	return o.send(client, httptest.NewRequestWithContext(o.Context(), http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody))
}

// post sends a form.
func (o *office) post(client, path string, form url.Values) reply {
	o.Helper()
	r := httptest.NewRequestWithContext(o.Context(), http.MethodPost, "http://127.0.0.1:8080"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return o.send(client, r)
}

func (o *office) send(client string, r *http.Request) reply {
	o.Helper()
	if client != "" {
		r = r.WithContext(context.WithValue(r.Context(), key{}, person(client)))
	}
	w := httptest.NewRecorder()
	o.web.ServeHTTP(w, r)
	got := reply{status: w.Code, header: w.Header(), text: w.Body.String()}
	if strings.HasPrefix(got.header.Get("Content-Type"), "text/html") && (got.status < 300 || got.status >= 400) {
		page, err := html.Parse(strings.NewReader(got.text))
		o.ok(err)
		got.page = page
		for _, flaw := range flaws(page) {
			o.Errorf("%s %s: %s", r.Method, r.URL, flaw)
		}
	}
	return got
}

// shows fails where a page lacks one of the texts.
func (o *office) shows(r reply, texts ...string) {
	o.Helper()
	words := r.words()
	for _, text := range texts {
		if !strings.Contains(words, text) {
			o.Errorf("the page does not say %q:\n%s", text, words)
		}
	}
}

// hides fails where an answer has one of the texts anywhere, in its address and
// cookies too.
func (o *office) hides(r reply, texts ...string) {
	o.Helper()
	var header bytes.Buffer
	o.ok(r.header.Write(&header))
	for _, text := range texts {
		if strings.Contains(strings.ToLower(r.text+header.String()), strings.ToLower(text)) {
			o.Errorf("the answer has %q:\n%s%s", text, header.String(), r.text)
		}
	}
}

// refused fails where an answer is no problem with a remedy.
func (o *office) refused(r reply, status int, texts ...string) {
	o.Helper()
	if r.status != status || r.page == nil || first(r.page, "[role=alert]") == nil {
		o.Fatalf("answered %d, want %d and what is wrong:\n%s", r.status, status, r.text)
	}
	o.shows(r, texts...)
}
