package digest

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"net/http"

	"tandem/internal/httpx"
	"tandem/internal/secret"
)

// Way is how a digest goes out.
type Way string

// The ways.
const (
	ToSlack   Way = "slack"
	ToTeams   Way = "teams"
	ToWebhook Way = "webhook"
	ToEmail   Way = "email"
)

// To is where a digest goes.
type To struct {
	Way Way
	// Address is that of a webhook, Email are those of people.
	Address secret.Secret
	Email   []string
}

// Mail is the server that mails are handed to.
type Mail struct {
	Host string
	Port int
	// TLS is starttls, implicit or none.
	TLS      string
	From     string
	User     string
	Password secret.Secret
	// Roots are the authorities that are trusted; those of the system where it is
	// nil.
	Roots *x509.CertPool
}

// Post hands digests to services, once each.
type Post struct {
	Mail Mail
	// Transport carries the requests of webhooks; nil is the network.
	Transport http.RoundTripper
}

// Message is what is handed over.
type Message struct {
	To      To
	Text    Text
	Content *Content
	// ID tells messages apart, also for mail systems that see one twice.
	ID string
}

// Send hands a message over. What it returns is a *PostError.
func (p *Post) Send(ctx context.Context, m *Message) error {
	client := httpx.New(httpx.Options{Name: "digest", Transport: p.Transport, Timeout: hookTime, RetryMax: -1})
	var body []byte
	var err error
	service := ""
	switch m.To.Way {
	case ToEmail:
		return p.mail(ctx, m)
	case ToSlack:
		service = "Slack"
		body, err = slack(&m.Text)
	case ToTeams:
		service = "Microsoft Teams"
		body, err = teams(&m.Text)
	case ToWebhook:
		service = "the webhook"
		body, err = asJSON(&m.Text, m.Content)
	default:
		return &PostError{What: "there is no way " + string(m.To.Way)}
	}
	if err != nil {
		return &PostError{What: err.Error()}
	}
	return post(ctx, client, service, m.To.Address, body)
}

// Preview returns the bytes that would be handed over, as people can read them.
func Preview(m *Message) (string, error) {
	switch m.To.Way {
	case ToSlack:
		body, err := slack(&m.Text)
		return string(body), err
	case ToTeams:
		body, err := teams(&m.Text)
		return string(body), err
	case ToWebhook:
		body, err := asJSON(&m.Text, m.Content)
		return string(body), err
	case ToEmail:
		return letter(&m.Text)
	default:
		return m.Text.String(), nil
	}
}

// messageID makes an id out of what tells digests apart, of letters and digits
// alone.
func messageID(parts ...string) string {
	sum := sha256.New()
	for _, p := range parts {
		_, _ = sum.Write([]byte(p + "\x00")) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}
