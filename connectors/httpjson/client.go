package httpjson

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// client sends the requests of one instance.
type client struct {
	program *program
	http    *http.Client
	creds   *credentials
	pace    *pace
}

func newClient(env connectors.Env, p *program) *client {
	c := &client{program: p, creds: newCredentials(env, p)}
	c.http = httpx.New(httpx.Options{
		Name: env.Name, Transport: env.Transport, Log: env.Log, Authorize: c.creds.authorize, Timeout: requestTimeout,
	})
	key := "httpjson " + p.base.Host + " " + c.creds.source()
	c.pace = connectors.Share(env.Shared, key, func() *pace { return newPace(p.config.Rate) })
	return c
}

// answer is what a service said.
type answer struct {
	body []byte
	date string
	// none: the status means that there is no data.
	none bool
}

// refusedError is an answer that is not the expected one, with what to do.
type refusedError struct {
	cause  error
	remedy string
}

func (e *refusedError) Error() string {
	if e.remedy == "" {
		return e.cause.Error()
	}
	return e.cause.Error() + "; " + e.remedy
}

func (e *refusedError) Unwrap() error { return e.cause }

// send sends one request. address replaces the path and query of the request
// where the service itself gave the next one.
func (c *client) send(ctx context.Context, r Request, of look, emptyOn []int, address string) (answer, error) {
	if err := c.pace.wait(ctx); err != nil {
		return answer{}, err
	}
	req, err := c.request(ctx, r, of, address)
	if err != nil {
		return answer{}, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, httpx.Explain(err)
	}
	if slices.Contains(emptyOn, resp.StatusCode) {
		_ = resp.Body.Close()
		return answer{none: true, date: resp.Header.Get("Date")}, nil
	}
	body, err := readBody(resp)
	if err != nil {
		if status, ok := errors.AsType[*httpx.StatusError](err); ok {
			if status.Status == http.StatusUnauthorized {
				c.creds.forget()
			}
			return answer{}, &refusedError{err, remedyFor(status, c.program.config.Otherwise)}
		}
		return answer{}, err
	}
	return answer{body: body, date: resp.Header.Get("Date")}, nil
}

// remedyFor says what a person can do about a refusal.
func remedyFor(e *httpx.StatusError, otherwise string) string {
	remedy := ""
	switch {
	case e.Status == http.StatusUnauthorized:
		return "the key expired, was withdrawn or is another service's; make a new one there and give it under auth:"
	case e.Status == http.StatusPaymentRequired || e.Status == http.StatusForbidden && e.Kind != httpx.Limited:
		remedy = "the plan has no API, or the key lacks the right to read this"
	case e.Status == http.StatusNotFound || e.Status == http.StatusGone:
		remedy = "check the address and the ids in the settings; some services say this where the plan has no API"
	case e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity:
		remedy = "the service does not understand the request; compare the stream's request: with its documentation"
	}
	if otherwise != "" && remedy != "" && e.Status != http.StatusBadRequest && e.Status != http.StatusUnprocessableEntity {
		remedy += "; otherwise: " + otherwise
	}
	return remedy
}

// request builds a request. Values never become part of another value: paths
// and queries are escaped, bodies are put together as JSON.
func (c *client) request(ctx context.Context, r Request, of look, address string) (*http.Request, error) {
	ctx = httpx.ReadOnly(ctx) // also a POST only asks
	where, err := c.address(r, of, address)
	if err != nil {
		return nil, err
	}
	method := http.MethodGet
	var body []byte
	if r.Method == http.MethodPost {
		method = http.MethodPost
		if body, ctx, err = c.body(ctx, r, of); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, where.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, headers := range []map[string]string{c.program.config.Headers, r.Headers} {
		for name, value := range headers {
			if text, ok := parseTemplate(value, placeholder()).text(of, oneLine); ok {
				req.Header.Set(name, text)
			}
		}
	}
	return req, nil
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ").Replace(s) }

func (c *client) address(r Request, of look, address string) (*url.URL, error) {
	if address != "" {
		return c.sameHost(address)
	}
	names := placeholder()
	path, ok := parseTemplate(r.Path, names).text(of, segment)
	if !ok {
		return nil, fmt.Errorf("a placeholder in the path %s has no value; check the settings", r.Path)
	}
	u := *c.program.base
	joined, err := url.Parse(strings.TrimRight(u.String(), "/") + "/" + strings.TrimLeft(path, "/"))
	if path == "" {
		joined, err = &u, nil
	}
	if err != nil {
		return nil, fmt.Errorf("build the address: %w", err)
	}
	query := url.Values{}
	for name, v := range r.Query {
		filled, ok := filled(v, of, names)
		if !ok {
			continue
		}
		list, isList := filled.([]any)
		if !isList {
			list = []any{filled}
		}
		for _, e := range list {
			text := textOf(e)
			if _, nested := e.(map[string]any); nested {
				text = compact(e)
			}
			query.Add(name, text)
		}
	}
	joined.RawQuery = query.Encode()
	return joined, nil
}

// segment escapes a value inside of a path; it stays one segment.
func segment(s string) string {
	if s == "." || s == ".." {
		return "%2E" + strings.Repeat("%2E", len(s)-1)
	}
	return url.PathEscape(s)
}

func compact(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

// elsewhereError is a next address that is not the service's own.
type elsewhereError struct{ host string }

// Error names the host, which nobody asks.
func (e *elsewhereError) Error() string {
	return "the next address leads to another host, " + e.host + ", which is not followed; give the one as url that the service itself uses"
}

// sameHost takes an address that the service gave, if it is the service's own:
// credentials go nowhere else.
func (c *client) sameHost(address string) (*url.URL, error) {
	u, err := c.program.base.Parse(address)
	if err != nil {
		return nil, &shapeError{"the next address is none"}
	}
	if u.Host != c.program.base.Host || u.Scheme != c.program.base.Scheme || u.User != nil {
		return nil, &elsewhereError{u.Host}
	}
	return u, nil
}

// body fills the JSON of a POST. A secret in it is hidden wherever the service
// repeats it.
func (c *client) body(ctx context.Context, r Request, of look) ([]byte, context.Context, error) {
	v, _ := filled(map[string]any(r.Body), of, placeholder())
	fields, _ := v.(map[string]any)
	if n := c.program.config.Auth.Body; n != nil {
		text, err := n.Value.Reveal()
		if err != nil {
			return nil, ctx, fmt.Errorf("set credentials: %w", err)
		}
		ctx = httpx.Hidden(ctx, text)
		fields[n.Name] = n.Prefix + text
	}
	b, err := json.Marshal(fields)
	if err != nil {
		return nil, ctx, fmt.Errorf("build the body: %w", err)
	}
	return b, ctx, nil
}
