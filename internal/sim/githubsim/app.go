package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"tandem/internal/sim"
)

// installationRoute is where Apps ask who they are, tokenRoute where they buy
// tokens.
const (
	installationRoute = "/app/installations/{installation_id}"
	tokenRoute        = installationRoute + "/access_tokens"
)

// application checks the signed web token of an App. It reports whether the
// request speaks for an App as such; the App is nil when the token is not good.
func (s *Site) application(r *http.Request) (*App, bool) {
	if route := sim.CallOf(r.Context()).Route; route != tokenRoute && route != installationRoute && !strings.HasPrefix(route, appHookRoute) {
		return nil, false
	}
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, true
	}
	var claims struct {
		Issuer  json.RawMessage `json:"iss"`
		Issued  int64           `json:"iat"`
		Expires int64           `json:"exp"`
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &claims) != nil {
		return nil, true
	}
	now := s.options.Now()
	issued, expires := time.Unix(claims.Issued, 0), time.Unix(claims.Expires, 0)
	if issued.After(now) || !expires.After(now) || expires.Sub(now) > 10*time.Minute {
		return nil, true
	}
	for n := range s.apps {
		app := &s.apps[n]
		if strings.Trim(string(claims.Issuer), `"`) == strconv.FormatInt(app.ID, 10) && signed(app.Key, parts) {
			return app, true
		}
	}
	return nil, true
}

// signed checks an RS256 signature.
func signed(key *rsa.PublicKey, parts []string) bool {
	if key == nil {
		return true
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
}

// installationGet answers with the installation of the App that asks.
func (s *Site) installationGet(a *asker, r *http.Request) reply {
	if a.app == nil || r.PathValue("installation_id") != strconv.FormatInt(a.app.Installation, 10) {
		return missing()
	}
	owner := "acme"
	if all := s.sorted(); len(all) > 0 {
		owner, _, _ = strings.Cut(all[0].Name, "/")
	}
	self := fmt.Sprintf("%s/app/installations/%d", a.base, a.app.Installation)
	return ok(map[string]any{
		"id": a.app.Installation, "app_id": a.app.ID, "app_slug": strings.TrimSuffix(a.app.Login, "[bot]"), "account": a.organization(owner),
		"target_id": 1, "target_type": "Organization", "single_file_name": nil, "repository_selection": "selected", "events": []string{},
		"access_tokens_url": self + "/access_tokens", "repositories_url": a.base + "/installation/repositories", "html_url": a.html + "/settings/installations",
		"permissions": map[string]any{"issues": "write", "metadata": "read", "organization_projects": "write"},
		"created_at":  stamp(s.now()), "updated_at": stamp(s.now()), "suspended_by": nil, "suspended_at": orNull(a.app.Suspended),
	})
}

// tokenPost sells an installation token for an hour.
func (s *Site) tokenPost(a *asker, r *http.Request) reply {
	if a.app == nil || r.PathValue("installation_id") != strconv.FormatInt(a.app.Installation, 10) {
		return missing()
	}
	if !a.app.Suspended.IsZero() {
		return refuse(http.StatusForbidden, "This installation has been suspended")
	}
	s.tokens++
	account := Account{
		Token: fmt.Sprintf("ghs_%d_%064d", a.app.ID, s.tokens), Login: a.app.Login, App: true, Service: a.app.Service, Expires: s.now().Add(time.Hour),
	}
	s.accounts = append(s.accounts, account)
	sim.CallOf(r.Context()).Write = false // it changes nothing that people see
	return created(map[string]any{
		"token": account.Token, "expires_at": stamp(account.Expires), "repository_selection": "selected",
		"permissions": map[string]any{"issues": "write", "metadata": "read"},
	}, "")
}
