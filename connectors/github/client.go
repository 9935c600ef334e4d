package github

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gogithub "github.com/google/go-github/v60/github"

	"tandem/connectors"
	"tandem/internal/httpx"
)

const (
	userAgent = "tandem"
	mediaType = "application/vnd.github+json"
)

// client sends requests. go-github builds them (address, headers, API
// version); it does not send them, because it refuses calls by itself for up
// to an hour after a secondary limit, and it does not decode them, because
// its types predate half of what an issue holds today.
type client struct {
	builder *gogithub.Client
	http    *http.Client
	base    *url.URL
	auth    *authorizer
	budget  *budget
	// governor lets every request through.
	governor *governor
	graph    *graph
	// app is nil with a plain token.
	app *installation
}

func newClient(env connectors.Env, c Config) (*client, error) {
	base, err := baseOf(c.URL)
	if err != nil {
		return nil, err
	}
	shared := accountOf(env, c, base)
	cl := &client{base: base, governor: shared.governor, budget: shared.budget, graph: shared.graph}
	cl.auth = &authorizer{credentials: fixedToken{c.Auth.Token}, host: base.Host}
	if c.Auth.isApp() {
		cl.app = newInstallation(env, c.Auth, base)
		cl.auth.credentials = cl.app
	}
	cl.http = httpx.New(httpx.Options{
		Name: env.Name, Transport: env.Transport, Log: env.Log, UserAgent: userAgent, Authorize: cl.auth.authorize,
		MaxWait: longestRetry,
	})
	cl.builder = gogithub.NewClient(cl.http)
	cl.builder.BaseURL, cl.builder.UserAgent = base, userAgent
	return cl, nil
}

// answer is a successful answer, or 304.
type answer struct {
	status int
	header http.Header
	body   json.RawMessage
}

func (a answer) unchanged() bool { return a.status == http.StatusNotModified }

// get asks for an address, which may be a path below the base or one that the
// service linked to. With an ETag, the answer may be 304.
func (c *client) get(ctx context.Context, address, etag string) (answer, error) {
	if err := c.budget.allowed(); err != nil {
		return answer{}, err
	}
	a, err := c.send(ctx, http.MethodGet, address, nil, etag)
	if err == nil && a.status != http.StatusOK && !a.unchanged() {
		return a, &answerError{fmt.Sprintf("GET %s: status %d where 200 belongs", place(address), a.status)}
	}
	return a, err
}

// longestRetry is how long httpx waits before it repeats a request. Longer
// pauses are the governor's, so that nobody else sends meanwhile.
const longestRetry = 2 * time.Second

// tries is how often a request is sent that meets limits of less than a
// minute. What was refused for a limit was not done, unless a try before did it:
// a write in doubt is looked at before it is sent again.
const tries = 3

// send sends one request and reads its answer, in its turn.
func (c *client) send(ctx context.Context, method, address string, body any, etag string) (a answer, err error) {
	document := ""
	if m, ok := body.(graphRequest); ok {
		document = m.Query
	}
	for range tries {
		leave, full := c.governor.enter(ctx, costOf(method, address, document))
		if full != nil {
			return answer{}, cmp.Or(err, full)
		}
		a, err = c.once(ctx, method, address, body, etag)
		leave()
		err = c.governor.heard(err)
		if _, limited := errors.AsType[*httpx.LimitError](err); !limited || method != http.MethodGet && httpx.InDoubt(err) {
			break
		}
	}
	return a, err
}

// once sends one request and reads its answer.
func (c *client) once(ctx context.Context, method, address string, body any, etag string) (answer, error) {
	r, err := c.builder.NewRequest(method, strings.TrimPrefix(address, "/"), body)
	if err != nil {
		return answer{}, fmt.Errorf("build the request: %w", err)
	}
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	resp, err := c.http.Do(r.WithContext(ctx))
	if err != nil {
		return answer{}, &connectionError{httpx.Explain(err)}
	}
	a := answer{status: resp.StatusCode, header: resp.Header}
	c.budget.note(resp.Header)
	c.graph.note(resp.Header)
	switch {
	case etag != "" && a.unchanged():
		return a, resp.Body.Close()
	case a.status == http.StatusNoContent: // of a deletion
		return a, resp.Body.Close()
	case a.status == http.StatusUnauthorized:
		c.auth.credentials.forget()
	}
	if err := httpx.ReadJSON(resp, &a.body); err != nil {
		return a, err
	}
	return a, nil
}

// into decodes an answer.
func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return &answerError{fmt.Sprintf("the answer is not of the documented form: %v", err)}
	}
	return nil
}

// place is an address without its query.
func place(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// repositoryPath is the path of a repository, below which all else lies.
func repositoryPath(name string) string {
	owner, repository, _ := strings.Cut(name, "/")
	return "repos/" + url.PathEscape(owner) + "/" + url.PathEscape(repository)
}

// issuePath is the path of an issue.
func issuePath(name string, number int) string {
	return fmt.Sprintf("%s/issues/%d", repositoryPath(name), number)
}
