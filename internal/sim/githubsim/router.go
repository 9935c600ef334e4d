package githubsim

import (
	"net/http"
	"net/url"
	"strings"

	"tandem/internal/sim"
)

// handler answers one kind of request. It is called with the site's lock:
// shared for reads, exclusive for writes.
type handler func(a *asker, r *http.Request) reply

type route struct {
	method, template string
	write            bool
	handle           handler
	segments         []string
}

// router is the service behind the gate. http.ServeMux cannot serve these
// paths: /issues/comments/{id} and /issues/{number}/labels conflict there.
type router struct {
	site   *Site
	routes []route
}

func (s *Site) routes() *router {
	t := &router{site: s, routes: s.table()}
	for n := range t.routes {
		t.routes[n].segments = strings.Split(t.routes[n].template, "/")
	}
	return t
}

// template returns the route of a request without its method, and without
// the prefix of an Enterprise Server. Repositories named by id have the same
// route as by name.
func (t *router) template(r *http.Request) string {
	if found, _ := t.find(r); found != nil {
		return found.template
	}
	return ""
}

// find returns the route of a request and the values in its path. A literal
// segment beats a parameter.
func (t *router) find(r *http.Request) (*route, map[string]string) {
	path := r.URL.EscapedPath()
	if t.site.options.Enterprise {
		rest, ok := strings.CutPrefix(path, "/api/v3")
		if path == "/api"+graphqlRoute {
			rest, ok = graphqlRoute, true
		}
		if !ok {
			return nil, nil
		}
		path = rest
	}
	segments := strings.Split(path, "/")
	values := map[string]string{}
	if len(segments) > 2 && segments[1] == "repositories" {
		values["repository_id"] = segments[2]
		segments = append([]string{"", "repos", "-", "-"}, segments[3:]...)
	}
	var best *route
	for n := range t.routes {
		candidate := &t.routes[n]
		if candidate.method == r.Method && candidate.fits(segments) && (best == nil || candidate.literals() > best.literals()) {
			best = candidate
		}
	}
	if best == nil {
		return nil, nil
	}
	for n, segment := range best.segments {
		if name, ok := parameter(segment); ok {
			value, err := url.PathUnescape(segments[n])
			if err != nil {
				return nil, nil
			}
			values[name] = value
		}
	}
	return best, values
}

func parameter(segment string) (name string, ok bool) {
	name, ok = strings.CutPrefix(segment, "{")
	return strings.TrimSuffix(name, "}"), ok
}

func (e *route) fits(segments []string) bool {
	if len(segments) != len(e.segments) {
		return false
	}
	for n, segment := range e.segments {
		if _, ok := parameter(segment); !ok && segment != segments[n] || ok && segments[n] == "" {
			return false
		}
	}
	return true
}

func (e *route) literals() int {
	n := 0
	for _, segment := range e.segments {
		if _, ok := parameter(segment); !ok {
			n++
		}
	}
	return n
}

// ServeHTTP checks credentials and limits, and lets the route answer.
func (t *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := t.site
	call := sim.CallOf(r.Context())
	found, values := t.find(r)
	for name, value := range values {
		r.SetPathValue(name, value)
	}
	a, refused := s.identify(r)
	if refused == nil && found == nil {
		none := missing()
		refused = &none
	}
	if found != nil {
		call.Write = found.write
	}
	if refused == nil {
		call.Actor, call.Service = a.account.Login, a.account.Service
		refused = a.read(r)
	}
	if refused == nil && s.options.Limits && !s.options.Enterprise {
		refused = s.admit(a, r)
	}
	if refused != nil {
		s.send(a, w, r, *refused)
		return
	}
	s.send(a, w, r, s.answer(found, a, r))
}

// answer runs a handler under the lock that it needs.
func (s *Site) answer(found *route, a *asker, r *http.Request) reply {
	if found.write {
		s.mu.Lock()
		defer s.mu.Unlock()
	} else {
		s.mu.RLock()
		defer s.mu.RUnlock()
	}
	return found.handle(a, r)
}
