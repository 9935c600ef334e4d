package contract

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Front hands each request to the Prism that knows its path, and collects what
// the Prisms find. It is safe for concurrent use.
type Front struct {
	routes []frontRoute

	mu       sync.Mutex
	calls    map[string]int
	findings []string
}

type frontRoute struct {
	prefix string
	to     http.Handler
}

// NewFront returns a front without routes; it refuses everything.
func NewFront() *Front { return &Front{calls: map[string]int{}} }

// Route sends what begins with the prefix to a Prism, without the beginning
// that its description does not have.
func (f *Front) Route(prefix, strip string, to *Prism) {
	target := &url.URL{Scheme: "http", Host: to.Address}
	f.routes = append(f.routes, frontRoute{prefix: prefix, to: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Path = strings.TrimPrefix(r.Out.URL.Path, strip)
			r.Out.URL.RawPath = strings.TrimPrefix(r.Out.URL.RawPath, strip)
			r.SetURL(target)
		},
		ModifyResponse: f.look,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			f.find(fmt.Sprintf("%s %s: no answer: %v", r.Method, r.URL.Path, err))
			w.WriteHeader(http.StatusBadGateway)
		},
	}})
}

// Pass hands what begins with the prefix to a handler, around all Prisms: what
// is no REST has no description.
func (f *Front) Pass(prefix string, to http.Handler) {
	f.routes = append(f.routes, frontRoute{prefix: prefix, to: to})
}

// Findings lists what broke a description, in the order of the calls.
func (f *Front) Findings() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.findings)
}

// Calls returns how many requests went to paths with the prefix.
func (f *Front) Calls(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[prefix]
}

// ServeHTTP answers one request.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, route := range f.routes {
		if strings.HasPrefix(r.URL.Path, route.prefix) {
			f.mu.Lock()
			f.calls[route.prefix]++
			f.mu.Unlock()
			route.to.ServeHTTP(w, r)
			return
		}
	}
	f.find(fmt.Sprintf("%s %s: no description has this path", r.Method, r.URL.Path))
	w.WriteHeader(http.StatusNotFound)
}

// violation is one line of Prism's header.
type violation struct {
	Location []string `json:"location"`
	Severity string   `json:"severity"`
	Message  string   `json:"message"`
}

// look reads what Prism says about an exchange. Prism calls a path that it
// does not know a warning; here that is a finding like the others.
func (f *Front) look(resp *http.Response) error {
	place := fmt.Sprintf("%s %s (%d)", resp.Request.Method, resp.Request.URL.RequestURI(), resp.StatusCode)
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "application/problem+json") {
		f.find(place + ": Prism refused the exchange")
	}
	for _, header := range resp.Header.Values("Sl-Violations") {
		var list []violation
		if err := json.Unmarshal([]byte(header), &list); err != nil {
			f.find(place + ": " + header)
			continue
		}
		for _, v := range list {
			if !settled(v, resp.StatusCode) {
				f.find(place + ": " + strings.Join(v.Location, ".") + ": " + v.Message)
			}
		}
	}
	resp.Header.Del("Sl-Violations")
	return nil
}

// settled reports whether a violation is of no weight: limits, failures,
// missing rights and conditional requests are documented for all operations at
// once.
func settled(v violation, status int) bool {
	if !strings.HasPrefix(v.Message, "Unable to match the returned status code") {
		return false
	}
	switch status {
	case http.StatusTooManyRequests, http.StatusForbidden, http.StatusNotFound, http.StatusNotModified:
		return true
	}
	return status >= http.StatusInternalServerError
}

func (f *Front) find(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.findings = append(f.findings, text)
}
