package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// renewal is how long before its end a token is replaced.
const renewal = 5 * time.Minute

// installation exchanges the App's signature for a token of an hour.
type installation struct {
	auth Auth
	base *url.URL
	now  func() time.Time
	app  *authorizer
	http *http.Client

	mu      sync.Mutex
	current *oauth2.Token
}

func newInstallation(env connectors.Env, auth Auth, base *url.URL) *installation {
	i := &installation{auth: auth, base: base, now: env.Now}
	i.app = &authorizer{credentials: signature{auth, env.Now}, host: base.Host}
	i.http = httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log, UserAgent: userAgent, Authorize: i.app.authorize})
	return i
}

// signature makes the App's own credentials.
type signature struct {
	auth Auth
	now  func() time.Time
}

func (s signature) token(context.Context) (*oauth2.Token, error) {
	text, err := s.auth.PrivateKey.Reveal()
	if err != nil {
		return nil, err
	}
	key, err := parseKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.auth.PrivateKey.Source(), err)
	}
	signed, err := appToken(key, s.auth.AppID, s.now())
	return &oauth2.Token{AccessToken: signed}, err
}

func (signature) forget() {}

// token returns the installation's token and renews it early.
func (i *installation) token(ctx context.Context) (*oauth2.Token, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current != nil && i.now().Before(i.current.Expiry.Add(-renewal)) {
		return i.current, nil
	}
	var answer struct {
		Token   string    `json:"token"`
		Expires time.Time `json:"expires_at"`
	}
	// Two tokens do no harm, so the exchange may be repeated.
	err := i.ask(httpx.ReadOnly(ctx), http.MethodPost, "access_tokens", &answer)
	if err != nil {
		return nil, err
	}
	if answer.Token == "" || answer.Expires.IsZero() {
		return nil, fmt.Errorf("installation %d: the service gave no token", i.auth.InstallationID)
	}
	i.current = &oauth2.Token{AccessToken: answer.Token, Expiry: answer.Expires}
	return i.current, nil
}

// ask sends a request as the App about the installation.
func (i *installation) ask(ctx context.Context, method, path string, into any) error {
	where := i.base.JoinPath("app", "installations", strconv.FormatInt(i.auth.InstallationID, 10), path).String()
	if _, err := i.send(ctx, method, where, into); err != nil {
		return fmt.Errorf("installation %d: %w", i.auth.InstallationID, err)
	}
	return nil
}

// send sends a request as the App itself.
func (i *installation) send(ctx context.Context, method, where string, into any) (http.Header, error) {
	r, err := http.NewRequestWithContext(ctx, method, where, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	r.Header.Set("Accept", mediaType)
	resp, err := i.http.Do(r)
	if err != nil {
		return nil, httpx.Explain(err)
	}
	defer func() { _ = resp.Body.Close() }() // ReadJSON did
	return resp.Header, httpx.ReadJSON(resp, into)
}

// get reads what is below the App's own address, or what that linked to.
func (i *installation) get(ctx context.Context, address, _ string) (answer, error) {
	u, err := i.base.Parse(address)
	if err != nil {
		return answer{}, fmt.Errorf("build the request: %w", err)
	}
	a := answer{status: http.StatusOK}
	a.header, err = i.send(ctx, http.MethodGet, u.String(), &a.body)
	return a, err
}

func (i *installation) forget() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.current = nil
}
