package signature_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tandem/internal/secret"
	"tandem/internal/signature"
	"tandem/internal/work"
)

// The vectors were computed with openssl dgst -hmac.
const (
	key  = "correct horse battery"
	body = `{"event":"survey_response","n":1}`

	sha256Hex    = "47d9a1891595672c2ab8c079c8b432dac706f64107239387cee4a82c16fe2a0f"
	sha256Base64 = "R9mhiRWVZywquMB5yLQy2scG9kEHI5OHzuSoLBb+Kg8="
	sha1Hex      = "6143fd281de03855e47248db07629df902dd7de1"
	stamp        = "1795334400" // 2026-11-22T08:00:00Z
	timeDotBody  = "d11b95be44771155642dad47a3310ed6c02a87eb68a4dad42dc9f6c5adf66f57"
	timeBody     = "yiBahw+/UV7BOAaBjUkgIqzL86+KjLTFc09bZ+kzy08=" // of the time in RFC 3339
	nonceBase64  = "SbjLXDtMNT0P07vSN3Zk+8TMqhhkPeZ+F+/rCDD0Xkc="
	first        = `{"type":"track","messageId":"a"}`
	firstHex     = "1bcc6c95d1b936bbf950a308ab852dbf238a4400"
)

func sent() time.Time { return time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC) }

func with(s signature.Spec) signature.Spec { s.Secret = secret.FromText(key); return s }

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

// forms are specs with a delivery that each takes.
func forms() map[string]form {
	at := sent()
	return map[string]form{
		"hex": {with(signature.Spec{Kind: "hmac_sha256", Header: "X-Signature"}), headers("X-Signature", sha256Hex), body, signature.Proof{Body: signature.Whole}},
		"base64 with prefix": {
			with(signature.Spec{Kind: "hmac_sha256", Header: "X-Signature", Encoding: "base64", Prefix: "v0="}),
			headers("X-Signature", "v0="+sha256Base64), body,
			signature.Proof{Body: signature.Whole},
		},
		"github":   {with(signature.Spec{Preset: "github"}), headers("X-Hub-Signature-256", "sha256="+sha256Hex), body, signature.Proof{Body: signature.Whole}},
		"typeform": {with(signature.Spec{Preset: "typeform"}), headers("Typeform-Signature", "sha256="+sha256Base64), body, signature.Proof{Body: signature.Whole}},
		"intercom": {with(signature.Spec{Preset: "intercom"}), headers("X-Hub-Signature", "sha1="+sha1Hex), body, signature.Proof{Body: signature.Whole}},
		"zendesk": {
			with(signature.Spec{Preset: "zendesk"}),
			headers("X-Zendesk-Webhook-Signature", timeBody, "X-Zendesk-Webhook-Signature-Timestamp", "2026-11-22T08:00:00Z"), body,
			signature.Proof{Body: signature.Whole, At: at},
		},
		"hotjar": {with(signature.Spec{Preset: "hotjar"}), headers("com-hotjar-signature", "t="+stamp+",v1="+timeDotBody), body, signature.Proof{Body: signature.Whole, At: at}},
		"hotjar with a header for the time": {
			with(signature.Spec{
				Kind: "hmac_sha256", Header: "com-hotjar-signature", Signs: "timestamp_dot_body",
				Timestamp: signature.Timestamp{Header: "com-hotjar-timestamp", Unit: "s"},
			}),
			headers("com-hotjar-signature", timeDotBody, "com-hotjar-timestamp", stamp), body,
			signature.Proof{Body: signature.Whole, At: at},
		},
		"two secrets while one is replaced": {
			with(signature.Spec{Preset: "hotjar"}), headers("com-hotjar-signature", "t="+stamp+",v1="+sha256Hex+", v1="+timeDotBody), body, signature.Proof{Body: signature.Whole, At: at},
		},
		"canny signs no body": {
			with(signature.Spec{Preset: "canny"}), headers("canny-signature", nonceBase64, "canny-nonce", "n-123", "canny-timestamp", stamp+"000"),
			body,
			signature.Proof{Body: signature.Nothing, At: at, Nonce: "n-123"},
		},
		"segment":            {with(signature.Spec{Preset: "segment"}), headers("X-Signature", sha1Hex), body, signature.Proof{Body: signature.Whole}},
		"segment, a batch":   {with(signature.Spec{Preset: "segment"}), headers("X-Signature", firstHex), `{"batch":[` + first + `,{"messageId":"b"}]}`, signature.Proof{Body: signature.First}},
		"segment, a list":    {with(signature.Spec{Preset: "segment"}), headers("X-Signature", firstHex), ` [` + first + `,{}]`, signature.Proof{Body: signature.First}},
		"a token":            {with(signature.Spec{Kind: "token", Header: "X-Token", Prefix: "Bearer "}), headers("X-Token", "Bearer "+key), body, signature.Proof{}},
		"a token in a field": {with(signature.Spec{Kind: "token", Field: "meta.token"}), headers(), `{"meta":{"token":"` + key + `"}}`, signature.Proof{}},
		"basic":              {with(signature.Spec{Kind: "basic", User: "hook"}), headers("Authorization", "Basic aG9vazpjb3JyZWN0IGhvcnNlIGJhdHRlcnk="), body, signature.Proof{}},
	}
}

type form struct {
	spec   signature.Spec
	header http.Header
	body   string
	want   signature.Proof
}

func TestEveryFormTakesWhatIsSignedAndNothingElse(t *testing.T) {
	t.Parallel()
	for name, f := range forms() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if problems := f.spec.Problems(""); len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			got, err := f.spec.Verify(f.header, []byte(f.body), sent())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(f.want, got); diff != "" {
				t.Errorf("proof (-want +got):\n%s", diff)
			}
			f.refuses(t, "no header", http.Header{}, f.body)
			twice := f.header.Clone()
			for name, values := range f.header {
				twice[name] = append(values, values...)
			}
			if name != "basic" && name != "a token in a field" {
				f.refuses(t, "every header twice", twice, f.body)
			}
			other := f
			other.spec.Secret = secret.FromText("another key")
			other.refuses(t, "another key", f.header, f.body)
			for name := range f.header {
				h := f.header.Clone()
				h.Set(name, "x")
				f.refuses(t, name+" is nonsense", h, f.body)
			}
		})
	}
}

func (f form) refuses(t *testing.T, why string, h http.Header, body string) {
	t.Helper()
	if f.spec.Field != "" && why != "another key" {
		body = "{}"
	}
	_, err := f.spec.Verify(h, []byte(body), sent())
	if !errors.Is(err, signature.ErrRefused) {
		t.Errorf("%s: %v", why, err)
	}
	if err != nil && strings.Contains(err.Error(), key) {
		t.Errorf("%s: the error tells the secret", why)
	}
}

func TestADeliveryOutsideOfItsWindowIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"hotjar", "zendesk", "canny signs no body"} {
		f := forms()[name]
		f.spec.Window, f.spec.Skew = work.Span(10*time.Minute), work.Span(2*time.Minute)
		for after, taken := range map[time.Duration]bool{
			0: true, 10 * time.Minute: true, 10*time.Minute + time.Second: false, -2 * time.Minute: true, -2*time.Minute - time.Second: false, 24 * time.Hour: false,
		} {
			_, err := f.spec.Verify(f.header, []byte(f.body), sent().Add(after))
			if (err == nil) != taken || err != nil && !errors.Is(err, signature.ErrRefused) {
				t.Errorf("%s, %s later: %v", name, after, err)
			}
		}
	}
}

func TestASecretThatIsNotThereIsOurOwnFault(t *testing.T) {
	t.Parallel()
	s := signature.Spec{Preset: "github", Secret: secret.Secret{Env: "TANDEM_NO_SUCH_VARIABLE"}}
	if _, err := s.Verify(headers("X-Hub-Signature-256", "sha256="+sha256Hex), []byte(body), sent()); err == nil || errors.Is(err, signature.ErrRefused) {
		t.Errorf("%v", err)
	}
	if _, err := with(signature.Spec{}).Verify(http.Header{}, nil, sent()); err == nil {
		t.Error("a spec that says nothing takes a delivery")
	}
}

func TestMistakesInASpecAreNamed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		spec signature.Spec
		want []string
	}{
		"typo":             {with(signature.Spec{Preset: "hotjra"}), []string{`/verify/preset: "hotjra" is not known; did you mean "hotjar"?`}},
		"all typos":        {with(signature.Spec{Kind: "hmac", Encoding: "hexa", Signs: "all", Timestamp: signature.Timestamp{Unit: "m"}}), []string{"/verify/kind", "/verify/encoding", "/verify/signs", "/verify/timestamp"}},
		"nothing":          {signature.Spec{}, []string{"/verify/secret", "/verify: nothing says how"}},
		"no header":        {with(signature.Spec{Kind: "hmac_sha1"}), []string{"/verify/header"}},
		"token nowhere":    {with(signature.Spec{Kind: "token"}), []string{"/verify/header"}},
		"token everywhere": {with(signature.Spec{Kind: "token", Header: "X", Field: "y"}), []string{"/verify/header"}},
		"no user":          {with(signature.Spec{Kind: "basic"}), []string{"/verify/user"}},
		"no nonce":         {with(signature.Spec{Kind: "hmac_sha256", Header: "X", Signs: "nonce"}), []string{"/verify/nonce"}},
		"no time":          {with(signature.Spec{Kind: "hmac_sha256", Header: "X", Signs: "timestamp_body"}), []string{"/verify/timestamp"}},
	}
	for name, c := range cases {
		got := c.spec.Problems("/verify")
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i].Error(), c.want[i]) || got[i].Remedy == "" {
				t.Errorf("%s: %v, want %s", name, got[i], c.want[i])
			}
		}
	}
}

func TestEveryPresetIsCompleteButForItsSecret(t *testing.T) {
	t.Parallel()
	for _, name := range signature.Presets() {
		if problems := with(signature.Spec{Preset: name}).Problems(""); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
	if (signature.Spec{}).Set() || !(signature.Spec{Preset: "github"}).Set() {
		t.Error("an empty spec is set, or a given one is not")
	}
}
