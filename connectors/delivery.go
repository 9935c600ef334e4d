package connectors

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
)

// CheckSignature compares the one value "sha256=<hex>" of a header with the
// HMAC of the raw body, in constant time (the form of Jira's X-Hub-Signature
// and GitHub's X-Hub-Signature-256). Every other method is refused. Its error
// is an ErrUnverified.
func CheckSignature(h http.Header, header, key string, body []byte) error {
	values := h.Values(header)
	if len(values) != 1 {
		return fmt.Errorf("%w: there are %d %s headers", ErrUnverified, len(values), header)
	}
	method, text, _ := strings.Cut(values[0], "=")
	if method != "sha256" {
		return fmt.Errorf("%w: only the method sha256 is taken", ErrUnverified)
	}
	got, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%w: the signature is no hexadecimal number", ErrUnverified)
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body) // never fails
	if !hmac.Equal(got, mac.Sum(nil)) {
		return ErrUnverified
	}
	return nil
}

// longestDelivery is the longest id of a delivery that is kept as it came.
const longestDelivery = 200

// DeliveryID is the id that tells repeats of a delivery: the service's own,
// or one of the body where it gives none.
func DeliveryID(h http.Header, header string, body []byte) string {
	if id := h.Get(header); id != "" && len(id) <= longestDelivery {
		return id
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
