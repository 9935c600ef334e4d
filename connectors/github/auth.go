package github

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"tandem/internal/secret"
)

// credentials give the token of a request.
type credentials interface {
	// token returns what to send; it may ask the service for it.
	token(ctx context.Context) (string, error)
	// forget drops a token that the service refused.
	forget()
}

// authError says that a request was not sent for want of credentials.
type authError struct{ cause error }

func (e *authError) Error() string { return e.cause.Error() }
func (e *authError) Unwrap() error { return e.cause }

// fixedToken is a personal or machine token; it is read at each request, so
// that a rotated one is seen.
type fixedToken struct{ secret secret.Secret }

func (t fixedToken) token(context.Context) (string, error) { return t.secret.Reveal() }
func (t fixedToken) forget()                               {}

// authorizer sets credentials and knows them again in texts.
type authorizer struct {
	credentials credentials
	host        string

	mu   sync.Mutex
	seen []string
}

// authorize sets the token of a request to the service itself; requests to
// others go without.
func (a *authorizer) authorize(r *http.Request) error {
	if r.URL.Host != a.host {
		return nil
	}
	token, err := a.credentials.token(r.Context())
	if err != nil {
		return &authError{err}
	}
	a.remember(token)
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// remembered is how many tokens are known again: an App's change each hour.
const remembered = 4

func (a *authorizer) remember(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range a.seen {
		if s == token {
			return
		}
	}
	a.seen = append(a.seen, token)
	a.seen = a.seen[max(0, len(a.seen)-remembered):]
}

// scrub takes tokens out of a text of the service.
func (a *authorizer) scrub(s string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, token := range a.seen {
		if token != "" {
			s = strings.ReplaceAll(s, token, "[redacted]")
		}
	}
	return s
}
