package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	gojira "github.com/andygrunwald/go-jira"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// How limits of Jira are met: a burst passes within seconds, and everything
// longer is told to the caller, who has other things to do. A share of what
// Jira allows is left to people.
const (
	repeats  = 3
	patience = 5 * time.Second
	reserve  = 0.2
)

// client makes the calls. It is the only place that knows go-jira, which
// builds and sends requests here and decodes nothing: one odd field would cost
// it a whole page, and its errors lose what Jira says.
type client struct {
	api *gojira.Client
	now func() time.Time
	// ahead is how far Jira's clock was ahead of ours, in nanoseconds, plus
	// one; 0 is not known.
	ahead atomic.Int64
	// gauge knows how the limit stands.
	gauge *httpx.Gauge
}

func newClient(env connectors.Env, c Config) (*client, error) {
	login := authorize(c.Auth)
	if c.Auth.oauth() {
		login = newRotation(env, c.Auth).authorize(c.Auth)
	}
	gauge := new(httpx.Gauge)
	web := httpx.New(httpx.Options{
		Name: env.Name, Transport: env.Transport, Log: env.Log, Authorize: login,
		RetryMax: repeats, MaxWait: patience, Reserve: reserve, Gauge: gauge,
	})
	api, err := gojira.NewClient(web, c.base())
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", env.Name, err)
	}
	site := &client{api: api, now: env.Now, gauge: gauge}
	if site.now == nil {
		site.now = time.Now
	}
	return site, nil
}

// authorize reads the token on each try, so that a rotated one is seen.
func authorize(a Auth) func(*http.Request) error {
	return func(r *http.Request) error {
		token, err := a.Token.Reveal()
		if err != nil {
			return err
		}
		if login := a.login(); login != "" {
			r.SetBasicAuth(login, token)
			return nil
		}
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}

// get reads.
func (c *client) get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	_, err := c.send(ctx, http.MethodGet, path, nil, into)
	return err
}

// ask reads by a POST that changes nothing.
func (c *client) ask(ctx context.Context, path string, body, into any) error {
	_, err := c.send(httpx.ReadOnly(ctx), http.MethodPost, path, body, into)
	return err
}

// send makes one call and reads its answer. Without a target of its own
// go-jira leaves the body open, and its error beside an answer only repeats
// the status.
func (c *client) send(ctx context.Context, method, path string, body, into any) (status int, err error) {
	req, err := c.api.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return 0, fmt.Errorf("build request %s: %w", method, err)
	}
	resp, err := c.api.Do(req, nil)
	if resp == nil {
		return 0, c.bounded(httpx.Explain(err))
	}
	c.hear(resp.Header)
	if nameless(resp.Header) && resp.StatusCode != http.StatusUnauthorized && !captcha(resp.Header) {
		e := httpx.FromResponse(resp.Response)
		e.Status, e.Kind, e.Reason = http.StatusUnauthorized, httpx.Credentials, "jira did not take the credentials and answered as to anybody on the internet"
		return e.Status, withRemedy(e)
	}
	if resp.StatusCode == http.StatusMultiStatus && httpx.Repeated(resp.Response) {
		return resp.StatusCode, httpx.FromResponse(resp.Response) // what it refuses, an earlier try may have done
	}
	return resp.StatusCode, withRemedy(httpx.ReadJSON(resp.Response, into))
}

// nameless reports that Jira answered as to somebody without an account. Where
// anybody may see something, that is no error of its own but a shorter answer,
// which must never count as absence (promise S5).
func nameless(h http.Header) bool {
	return h.Get("X-Seraph-Loginreason") == "AUTHENTICATED_FAILED" || strings.EqualFold(h.Get("X-Ausername"), "anonymous")
}

// bounded makes a pause that Jira asks for one that is believed.
func (c *client) bounded(err error) error {
	if limit, ok := errors.AsType[*httpx.LimitError](err); ok {
		limit.Until = earlier(limit.Until, c.now().Add(longestPause))
	}
	return err
}

// hear notes what time it is at Jira.
func (c *client) hear(h http.Header) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil {
		c.ahead.Store(int64(at.Sub(c.now())) + 1)
	}
}

// The latest that a change can be by Jira's clock, and by ours where Jira's is
// not known: the clocks of a cluster differ a little, ours by anything.
const (
	clocksDiffer = 2 * time.Minute
	clockUnknown = 24 * time.Hour
)

// latest is the newest time of a change that can be true.
func (c *client) latest() time.Time {
	if ahead := c.ahead.Load(); ahead != 0 {
		return c.now().Add(time.Duration(ahead - 1)).Add(clocksDiffer)
	}
	return c.now().Add(clockUnknown)
}

// path joins segments below rest/api/2. Ids and keys come from stored records
// and from people: they are escaped, and cannot climb.
func path(segments ...string) string {
	escaped := make([]string, len(segments))
	for i, s := range segments {
		escaped[i] = url.PathEscape(s)
		if strings.Trim(s, ".") == "" {
			escaped[i] = "_" // "", "." and "..": found nowhere
		}
	}
	return "rest/api/2/" + strings.Join(escaped, "/")
}
