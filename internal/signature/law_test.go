package signature_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/secret"
	"tandem/internal/signature"
)

// sign is an independent sender of the form <time>.<body>.
func sign(key, stamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func TestAnyChangedByteIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "body")
		word := rapid.StringN(1, 30, -1).Draw(t, "key")
		spec := signature.Spec{Preset: "hotjar", Secret: secret.FromText(word)}
		sum := sign(word, stamp, body)
		h := headers("com-hotjar-signature", "t="+stamp+",v1="+sum)
		if _, err := spec.Verify(h, body, sent()); err != nil {
			t.Fatalf("what was signed is refused: %v", err)
		}
		changed := append([]byte(nil), body...)
		changed[rapid.IntRange(0, len(body)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		if _, err := spec.Verify(h, changed, sent()); !errors.Is(err, signature.ErrRefused) {
			t.Fatalf("a changed body is taken: %v", err)
		}
		raw, _ := hex.DecodeString(sum)
		raw[rapid.IntRange(0, len(raw)-1).Draw(t, "place")] ^= byte(rapid.IntRange(1, 255).Draw(t, "with"))
		if _, err := spec.Verify(headers("com-hotjar-signature", "t="+stamp+",v1="+hex.EncodeToString(raw)), body, sent()); !errors.Is(err, signature.ErrRefused) {
			t.Fatalf("a changed signature is taken: %v", err)
		}
		later := "1795334401"
		if _, err := spec.Verify(headers("com-hotjar-signature", "t="+later+",v1="+sum), body, sent()); !errors.Is(err, signature.ErrRefused) {
			t.Fatalf("a changed time is taken: %v", err)
		}
	})
}

func TestASignatureOfAnotherKeyIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringN(1, 20, -1).Draw(t, "a")
		// HMAC fills short keys up with zero bytes.
		another := func(key string) bool { return trimmed(key) != trimmed(a) }
		b := rapid.StringN(1, 20, -1).Filter(another).Draw(t, "b")
		spec := signature.Spec{Preset: "hotjar", Secret: secret.FromText(a)}
		if _, err := spec.Verify(headers("com-hotjar-signature", "t="+stamp+",v1="+sign(b, stamp, []byte(body))), []byte(body), sent()); !errors.Is(err, signature.ErrRefused) {
			t.Fatalf("%v", err)
		}
	})
}

func trimmed(s string) string {
	for len(s) > 0 && s[len(s)-1] == 0 {
		s = s[:len(s)-1]
	}
	return s
}

func TestWhateverIsSentVerifyAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for name, f := range forms() {
			h := f.header.Clone()
			for key := range h {
				h.Set(key, rapid.String().Draw(t, name+key))
			}
			text := rapid.String().Draw(t, "body")
			at := time.Unix(rapid.Int64Range(0, 1<<40).Draw(t, "now"), 0)
			if _, err := f.spec.Verify(h, []byte(text), at); err == nil {
				t.Fatalf("%s: nonsense is taken", name)
			}
		}
	})
}
