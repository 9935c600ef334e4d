package browser_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"
)

// issuer is where people of a company sign in: it asks in the browser who they
// are, believes them, and signs real tokens.
type issuer struct {
	*httptest.Server

	key *rsa.PrivateKey

	mu    sync.Mutex
	codes map[string]asked // by code, each good once
}

// asked is what a browser was sent with, and who it said that it is.
type asked struct{ nonce, person string }

// people are those who work at the company, with their groups.
func people() map[string][]string {
	return map[string][]string{"Ana, who decides": {"product"}, "Rea, who reads": {"staff"}, "Otto, an outsider": {}}
}

func newIssuer() (*issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	i := &issuer{key: key, codes: map[string]asked{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.describe)
	mux.HandleFunc("GET /authorize", i.whoAreYou)
	mux.HandleFunc("GET /chosen", i.chosen)
	mux.HandleFunc("POST /token", i.token)
	mux.HandleFunc("GET /keys", i.keys)
	i.Server = httptest.NewServer(mux)
	return i, nil
}

func (i *issuer) describe(w http.ResponseWriter, _ *http.Request) {
	say(w, map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "email", "groups"},
	})
}

// whoAreYou asks the person in the browser.
func (i *issuer) whoAreYou(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprint(w, `<!doctype html><html lang="en"><head><title>Who are you?</title><link rel="icon" href="data:,"></head><body><h1>Who are you?</h1><ul>`)
	for name := range people() {
		q := r.URL.Query()
		q.Set("person", name)
		_, _ = fmt.Fprintf(w, `<li><a href="/chosen?%s">%s</a></li>`, html.EscapeString(q.Encode()), html.EscapeString(name))
	}
}

func (i *issuer) chosen(w http.ResponseWriter, r *http.Request) {
	q, code := r.URL.Query(), rand.Text()
	i.mu.Lock()
	i.codes[code] = asked{q.Get("nonce"), q.Get("person")}
	i.mu.Unlock()
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	a, known := i.codes[r.PostFormValue("code")]
	delete(i.codes, r.PostFormValue("code"))
	i.mu.Unlock()
	if !known {
		w.WriteHeader(http.StatusBadRequest)
		say(w, map[string]string{"error": "invalid_grant"})
		return
	}
	first, _, _ := strings.Cut(strings.ToLower(a.person), ",")
	now := time.Now()
	signed, err := i.sign(map[string]any{
		"iss": i.URL, "aud": "tandem", "sub": first, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "nonce": a.nonce,
		"email": first + "@acme.example", "groups": people()[a.person],
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	say(w, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": signed})
}

func (i *issuer) sign(claims map[string]any) (string, error) {
	head, err := json.Marshal(map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

func (i *issuer) keys(w http.ResponseWriter, _ *http.Request) {
	n, e := base64.RawURLEncoding.EncodeToString(i.key.N.Bytes()), base64.RawURLEncoding.EncodeToString(big.NewInt(int64(i.key.E)).Bytes())
	say(w, map[string]any{"keys": []any{map[string]string{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": n, "e": e}}})
}

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may have gone
}
