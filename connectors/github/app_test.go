package github_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/connectors"
	"tandem/internal/work"
)

const tokenAuth = "auth: {token: {env: GITHUB_TEST_TOKEN}}\n"

// appKey makes one key for all tests: making keys is slow.
var appKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// appAuth writes the key to a file and returns the settings.
func appAuth(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.pem")
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(appKey())}
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	return "auth: {app_id: 12, installation_id: 34, private_key: {file: " + path + "}}\n"
}

// signed checks the App's signature as GitHub documents it.
func signed(r *http.Request) bool {
	parts := strings.Split(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "), ".")
	if len(parts) != 3 {
		return false
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || rsa.VerifyPKCS1v15(&appKey().PublicKey, crypto.SHA256, sum[:], signature) != nil {
		return false
	}
	var head struct{ Alg, Typ string }
	var claims struct {
		Iat, Exp int64
		Iss      string
	}
	for i, into := range []any{&head, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			return false
		}
	}
	now := time.Now().Unix()
	return head.Alg == "RS256" && head.Typ == "JWT" && claims.Iss == "12" && claims.Iat <= now && claims.Exp > now && claims.Exp-claims.Iat <= 600
}

func TestTheInstallationTokenIsKeptAndRenewedEarly(t *testing.T) {
	t.Parallel()
	auth := appAuth(t)
	synctest.Test(t, func(t *testing.T) {
		h := newHub()
		h.open("acme/pay", 1, time.Now().Add(-time.Hour).UTC())
		c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{h}, Now: time.Now}, "url: http://127.0.0.1\n"+auth+"repositories: [acme/pay]")
		exchanges := func() int {
			n := 0
			read(t, c, nil)
			for _, call := range h.taken() {
				if strings.HasSuffix(call, "/access_tokens") {
					n++
				}
			}
			return n
		}
		var got []int
		for range 4 {
			got = append(got, exchanges())
			time.Sleep(28 * time.Minute)
		}
		if diff := cmp.Diff([]int{1, 0, 1, 0}, got); diff != "" {
			t.Errorf("exchanges in polls 28 minutes apart (-want +got):\n%s", diff)
		}
		h.answer = func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.Path, "/repos") {
				reply(w, 401, map[string]any{"message": "Bad credentials"})
			}
			return strings.HasPrefix(r.URL.Path, "/repos")
		}
		if _, err := pages(t, c, nil); err == nil || !strings.Contains(err.Error(), "expired or revoked") {
			t.Errorf("a refused token: %v", err)
		}
		h.answer = nil
		h.taken()
		if n := exchanges(); n != 1 {
			t.Errorf("%d exchanges after the token was refused, want a new one", n)
		}
	})
}

func TestABadKeyIsNamedByItsPlaceOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(path, []byte("-----BEGIN hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := connect(t, connectors.Env{Name: "gh", Transport: inProcess{newHub()}, Now: time.Now},
		"url: http://127.0.0.1\nauth: {app_id: 12, installation_id: 34, private_key: {file: "+path+"}}\nrepositories: [acme/pay]")
	_, err := pages(t, c, nil)
	if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "PEM") {
		t.Errorf("error: %v", err)
	}
	r := c.Sink.Send(t.Context(), []work.Edit{label(3_000_000_001, "acme/pay#1", work.AddLabel, "x")})
	if r[0].State != work.Deferred {
		t.Errorf("a write without credentials: %+v", r)
	}
}
