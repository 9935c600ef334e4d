package httpjson

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/oauth2/jwt"

	"tandem/connectors"
	"tandem/internal/httpx"
	"tandem/internal/secret"
)

// credentials sign requests to the service's own host.
type credentials struct {
	auth   Auth
	user   string // of basic, placeholders filled in
	host   string
	tokens *http.Client // asks for tokens

	mu      sync.Mutex
	current *oauth2.Token
}

func newCredentials(env connectors.Env, p *program) *credentials {
	c := &credentials{auth: p.config.Auth, host: p.base.Host}
	if b := c.auth.Basic; b != nil {
		c.user, _ = parseTemplate(b.User, placeholder()).text(func(name string) (any, bool) {
			v, ok := p.config.Params[name]
			return v, ok
		}, oneLine)
	}
	c.tokens = httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log, Timeout: tokenTimeout, RetryMax: 1})
	return c
}

// source names where the secret comes from: two connectors with the same one
// share their rate.
func (c *credentials) source() string {
	for _, s := range c.secrets() {
		if s.Env != "" || s.File != "" {
			return s.Source()
		}
	}
	return "no credentials"
}

func (c *credentials) secrets() []secret.Secret {
	var all []secret.Secret
	a := c.auth
	if a.Bearer != nil {
		all = append(all, *a.Bearer)
	}
	if a.Basic != nil {
		all = append(all, a.Basic.Key, a.Basic.Password)
	}
	for _, n := range []*NamedSecret{a.Header, a.Query, a.Body} {
		if n != nil {
			all = append(all, n.Value)
		}
	}
	if a.OAuth2 != nil {
		all = append(all, a.OAuth2.ClientSecret)
	}
	if a.JWT != nil {
		all = append(all, a.JWT.Key)
	}
	return all
}

// authorize sets the credentials of one try. A secret in the body is set where
// the body is made.
func (c *credentials) authorize(r *http.Request) error {
	if r.URL.Host != c.host {
		return nil
	}
	a := c.auth
	switch {
	case a.Bearer != nil:
		return c.named(&NamedSecret{Name: "Authorization", Value: *a.Bearer, Prefix: "Bearer "}, r.Header.Set)
	case a.Basic != nil:
		return c.basic(r)
	case a.Header != nil:
		return c.named(a.Header, r.Header.Set)
	case a.Query != nil:
		q := r.URL.Query()
		err := c.named(a.Query, q.Set)
		r.URL.RawQuery = q.Encode()
		return err
	case a.OAuth2 != nil, a.JWT != nil:
		token, err := c.token(r.Context())
		if err != nil {
			return err
		}
		token.SetAuthHeader(r)
	}
	return nil
}

func (c *credentials) named(n *NamedSecret, set func(name, value string)) error {
	text, err := n.Value.Reveal()
	if err != nil {
		return err
	}
	set(n.Name, n.Prefix+text)
	return nil
}

func (c *credentials) basic(r *http.Request) error {
	user := c.user
	if key := c.auth.Basic.Key; key.Set() {
		var err error
		if user, err = key.Reveal(); err != nil {
			return err
		}
	}
	password, err := c.auth.Basic.Password.Reveal()
	if err != nil {
		return err
	}
	r.SetBasicAuth(user, password)
	return nil
}

// renewal is how long before its end a token is replaced.
const renewal = time.Minute

// token returns a token that is good for a while, and asks for one where it is
// not.
func (c *credentials) token(ctx context.Context) (*oauth2.Token, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && (c.current.Expiry.IsZero() || time.Now().Before(c.current.Expiry.Add(-renewal))) {
		return c.current, nil
	}
	token, err := c.ask(context.WithValue(httpx.ReadOnly(ctx), oauth2.HTTPClient, c.tokens))
	if err != nil {
		return nil, tokenError(err)
	}
	c.current = token
	return token, nil
}

// forget drops a token that the service refused.
func (c *credentials) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current = nil
}

func (c *credentials) ask(ctx context.Context) (*oauth2.Token, error) {
	if o := c.auth.OAuth2; o != nil {
		text, err := o.ClientSecret.Reveal()
		if err != nil {
			return nil, err
		}
		config := clientcredentials.Config{
			ClientID: o.ClientID, ClientSecret: text, TokenURL: o.TokenURL, Scopes: o.Scopes, AuthStyle: oauth2.AuthStyleInHeader, EndpointParams: url.Values{},
		}
		if o.InBody {
			config.AuthStyle = oauth2.AuthStyleInParams
		}
		for name, value := range o.Extra {
			config.EndpointParams.Set(name, value)
		}
		return config.Token(httpx.Hidden(ctx, text))
	}
	return c.askAsAccount(ctx)
}

// askAsAccount signs who we are with the key of a service account.
func (c *credentials) askAsAccount(ctx context.Context) (*oauth2.Token, error) {
	text, err := c.auth.JWT.Key.Reveal()
	if err != nil {
		return nil, err
	}
	var key struct {
		Email string `json:"client_email"`
		Key   string `json:"private_key"`
		ID    string `json:"private_key_id"`
		URL   string `json:"token_uri"`
	}
	if err := json.Unmarshal([]byte(text), &key); err != nil || key.Email == "" || key.Key == "" {
		return nil, fmt.Errorf("%s is no key of a service account; give the JSON file that the service made, with client_email and private_key", c.auth.JWT.Key.Source())
	}
	if c.auth.JWT.TokenURL != "" {
		key.URL = c.auth.JWT.TokenURL
	}
	config := jwt.Config{Email: key.Email, PrivateKey: []byte(key.Key), PrivateKeyID: key.ID, Scopes: c.auth.JWT.Scopes, TokenURL: key.URL}
	token, err := config.TokenSource(ctx).Token()
	if _, answered := errors.AsType[*oauth2.RetrieveError](err); err != nil && !answered && httpx.Explain(err).Error() == err.Error() {
		return nil, errors.New("the private key of the service account cannot be used, or its token address did not answer")
	}
	return token, err
}

// tokenError keeps what may be told of a failed request for a token: its
// answer may repeat the secret.
func tokenError(err error) error {
	refused, answered := errors.AsType[*oauth2.RetrieveError](err)
	if !answered || refused.Response == nil {
		return fmt.Errorf("ask for a token: %w", httpx.Explain(err))
	}
	what := fmt.Sprintf("ask for a token: %d %s", refused.Response.StatusCode, http.StatusText(refused.Response.StatusCode))
	if refused.ErrorCode != "" {
		what += " (" + oneLine(excerpt(refused.ErrorCode, 60)) + ")"
	}
	return errors.New(what + "; the id or secret expired, was withdrawn, or lacks the scope: make new ones there and give them under auth:")
}
