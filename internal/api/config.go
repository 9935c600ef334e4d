package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"tandem/internal/door"
	"tandem/internal/secret"
	"tandem/internal/view"
	"tandem/internal/work"
)

// Token is one client.
type Token struct {
	Name   string
	Secret secret.Secret
	Role   view.Role
	// Audience is the strictest that the client may see. Restricted is
	// everything, also what no source gave an audience for.
	Audience work.Audience
}

// Config is what an API is made of.
type Config struct {
	// Desk shows and decides; the API only speaks for it.
	Desk   *view.Desk
	Tokens []Token
	// Listen is the address that it is served at, and Hosts are further names
	// that a proxy in front answers to.
	Listen string
	Hosts  []string
	// Extra are pages of others on the same address, by pattern of a mux. They
	// ask for no token.
	Extra map[string]http.Handler
	Log   *slog.Logger
	Now   func() time.Time
}

// API answers requests.
type API struct {
	Config

	keys   *door.Keyring
	routes []route
	mux    *http.ServeMux
	limits limits
}

// ErrToken is why an API does not start: a token is missing, short, or two are
// the same.
var ErrToken = errors.New("start the api")

// New returns an API. It refuses tokens that could be guessed.
func New(c Config) (*API, error) {
	keys := make([]door.Key, 0, len(c.Tokens))
	for _, t := range c.Tokens {
		keys = append(keys, door.Key{At: "api.tokens " + t.Name, Token: t.Secret})
	}
	ring, err := door.NewKeyring(keys, c.Now, c.Log)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrToken, err)
	}
	a := &API{Config: c, keys: ring, limits: newLimits(c.Now)}
	a.routes = table()
	a.mux = http.NewServeMux()
	if len(c.Tokens) > 0 {
		for _, r := range a.routes {
			a.mux.Handle(r.Method+" "+r.Path, a.guarded(r))
		}
		a.mux.HandleFunc("GET "+Description, describe)
	}
	for pattern, h := range c.Extra {
		a.mux.Handle(pattern, h)
	}
	return a, nil
}
