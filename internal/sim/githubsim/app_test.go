package githubsim_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
	"time"

	"tandem/internal/sim"
	"tandem/internal/sim/githubsim"
)

// webToken signs what an App sends to buy a token.
func webToken(t *testing.T, key *rsa.PrivateKey, issuer string, issued, expires time.Time) string {
	t.Helper()
	encode := base64.RawURLEncoding.EncodeToString
	text := encode([]byte(`{"alg":"RS256","typ":"JWT"}`)) + "." +
		encode(fmt.Appendf(nil, `{"iss":%q,"iat":%d,"exp":%d}`, issuer, issued.Unix(), expires.Unix()))
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(signature)
}

// unsigned is what an App sends whose key is not checked.
func unsigned(now time.Time) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode(fmt.Appendf(nil, `{"iss":"12","iat":%d,"exp":%d}`, now.Add(-time.Minute).Unix(), now.Add(5*time.Minute).Unix())) + ".x"
}

func TestAnAppBuysTokensThatLiveForAnHour(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	w := sample()
	w.Apps = []githubsim.App{{ID: 12, Installation: 34, Key: &key.PublicKey, Login: "tandem[bot]", Service: true}}
	d := open(t, w, githubsim.Options{})
	buy := func(signer *rsa.PrivateKey, issuer string, installation int, life time.Duration) answer {
		d.token = webToken(t, signer, issuer, noon().Add(-time.Minute), noon().Add(life))
		return d.call("POST", fmt.Sprintf("/app/installations/%d/access_tokens", installation), nil)
	}
	d.want(401, buy(other, "12", 34, 9*time.Minute))
	d.want(401, buy(key, "13", 34, 9*time.Minute))
	d.want(401, buy(key, "12", 34, 11*time.Minute))
	d.want(401, buy(key, "12", 34, 0))
	d.want(404, buy(key, "12", 35, 9*time.Minute))
	bought := d.want(201, buy(key, "12", 34, 9*time.Minute))
	if bought.body["expires_at"] != "2026-11-21T13:00:00Z" {
		t.Errorf("expires_at = %v", bought.body["expires_at"])
	}
	d.want(401, d.call("GET", "/repos/acme/pay/issues", nil)) // the web token itself opens nothing
	d.token = bought.body["token"].(string)
	d.want(200, d.call("GET", "/repos/acme/pay/issues", nil))
	d.clock.Advance(time.Hour)
	d.want(401, d.call("GET", "/repos/acme/pay/issues", nil))
}

func TestANewerVersionLacksWhatItRemoved(t *testing.T) {
	t.Parallel()
	d := open(t, sample(), githubsim.Options{})
	d.client = &http.Client{Transport: sim.Network{host: d.Site}} // the judge knows the version of 2022
	for path, gone := range map[string]string{"/repos/acme/pay/issues/1": "assignee", "/repos/acme/pay": "has_downloads", "/rate_limit": "rate"} {
		for version, want := range map[string]bool{"2022-11-28": true, "2026-03-10": false} {
			req := d.request(t.Context(), "GET", path, nil)
			req.Header.Set("X-GitHub-Api-Version", version)
			got, err := d.do(req)
			if _, has := got.body[gone]; err != nil || got.status != 200 || has != want {
				t.Errorf("%s in %s: %s = %v, want %v (%d, %v)", path, version, gone, has, want, got.status, err)
			}
		}
	}
	req := d.request(t.Context(), "GET", "/user", nil)
	req.Header.Set("X-GitHub-Api-Version", "2031-01-01")
	if got, err := d.do(req); err != nil || got.status != 400 {
		t.Errorf("an unknown version = %d, %v", got.status, err)
	}
}
