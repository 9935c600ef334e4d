package signature

import (
	"crypto/hmac"
	"crypto/sha1" // what two services sign with; HMAC-SHA1 is not broken
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"time"
)

// ErrRefused says that a delivery is not what the settings ask for: unsigned,
// signed otherwise, or too old. Other errors are our own side's.
var ErrRefused = errors.New("the delivery is refused")

// Trust is how much of a body the secret vouches for.
type Trust int

// How much of a body is vouched for.
const (
	// Nothing: the sender may know the secret, the body may be anybody's. It is
	// a reason to ask the service and never data.
	Nothing Trust = iota
	// First: of a batch, the first event.
	First
	// Whole: every byte.
	Whole
)

// Proof is what a delivery proved.
type Proof struct {
	Body Trust
	// At is when it was sent; zero where the service does not say.
	At time.Time
	// Nonce tells repeats, where the service sends one.
	Nonce string
}

// Verify proves a delivery by its headers and its raw body.
func (s Spec) Verify(h http.Header, body []byte, now time.Time) (Proof, error) {
	s = s.whole()
	key, err := s.Secret.Reveal()
	if err != nil {
		return Proof{}, fmt.Errorf("verify delivery: %w", err)
	}
	switch s.Kind {
	case hmacSHA256, hmacSHA1:
		return s.signed(h, body, key, now)
	case tokenKind:
		return s.token(h, body, key, now)
	case basicKind:
		return s.basic(h, key)
	default:
		return Proof{}, fmt.Errorf("verify delivery: %q is no kind of signature", s.Kind)
	}
}

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// signed proves an HMAC.
func (s Spec) signed(h http.Header, body []byte, key string, now time.Time) (Proof, error) {
	value, err := one(h, s.Header)
	if err != nil {
		return Proof{}, err
	}
	signatures, err := s.signatures(value)
	if err != nil {
		return Proof{}, err
	}
	proof := Proof{Body: Whole}
	stamp, err := s.fresh(h, value, now, &proof)
	if err != nil {
		return Proof{}, err
	}
	var message []byte
	switch s.Signs {
	case signsTime:
		message = append([]byte(stamp), body...)
	case signsTimeDot:
		message = append([]byte(stamp+"."), body...)
	case signsNonce:
		if proof.Nonce, err = one(h, s.Nonce); err != nil {
			return Proof{}, err
		}
		message, proof.Body = []byte(proof.Nonce), Nothing
	default:
		message = body
	}
	if s.matches(key, message, signatures) {
		return proof, nil
	}
	if event, isBatch := firstOf(body); s.Signs == signsFirst && isBatch && s.matches(key, event, signatures) {
		proof.Body = First
		return proof, nil
	}
	return Proof{}, refused("the signature in %s is wrong; is the secret the one that the service shows?", s.Header)
}

// matches compares the signature of a message with those that were sent.
func (s Spec) matches(key string, message []byte, sent [][]byte) bool {
	hashes := map[string]func() hash.Hash{hmacSHA256: sha256.New, hmacSHA1: sha1.New}
	mac := hmac.New(hashes[s.Kind], []byte(key))
	mac.Write(message) // never fails
	want := mac.Sum(nil)
	found := false
	for _, got := range sent {
		found = hmac.Equal(got, want) || found
	}
	return found
}

// signatures decodes what a header holds: one signature, or several under the
// same name while a secret is being replaced.
func (s Spec) signatures(value string) ([][]byte, error) {
	texts := []string{value}
	if s.Element != "" {
		if texts = elements(value, s.Element); len(texts) == 0 {
			return nil, refused("%s has no element %s", s.Header, s.Element)
		}
	}
	var all [][]byte
	for _, text := range texts {
		text, ok := strings.CutPrefix(text, s.Prefix)
		if !ok {
			return nil, refused("%s does not begin with %s", s.Header, s.Prefix)
		}
		sum, err := hex.DecodeString(text)
		if s.Encoding == base64Code {
			sum, err = base64.StdEncoding.Strict().DecodeString(text)
		}
		if err != nil {
			return nil, refused("%s is not written in %s", s.Header, s.Encoding)
		}
		all = append(all, sum)
	}
	return all, nil
}

// token proves a fixed word.
func (s Spec) token(h http.Header, body []byte, key string, now time.Time) (Proof, error) {
	proof, got := Proof{}, ""
	var err error
	if s.Field != "" {
		if got, err = fieldOf(body, s.Field); err != nil {
			return Proof{}, err
		}
	} else if got, err = one(h, s.Header); err != nil {
		return Proof{}, err
	}
	got, ok := strings.CutPrefix(got, s.Prefix)
	if !ok || !same(got, key) {
		return Proof{}, refused("the token is wrong; is it the one that the service was given?")
	}
	_, err = s.fresh(h, "", now, &proof)
	return proof, err
}

// basic proves user and password.
func (s Spec) basic(h http.Header, key string) (Proof, error) {
	user, password, ok := (&http.Request{Header: h}).BasicAuth()
	right := same(user, s.User)
	right = same(password, key) && right
	if !ok || !right {
		return Proof{}, refused("user or password is wrong")
	}
	return Proof{}, nil
}

// same compares two texts in a time that tells nothing, not even their length.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}
