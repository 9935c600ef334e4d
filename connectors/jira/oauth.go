package jira

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"tandem/connectors"
	"tandem/internal/httpx"
)

// tokenEndpoint is where Atlassian exchanges refresh tokens.
const tokenEndpoint = "https://auth.atlassian.com/oauth/token"

// early is how long before its end an access token is replaced.
const early = 2 * time.Minute

// rotation gives access tokens of OAuth (3LO). Atlassian gives a new refresh
// token with each access token, and the old one dies: so one exchange is made
// at a time, and what comes back is on disk before anything else happens.
type rotation struct {
	config oauth2.Config
	file   string
	web    *http.Client
	now    func() time.Time

	mu     sync.Mutex
	access *oauth2.Token
	// unsaved is a refresh token that could not be written yet.
	unsaved string
}

func newRotation(env connectors.Env, a Auth) *rotation {
	r := &rotation{
		config: oauth2.Config{ClientID: a.ClientID, Endpoint: oauth2.Endpoint{TokenURL: tokenEndpoint, AuthStyle: oauth2.AuthStyleInParams}},
		file:   a.RefreshTokenFile, now: env.Now,
		web: httpx.New(httpx.Options{Name: env.Name, Transport: env.Transport, Log: env.Log, RetryMax: -1}),
	}
	if r.now == nil {
		r.now = time.Now
	}
	return r
}

// authorize sets the access token of a request.
func (r *rotation) authorize(a Auth) func(*http.Request) error {
	return func(req *http.Request) error {
		secret, err := a.ClientSecret.Reveal()
		if err != nil {
			return err
		}
		token, err := r.token(req.Context(), secret)
		if err != nil {
			return err
		}
		token.SetAuthHeader(req)
		return nil
	}
}

// token returns an access token that is good for a while.
func (r *rotation) token(ctx context.Context, secret string) (*oauth2.Token, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.save(); err != nil {
		return nil, err
	}
	if r.access != nil && r.now().Add(early).Before(r.access.Expiry) {
		return r.access, nil
	}
	// An exchange that has begun is finished: its answer holds the only
	// refresh token that is good from then on.
	ctx = context.WithoutCancel(ctx)
	refresh, err := r.load()
	if err != nil {
		return nil, err
	}
	fresh, err := r.exchange(ctx, secret, refresh)
	if dead(err) {
		// Another process may have been faster.
		if newer, again := r.load(); again == nil && newer != refresh {
			fresh, err = r.exchange(ctx, secret, newer)
		}
	}
	if err != nil {
		return nil, r.explain(err)
	}
	r.access = fresh
	if fresh.RefreshToken != refresh {
		r.unsaved = fresh.RefreshToken
	}
	if err := r.save(); err != nil {
		return nil, err
	}
	return r.access, nil
}

func (r *rotation) exchange(ctx context.Context, secret, refresh string) (*oauth2.Token, error) {
	config := r.config
	config.ClientSecret = secret
	ctx = context.WithValue(ctx, oauth2.HTTPClient, r.web)
	token, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		return nil, err
	}
	const usual = 3600 // seconds, where the answer does not say
	token.Expiry = r.now().Add(time.Duration(cmp.Or(token.ExpiresIn, usual)) * time.Second)
	return token, nil
}

// dead reports whether the refresh token is good no more.
func dead(err error) bool {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	return ok && (e.ErrorCode == "invalid_grant" || e.ErrorCode == "unauthorized_client")
}

// explain says what happened without the answer, which may hold tokens.
func (r *rotation) explain(err error) error {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	switch {
	case dead(err):
		return fmt.Errorf("atlassian no longer takes the refresh token in %s (%s); authorise Tandem again with the scope offline_access, write the new refresh token into that file, and let no other program use it", r.file, e.ErrorCode)
	case ok && e.Response != nil:
		return fmt.Errorf("exchange refresh token: atlassian answered %d %s; check auth.client_id and auth.client_secret", e.Response.StatusCode, e.ErrorCode)
	case ok:
		return errors.New("exchange refresh token: atlassian answered something else than a token; check the way to auth.atlassian.com")
	default:
		return fmt.Errorf("exchange refresh token: %w", httpx.Explain(err))
	}
}

func (r *rotation) load() (string, error) {
	b, err := os.ReadFile(r.file)
	if err != nil {
		return "", fmt.Errorf("read refresh token: %w; write it there, readable and writable by Tandem alone", err)
	}
	token := strings.TrimSpace(string(b))
	if token == "" {
		return "", fmt.Errorf("refresh token file %s is empty; authorise Tandem with the scope offline_access and write the token there", r.file)
	}
	return token, nil
}

// save writes a rotated refresh token: beside the file, to the disk, and then
// in its place.
func (r *rotation) save() error {
	if r.unsaved == "" {
		return nil
	}
	if err := replace(r.file, r.unsaved+"\n"); err != nil {
		return fmt.Errorf("keep the new refresh token: %w; make %s and its folder writable now: the old token is dead, and the new one is lost when Tandem stops", err, r.file)
	}
	r.unsaved = ""
	return nil
}

// replace writes a file so that it is the old or the new one whatever happens,
// readable by its owner alone.
func replace(file, content string) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.WriteString(content)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), file); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(file))
	if err != nil {
		return nil // the file is in place; the folder only cannot be flushed
	}
	_ = folder.Sync() // not every system can
	return folder.Close()
}
