package jira

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"tandem/connectors"
	"tandem/internal/secret"
)

// inbox understands Jira's webhooks, of Cloud and Data Center. It keeps
// nothing of a delivery but which issue to read.
type inbox struct {
	name   string
	config Config
}

// Webhook is what Jira's administrator entered with the webhook.
type Webhook struct {
	Secret secret.Secret `yaml:"secret"`
}

// newInbox returns nil without a secret: nothing is taken then.
func newInbox(name string, c Config) connectors.Inbox {
	if !c.Webhook.Secret.Set() {
		return nil
	}
	return &inbox{name: name, config: c}
}

const (
	signatureHeader = "X-Hub-Signature"
	deliveryHeader  = "X-Atlassian-Webhook-Identifier"
	signatureMethod = "sha256"
	maxDeliveryID   = 200
)

// Verify proves by the raw body that Jira sent it, and returns the issues that
// it is a reason to read.
func (i *inbox) Verify(h http.Header, body []byte) ([]connectors.Hint, error) {
	key, err := i.config.Webhook.Secret.Reveal()
	if err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	if err := checkSignature(h.Values(signatureHeader), key, body); err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	told, err := takeApart(body)
	if err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	sum := sha256.Sum256(body) // servers before 2019 give no id
	id := cmp.Or(h.Get(deliveryHeader), hex.EncodeToString(sum[:]))
	if len(id) > maxDeliveryID {
		id = hex.EncodeToString(sum[:])
	}
	hints := told.hints(i.name, i.config)
	for n := range hints {
		hints[n].Delivery = id
	}
	return hints, nil
}

// checkSignature compares "sha256=<hex>" with the HMAC of the body, in constant time.
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
