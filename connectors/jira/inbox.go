package jira

import (
	"fmt"
	"net/http"

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
)

// Verify proves by the raw body that Jira sent it, and returns the issues that
// it is a reason to read.
func (i *inbox) Verify(h http.Header, body []byte) ([]connectors.Hint, error) {
	key, err := i.config.Webhook.Secret.Reveal()
	if err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	if err := connectors.CheckSignature(h, signatureHeader, key, body); err != nil {
		return nil, fmt.Errorf("verify delivery: %w", err)
	}
	told, err := takeApart(body)
	if err != nil {
		return nil, fmt.Errorf("read delivery: %w", err)
	}
	id := connectors.DeliveryID(h, deliveryHeader, body)
	hints := told.hints(i.name, i.config)
	for n := range hints {
		hints[n].Delivery = id
	}
	return hints, nil
}
