package github

import (
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
	names   *nameBook
}

// Webhook is what was entered with the webhook.
type Webhook struct {
	Secret secret.Secret `yaml:"secret"`
}

// listen opens the inbox, and what finds deliveries that never came. Without a
// secret there is neither: nothing is taken then.
func listen(name string, c Config, where scope, v *viewers, names *nameBook) (*inbox, *recovery) {
	if !c.Webhook.Secret.Set() {
		return nil, nil
	}
	in := &inbox{name: name, secret: c.Webhook.Secret, scope: where, viewers: v, names: names}
	return in, &recovery{inbox: in, client: where.client}
}

const (
	// signatureHeader carries the SHA-256. What X-Hub-Signature carries is a
	// SHA-1, and counts for nothing.
	signatureHeader = "X-Hub-Signature-256"
	deliveryHeader  = "X-Github-Delivery"
	eventHeader     = "X-Github-Event"
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
	if err := connectors.CheckSignature(h, signatureHeader, key, body); err != nil {
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
	id := connectors.DeliveryID(h, deliveryHeader, body)
	hints := i.hints(told)
	for n := range hints {
		hints[n].Delivery, hints[n].Event = id, strings.Trim(event+"."+told.action, ".")
	}
	return hints, nil
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
