package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/web"
	"tandem/internal/web/signin"
	"tandem/internal/work"
)

// linkedKey is under which a request carries the link through which it came.
type linkedKey struct{}

// through asks for a page as somebody does who has a link.
func (o *office) through(link web.Link, audience work.Audience, method, path string) reply {
	o.Helper()
	ctx := context.WithValue(o.Context(), linkedKey{}, link)
	ctx = context.WithValue(ctx, key{}, view.Who{Name: "link:customers", Role: view.Viewer, Audience: audience})
	return o.send("", httptest.NewRequestWithContext(ctx, method, "http://127.0.0.1:8080"+path, http.NoBody))
}

// linked is an office that has links.
func linked(tb testing.TB) *office {
	tb.Helper()
	o := opened(tb)
	o.pages.Shared = func(ctx context.Context) (web.Link, bool) {
		l, ok := ctx.Value(linkedKey{}).(web.Link)
		return l, ok
	}
	o.serve()
	return o
}

func TestStakeholdersSeeTheRoadmapAndNothingElse(t *testing.T) {
	t.Parallel()
	o := linked(t)
	r := o.through(web.Link{}, work.Public, http.MethodGet, "/shared/token/")
	o.shows(r, "Roadmap", "Do PAY-3", "planned", "Now", "Later")
	o.hides(r, marker, "PAY-1", "PAY-2", "OPS", "csrf", "/signout", "acme-test", "customers", "/tension", "restricted", "score", "ana")
	if r.header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(r.header.Get("X-Robots-Tag"), "noindex") {
		t.Errorf("the headers are %v", r.header)
	}
	for _, file := range []string{"roadmap.svg", "roadmap.png", "roadmap.csv", "roadmap.json"} {
		r := o.through(web.Link{}, work.Public, http.MethodGet, "/shared/token/"+file)
		o.hides(r, marker, "PAY-1", "PAY-2", "token")
		if r.status != http.StatusOK || !strings.HasSuffix(file, "png") && !strings.Contains(r.text, "PAY-3") {
			t.Errorf("%s is %d %.200q", file, r.status, r.text)
		}
	}
	wider := o.through(web.Link{Teams: []string{"ops"}}, work.Internal, http.MethodGet, "/shared/token/")
	o.shows(wider, "Do OPS-1")
	o.hides(wider, "PAY-", marker, "keep_exporters")
	o.shows(o.through(web.Link{}, work.Internal, http.MethodGet, "/shared/token/?team=ops"), "PAY-6") // an address narrows no link, nor widens it
}

func TestALinkLeadsToItsPageOnly(t *testing.T) {
	t.Parallel()
	o := linked(t)
	if r := o.through(web.Link{}, work.Restricted, http.MethodHead, "/shared/token"); r.status != http.StatusSeeOther || r.header.Get("Location") != "/shared/token/" {
		t.Errorf("leads to %d %q", r.status, r.header.Get("Location"))
	}
	for _, path := range []string{"/", "/pm", "/order.csv", "/item?ref=jira:PAY-1", "/shared/token/pm", "/shared/token/history.svg", "/shared/", "/nothing"} {
		r := o.through(web.Link{}, work.Restricted, http.MethodGet, path)
		if r.status != http.StatusNotFound || r.page != nil && first(r.page, "nav") != nil {
			t.Errorf("%s is %d %s", path, r.status, r.words())
		}
		o.hides(r, marker, "PAY-1", "/signout")
	}
	if r := o.through(web.Link{}, work.Restricted, http.MethodPost, "/pm/link"); r.status != http.StatusNotFound {
		t.Errorf("a form is answered with %d", r.status)
	}
	if r := o.through(web.Link{}, work.Restricted, http.MethodPost, "/theme"); r.status != http.StatusNotFound {
		t.Errorf("a form is answered with %d", r.status)
	}
	for _, client := range []string{"internal-viewer", "restricted-admin"} { // who signed in has pages of their own
		o.refused(o.get(client, "/shared/token/"), http.StatusNotFound, "there is no such page")
	}
}

// through the gate that the daemon has.
func TestTheGateKnowsLinksAndTellsNothingOfThem(t *testing.T) {
	t.Parallel()
	o := opened(t)
	token := strings.Repeat("unguessable", 4)
	gate, err := signin.New(signin.Config{
		Listen: "127.0.0.1:8080", Store: o.db, Log: o.pages.Log, Now: o.clock, Assets: []string{web.AssetBase},
		Links: []signin.Link{{Name: "customers", Token: secret.FromText(token), Audience: work.Public, Teams: []string{"pay"}}},
	})
	o.ok(err)
	o.pages.Who, o.pages.Token = signin.WhoOf, signin.TokenOf
	o.pages.Shared = func(ctx context.Context) (web.Link, bool) {
		l, ok := signin.LinkOf(ctx)
		return web.Link{Teams: l.Teams}, ok
	}
	o.serve()
	pages := gate.Wrap(o.web)
	ask := func(path string) reply {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody))
		return reply{status: w.Code, header: w.Header(), text: w.Body.String()}
	}
	r := ask("/shared/" + token + "/")
	if r.status != http.StatusOK || !strings.Contains(r.text, "Do PAY-3") || r.header.Get("Referrer-Policy") != "no-referrer" || r.header.Get("Cache-Control") != "no-store" {
		t.Errorf("answered %d %v %s", r.status, r.header, r.text)
	}
	o.hides(r, token, marker, "PAY-1", "OPS-1")
	for _, path := range []string{"/shared/other/", "/shared/" + token[1:] + "/", "/shared//", "/shared/" + token + "/order.csv", "/shared/" + token + "x/"} {
		if r := ask(path); r.status == http.StatusOK || strings.Contains(r.text, "PAY-") {
			t.Errorf("%s is answered with %d %s", path, r.status, r.text)
		}
	}
	if strings.Contains(o.log.String(), token) {
		t.Error("the log tells the link")
	}
}
