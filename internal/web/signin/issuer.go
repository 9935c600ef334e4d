package signin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"tandem/internal/httpx"
	"tandem/internal/secret"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// OIDC is an issuer that people sign in at.
type OIDC struct {
	Issuer       string
	ClientID     string
	ClientSecret secret.Secret
	// GroupsClaim is the claim that lists the groups of a person.
	GroupsClaim string
	Grants      []Grant
	// SignOut offers to whoever signed out to do so at the issuer too, where that
	// takes it.
	SignOut bool
}

// The patience with an issuer.
const (
	issuerTime  = 8 * time.Second  // of one request
	issuerWait  = 20 * time.Second // of all for one sign-in
	issuerFresh = time.Hour        // how long its description counts
	issuerPause = 5 * time.Second  // before it is asked again after it failed
	// skew is how far the clocks of the issuer and of this machine may differ.
	skew = 2 * time.Minute
)

// issuer knows how the issuer is asked. Its description is read at the first
// sign-in, and again each hour.
type issuer struct {
	OIDC

	back   string // where it sends people; empty where public_url is not set
	ended  string // where it sends those who signed out; empty likewise
	client *http.Client
	now    func() time.Time
	log    *slog.Logger

	turn   chan struct{} // held by who reads the description
	found  *description
	tried  time.Time
	failed error
	known  atomic.Pointer[description] // found, for who does not wait
}

// description is what the issuer says of itself.
type description struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	endpoint oauth2.Endpoint
	scopes   []string
	end      string // where people sign out; empty where it does not say
	named    bool   // it names itself in every answer (RFC 9207)
	read     time.Time
}

func newIssuer(c Config) *issuer {
	i := &issuer{
		OIDC: *c.OIDC, now: c.Now, log: c.Log, turn: make(chan struct{}, 1),
		client: httpx.New(httpx.Options{Name: "oidc", Transport: c.Transport, Log: c.Log, Timeout: issuerTime, RetryMax: 2, MaxWait: 2 * time.Second}),
	}
	if c.PublicURL != "" {
		u, _ := url.Parse(c.PublicURL) // New looked at it
		i.back = u.Scheme + "://" + u.Host + pathBack
		i.ended = u.Scheme + "://" + u.Host + pathLeft
	}
	return i
}

// issuerError is why nobody can sign in at the issuer now, for people: it holds
// nothing of what the issuer said.
type issuerError struct{ Text, Remedy string }

func (e *issuerError) Error() string { return e.Text + " " + e.Remedy }

// discover returns the description of the issuer. One that was read before
// counts while it cannot be read anew.
func (i *issuer) discover(ctx context.Context) (*description, error) {
	select {
	case i.turn <- struct{}{}:
		defer func() { <-i.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the issuer: %w", ctx.Err())
	}
	now := i.now()
	if i.found != nil && now.Sub(i.found.read) < issuerFresh {
		return i.found, nil
	}
	if i.tried.IsZero() || now.Sub(i.tried) >= issuerPause {
		i.tried = now
		found, err := i.describe(ctx)
		if err == nil {
			i.found, i.failed = found, nil
			i.known.Store(found)
			return found, nil
		}
		i.failed = err
		i.log.Warn("the issuer of sign-ins cannot be asked", "kind", wayOIDC, "err", err)
	}
	if i.found != nil {
		return i.found, nil
	}
	return nil, i.failed
}

func (i *issuer) describe(ctx context.Context) (*description, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, i.client), i.Issuer)
	if other, ok := errors.AsType[*oidc.IssuerMismatchError](err); ok {
		return nil, &issuerError{
			"What answers at web.oidc.issuer says that it is " + shownAddress(other.Discovered) + ".",
			"Write exactly that to web: {oidc: {issuer: …}} in tandem.yaml, if it is yours.",
		}
	}
	if err != nil {
		i.log.Debug("the description of the issuer could not be read", "kind", wayOIDC, "err", err)
		return nil, &issuerError{
			"The issuer " + shownAddress(i.Issuer) + " does not answer as one.",
			"Try again in a moment. Look whether " + shownAddress(i.Issuer) + "/.well-known/openid-configuration can be read from the machine of the daemon, and correct web: {oidc: {issuer: …}} in tandem.yaml.",
		}
	}
	var said struct {
		Auth    string   `json:"authorization_endpoint"`
		Token   string   `json:"token_endpoint"`
		Keys    string   `json:"jwks_uri"`
		Scopes  []string `json:"scopes_supported"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
		End     string   `json:"end_session_endpoint"`
		Named   bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, fmt.Errorf("read the description of the issuer: %w", err)
	}
	for what, address := range map[string]string{"authorization_endpoint": withoutQuery(said.Auth), "token_endpoint": said.Token, "jwks_uri": said.Keys} {
		if bad := httpx.BadAddress(address); bad != "" {
			return nil, &issuerError{"The description of the issuer is of no use: of its " + what + ", " + bad + ".", "Correct the settings of the issuer."}
		}
	}
	d := &description{
		provider: provider, read: i.now(), named: said.Named, endpoint: provider.Endpoint(), scopes: []string{oidc.ScopeOpenID, oidc.ScopeEmail},
		// Earlier by the skew, so that a clock that is slow at the issuer refuses nobody.
		verifier: provider.Verifier(&oidc.Config{ClientID: i.ClientID, Now: func() time.Time { return i.now().Add(-skew) }}),
	}
	d.endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(said.Methods) > 0 && !slices.Contains(said.Methods, "client_secret_basic") {
		d.endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	if said.End != "" && httpx.BadAddress(withoutQuery(said.End)) == "" {
		d.end = said.End
	}
	if slices.Contains(said.Scopes, "groups") {
		d.scopes = append(d.scopes, "groups")
	}
	return d, nil
}

// withoutQuery takes the query off an address that may have one.
func withoutQuery(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery = ""
	return u.String()
}

// shownAddress is an address without anything that is nobody's business.
func shownAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "another address"
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// ask is how the issuer is asked for a person.
func (i *issuer) ask(d *description) oauth2.Config {
	return oauth2.Config{ClientID: i.ClientID, Endpoint: d.endpoint, RedirectURL: i.back, Scopes: d.scopes}
}
