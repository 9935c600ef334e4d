package github

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"tandem/connectors"
	"tandem/internal/secret"
)

// inbox understands the webhooks of repositories, organisations and Apps. It
// keeps nothing of a delivery but which issue to read.
type inbox struct {
	name    string
	secret  secret.Secret
	scope   scope
	viewers *viewers
}

// Webhook is what was entered with the webhook.
type Webhook struct {
	Secret secret.Secret `yaml:"secret"`
}

// newInbox returns nil without a secret: nothing is taken then.
func newInbox(name string, c Config, where scope, v *viewers) connectors.Inbox {
	if !c.Webhook.Secret.Set() {
		return nil
	}
	return &inbox{name: name, secret: c.Webhook.Secret, scope: where, viewers: v}
}

const (
	// signatureHeader carries the SHA-256. What X-Hub-Signature carries is a
	// SHA-1, and counts for nothing.
	signatureHeader = "X-Hub-Signature-256"
	signatureMethod = "sha256"
	deliveryHeader  = "X-Github-Delivery"
	eventHeader     = "X-Github-Event"
	maxDeliveryID   = 200
	maxEvent        = 100
)

// errNoSecret says that the secret is there and empty.
var errNoSecret = errors.New("the secret of the webhook is empty; enter one at GitHub, and put the same where webhook: points to")

// Verify proves by the raw body that GitHub sent it, and returns the issues
// that it is a reason to read.
func (i *inbox) Verify(h http.Header, body []byte) ([]connectors.Hint, error) {
	key, err := i.secret.Reveal()
	if err == nil && key == "" {
		err = errNoSecret
	}
	if err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	if err := checkSignature(h.Values(signatureHeader), key, body); err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	payload, err := payloadOf(h, body)
	if err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	event := h.Get(eventHeader)
	if len(event) > maxEvent {
		event = ""
	}
	told, err := takeApart(event, payload)
	if err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	sum := sha256.Sum256(body)
	id := cmp.Or(h.Get(deliveryHeader), hex.EncodeToString(sum[:]))
	if len(id) > maxDeliveryID {
		id = hex.EncodeToString(sum[:])
	}
	hints := i.hints(told)
	for n := range hints {
		hints[n].Delivery, hints[n].Event = id, strings.Trim(event+"."+told.action, ".")
	}
	return hints, nil
}

// checkSignature compares "sha256=<hex>" with the HMAC of the body, in
// constant time.
func checkSignature(headers []string, key string, body []byte) error {
	if len(headers) != 1 {
		return fmt.Errorf("%w: there are %d %s headers", connectors.ErrUnverified, len(headers), signatureHeader)
	}
	method, text, _ := strings.Cut(headers[0], "=")
	if method != signatureMethod {
		return fmt.Errorf("%w: only the method %s is taken", connectors.ErrUnverified, signatureMethod)
	}
	got, err := hex.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%w: the signature is no hexadecimal number", connectors.ErrUnverified)
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body) // never fails
	if !hmac.Equal(got, mac.Sum(nil)) {
		return connectors.ErrUnverified
	}
	return nil
}

// payloadOf takes the JSON out of a form, which is what GitHub sends unless it
// is told otherwise.
func payloadOf(h http.Header, body []byte) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type")) // none is JSON
	if kind != "application/x-www-form-urlencoded" {
		return body, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("%w: it is no form", connectors.ErrUnreadable)
	}
	return []byte(form.Get("payload")), nil
}
