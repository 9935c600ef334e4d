package githubsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"

	"tandem/internal/sim"
)

// Hook makes a site announce what people and accounts change, as a webhook of
// an organisation does. The service repeats no delivery by itself; a person
// may ask for it, and the repeat has the same id.
type Hook struct {
	// Secret signs the bodies; empty leaves them unsigned.
	Secret string
	// Of is where it was entered: the name of an organisation, or of a
	// repository, of which it then tells alone. Empty is the organisation of
	// whatever changes. AppHook is the App itself.
	Of string
	// URL is where it sends to; empty is https://hooks.acme.example/hooks/github.
	URL string
}

// AppHook is the place of the webhook of an App.
const AppHook = "app"

// Delivery is one announcement on its way.
type Delivery struct {
	// ID is the same for all attempts.
	ID string
	// Event and Action are the names of the service, such as issues and
	// labeled; Key is the issue, where there is one.
	Event, Action, Key string
	Body               []byte
	secret             string
	repository         int64
}

// Deliveries hands out what was announced since the last call, in order.
func (s *Site) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.announced
	s.announced = nil
	return list
}

// Miss hands out what was announced since the last call, and lists it as
// deliveries that did not arrive: the receiver was down.
func (s *Site) Miss() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := range s.attempts {
		for _, d := range s.announced {
			if s.attempts[n].ID == d.ID {
				s.attempts[n].status = http.StatusBadGateway
			}
		}
	}
	list := s.announced
	s.announced = nil
	return list
}

// Request makes the request of a delivery.
func (d Delivery) Request(ctx context.Context, url string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Body))
	if err == nil {
		r.Header = d.Header()
	}
	return r, err
}

// Header returns the header of the request. The signature of the old kind is
// there as well, as the service sends it.
func (d Delivery) Header() http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "GitHub-Hookshot/044aadd")
	h.Set("X-GitHub-Delivery", d.ID)
	h.Set("X-GitHub-Event", d.Event)
	h.Set("X-GitHub-Hook-Id", "292430182")
	h.Set("X-GitHub-Hook-Installation-Target-Type", "organization")
	if d.secret != "" {
		mac := hmac.New(sha256.New, []byte(d.secret))
		mac.Write(d.Body)
		h.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	return h
}

// announce puts a delivery on its way. Callers hold the lock.
func (s *Site) announce(event, action, by string, r *repository, parts map[string]any) {
	if s.options.Hook == nil || strings.Contains(s.options.Hook.Of, "/") && fold(s.options.Hook.Of) != fold(r.Name) {
		return
	}
	a := s.announcer()
	owner, _, _ := strings.Cut(r.Name, "/")
	body := map[string]any{
		"action": action, "repository": a.repositoryView(r), "sender": a.user(by), "organization": map[string]any{"login": owner, "id": 38302899},
	}
	key := ""
	for name, part := range parts {
		if i, is := part.(*Issue); is {
			part, key = a.show(r, i), i.Key()
		}
		body[name] = part
	}
	s.deliveries++
	s.attempt(Delivery{
		ID: fmt.Sprintf("%08x-33ff-11f1-9b7d-%012x", 0x7f3e0000+s.deliveries, s.deliveries), Event: event, Action: action, Key: key,
		Body: sim.MarshalJSON(body), secret: s.options.Hook.Secret, repository: r.ID,
	}, false)
}

// announcer writes the addresses of bodies, which no request asked for.
func (s *Site) announcer() *asker {
	base := strings.TrimSuffix(s.options.URL, "/")
	if base == "" {
		base = "https://api.github.com"
	}
	return &asker{site: s, html: "https://github.com", base: base}
}

// announceChange tells what one change did to an issue: one delivery for each
// entry of its history, and one for each comment.
func (s *Site) announceChange(r *repository, i *Issue, by string, d difference) {
	if s.options.Hook == nil {
		return
	}
	edited := false
	for _, e := range d.events {
		action := e.Kind
		if action == "renamed" {
			action, edited = "edited", true
		}
		parts := map[string]any{"issue": i}
		if e.Label != "" {
			parts["label"] = map[string]any{"name": e.Label, "color": e.Color}
		}
		s.announce("issues", action, by, r, parts)
	}
	for _, e := range d.effects {
		switch {
		case e.Field == "body" && !edited:
			s.announce("issues", "edited", by, r, map[string]any{"issue": i})
		case e.Field == "comment":
			action := "edited"
			if e.From == "" {
				action = "created"
			} else if e.To == "" {
				action = "deleted"
			}
			s.announce("issue_comment", action, by, r, map[string]any{"issue": i, "comment": map[string]any{"body": e.To + e.From}})
		}
	}
}
