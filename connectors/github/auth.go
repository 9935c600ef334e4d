package github

import (
	"context"
	"net/http"

	"golang.org/x/oauth2"

	"tandem/internal/secret"
)

// credentials give the token of a request.
type credentials interface {
	// token returns what to send; it may ask the service for it.
	token(ctx context.Context) (*oauth2.Token, error)
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

func (t fixedToken) token(context.Context) (*oauth2.Token, error) {
	text, err := t.secret.Reveal()
	return &oauth2.Token{AccessToken: text}, err
}

func (t fixedToken) forget() {}

// authorizer sets credentials. httpx knows them again in what the service
// says, and takes them out.
type authorizer struct {
	credentials credentials
	host        string
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
	token.SetAuthHeader(r)
	return nil
}
