package hotjar

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"tandem/internal/httpx"
)

const (
	// early is how long before its end a token is replaced.
	early = 2 * time.Minute
	// usualLife is how long a token lives where the answer does not say.
	usualLife = 3600 // seconds
)

// keyError says that Hotjar does not take the API key.
type keyError struct{ status int }

func (e *keyError) Error() string {
	return fmt.Sprintf("hotjar refuses the API key (%d %s)", e.status, http.StatusText(e.status))
}

// tokens exchanges the API key for access tokens.
type tokens struct {
	auth Auth
	base string
	web  *http.Client
	now  func() time.Time

	mu     sync.Mutex
	access string
	until  time.Time
}

// bearer returns a token that is good for a while.
func (t *tokens) bearer(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access != "" && t.now().Before(t.until) {
		return t.access, nil
	}
	secret, err := t.auth.ClientSecret.Reveal()
	if err != nil {
		return "", fmt.Errorf("read the API key: %w", err)
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {t.auth.ClientID}, "client_secret": {secret}}
	r, err := http.NewRequestWithContext(httpx.ReadOnly(ctx), http.MethodPost, t.base+"/v1/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", fmt.Errorf("exchange the API key: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := t.web.Do(r)
	if err != nil {
		return "", fmt.Errorf("exchange the API key: %w", httpx.Explain(err))
	}
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusBadRequest {
		_ = resp.Body.Close() // it may repeat the key
		return "", &keyError{resp.StatusCode}
	}
	var answer struct {
		Access  string  `json:"access_token"`
		Seconds float64 `json:"expires_in"`
	}
	if err := httpx.ReadJSON(resp, &answer); err != nil {
		return "", fmt.Errorf("exchange the API key: %w", withoutBody(err))
	}
	if answer.Access == "" {
		return "", fmt.Errorf("exchange the API key: %w: it has no access_token", errForm)
	}
	life := time.Duration(cmp.Or(answer.Seconds, usualLife) * float64(time.Second))
	t.access, t.until = answer.Access, t.now().Add(life-min(early, life/10))
	return t.access, nil
}

// forget drops a token that the service refused.
func (t *tokens) forget(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == token {
		t.access = ""
	}
}
