package signin_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// clientSecret is what the issuer knows Tandem by.
const clientSecret = "client-secret-that-is-nowhere-else"

// issuerSim is an issuer that signs real tokens. Its fields say what it does
// otherwise than it should.
type issuerSim struct {
	*httptest.Server

	now func() time.Time

	mu    sync.Mutex
	key   *rsa.PrivateKey
	kid   int
	codes map[string]asked
	// seen are the codes and tokens that it gave out: nobody else may have them.
	seen []string

	down     bool
	calls    string         // itself, where that is another name
	person   map[string]any // claims of the ID token beside the usual
	userinfo map[string]any // nil where there is none
	nonce    string         // instead of the one that was asked for
	sign     func(header, claims map[string]any) string
	end      string // where people sign out; empty where it does not say
	params   bool   // takes the secret in the body only
	named    bool   // promises to name itself in every answer (RFC 9207)
	noToken  bool   // gives no ID token
}

type asked struct{ nonce, challenge, back string }

func newIssuer(t *testing.T, now func() time.Time) *issuerSim {
	t.Helper()
	s := &issuerSim{now: now, codes: map[string]asked{}, person: map[string]any{"email": "Ana@acme.example", "groups": []string{"product", "football"}}}
	s.key, s.kid = firstKey(), 1
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", s.describe)
	mux.HandleFunc("GET /authorize", s.authorize)
	mux.HandleFunc("POST /token", s.token)
	mux.HandleFunc("GET /keys", s.keys)
	mux.HandleFunc("GET /userinfo", s.tell)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// set changes what the issuer does.
func (s *issuerSim) set(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// firstKey is that of every issuer: making one takes a while.
var firstKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// rotate signs with another key from now on, and publishes no other.
func (s *issuerSim) rotate(t *testing.T) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	s.set(func() { s.key, s.kid = key, s.kid+1 })
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *issuerSim) describe(w http.ResponseWriter, _ *http.Request) {
	name := s.URL
	if s.calls != "" {
		name = s.calls
	}
	d := map[string]any{
		"issuer": name, "authorization_endpoint": s.URL + "/authorize", "token_endpoint": s.URL + "/token", "jwks_uri": s.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"}, "scopes_supported": []string{"openid", "email", "groups"},
	}
	if s.userinfo != nil {
		d["userinfo_endpoint"] = s.URL + "/userinfo"
	}
	if s.end != "" {
		d["end_session_endpoint"] = s.end
	}
	if s.named {
		d["authorization_response_iss_parameter_supported"] = true
	}
	if s.params {
		d["token_endpoint_auth_methods_supported"] = []string{"client_secret_post"}
	}
	answer(w, d)
}

func (s *issuerSim) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "tandem" || q.Get("code_challenge_method") != "S256" || q.Get("scope") != "openid email groups" {
		http.Error(w, "bad request: "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	code := rand.Text()
	s.seen = append(s.seen, code)
	s.codes[code] = asked{q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri")}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
}

func (s *issuerSim) token(w http.ResponseWriter, r *http.Request) {
	refuse := func(code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": "of " + r.PostFormValue("code") + " and " + r.Header.Get("Authorization")})
	}
	id, secret, basic := r.BasicAuth()
	if s.params {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != "tandem" || secret != clientSecret || basic == s.params {
		refuse("invalid_client")
		return
	}
	code := r.PostFormValue("code")
	a, known := s.codes[code]
	delete(s.codes, code)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || a.back != r.PostFormValue("redirect_uri") || b64(sum[:]) != a.challenge {
		refuse("invalid_grant")
		return
	}
	access := "access-" + rand.Text()
	claims := map[string]any{
		"iss": s.URL, "aud": "tandem", "sub": "7:ana", "exp": s.now().Add(5 * time.Minute).Unix(), "iat": s.now().Unix(), "nonce": a.nonce, "at_hash": atHash(access),
	}
	if s.nonce != "" {
		claims["nonce"] = s.nonce
	}
	maps.Copy(claims, s.person)
	header := map[string]any{"alg": "RS256", "kid": fmt.Sprint(s.kid), "typ": "JWT"}
	raw := ""
	if s.sign != nil {
		raw = s.sign(header, claims)
	} else {
		raw = s.signed(header, claims)
	}
	s.seen = append(s.seen, access, raw, r.PostFormValue("code_verifier"))
	told := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": raw, "refresh_token": "refresh-never-kept"}
	if s.noToken {
		delete(told, "id_token")
	}
	answer(w, told)
}

func atHash(access string) string {
	sum := sha256.Sum256([]byte(access))
	return b64(sum[:16])
}

func (s *issuerSim) tell(w http.ResponseWriter, r *http.Request) {
	if len(r.Header.Get("Authorization")) < 20 {
		http.Error(w, "who?", http.StatusUnauthorized)
		return
	}
	answer(w, s.userinfo)
}

func (s *issuerSim) keys(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": fmt.Sprint(s.kid), "n": b64(s.key.N.Bytes()), "e": b64(big.NewInt(int64(s.key.E)).Bytes()),
	}}})
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func unsigned(header, claims map[string]any) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	return b64(h) + "." + b64(c)
}

func (s *issuerSim) signed(header, claims map[string]any) string {
	return signedBy(s.key, header, claims)
}

func signedBy(key *rsa.PrivateKey, header, claims map[string]any) string {
	text := unsigned(header, claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err) // the key is good
	}
	return text + "." + b64(signature)
}

// signedWithPublicKey is the old trick: the public key as the secret of HS256.
func (s *issuerSim) signedWithPublicKey(header, claims map[string]any) string {
	header["alg"] = "HS256"
	text := unsigned(header, claims)
	m := hmac.New(sha256.New, s.key.N.Bytes())
	m.Write([]byte(text))
	return text + "." + b64(m.Sum(nil))
}
