package judge

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
)

// book is the descriptions of one service, ready for look-ups.
type book struct {
	routes map[string][]*template // by method
}

// template is one described operation.
type template struct {
	segments []string // {name} for a parameter
	route    routers.Route
}

func files(s Service) []string {
	switch s {
	case GitHub:
		return []string{"github-rest-subset.json"}
	case JiraDC:
		return []string{"jira-dc-10.3-subset.json"}
	case Jira:
	}
	return []string{"jira-cloud-platform-v2-subset.json", "jira-cloud-platform-v3-subset.json", "jira-software-agile-subset.json"}
}

// openBook reads and mends the documents of a service.
func openBook(dir string, s Service) (*book, error) {
	b := &book{routes: map[string][]*template{}}
	for _, name := range files(s) {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("read description: %w", err)
		}
		doc, err := openapi3.NewLoader().LoadFromData(raw)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", name, err)
		}
		mend(s, doc)
		b.add(doc)
	}
	return b, nil
}

func (b *book) add(doc *openapi3.T) {
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			b.routes[method] = append(b.routes[method], &template{
				segments: strings.Split(path, "/"),
				route:    routers.Route{Spec: doc, Path: path, PathItem: item, Method: method, Operation: operation},
			})
		}
	}
}

// find returns the described operation of a request and its path parameters.
// A literal segment beats a parameter.
func (b *book) find(r *http.Request, path string) (*routers.Route, map[string]string, bool) {
	segments := strings.Split(path, "/")
	var best *template
	for _, t := range b.routes[r.Method] {
		if t.fits(segments) && (best == nil || t.literals() > best.literals()) {
			best = t
		}
	}
	if best == nil {
		return nil, nil, false
	}
	params := map[string]string{}
	for i, s := range best.segments {
		if name, ok := parameter(s); ok {
			value, err := url.PathUnescape(segments[i])
			if err != nil {
				return nil, nil, false
			}
			params[name] = value
		}
	}
	return &best.route, params, true
}

func parameter(segment string) (name string, ok bool) {
	if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

func (t *template) fits(segments []string) bool {
	if len(segments) != len(t.segments) {
		return false
	}
	for i, s := range t.segments {
		if _, ok := parameter(s); !ok && s != segments[i] || ok && segments[i] == "" {
			return false
		}
	}
	return true
}

func (t *template) literals() int {
	n := 0
	for _, s := range t.segments {
		if _, ok := parameter(s); !ok {
			n++
		}
	}
	return n
}
