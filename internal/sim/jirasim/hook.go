package jirasim

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
)

// Hook makes a site announce what people and accounts change, as an
// administrator's webhook does: bodies of interface 2, at least once, in any
// order. Writes of properties and remote links are not announced, because no
// recorded body shows how.
type Hook struct {
	// Secret signs the bodies; empty leaves them unsigned.
	Secret string
	// URL and Client are where Deliver sends to.
	URL    string
	Client *http.Client
	// OldServer leaves out what old servers do not send: the kind of the event
	// and the issue of a comment.
	OldServer bool
}

// Delivery is one announcement on its way.
type Delivery struct {
	// ID is the same for all attempts.
	ID string
	// Retry counts the attempts before this one.
	Retry int
	// Event is the webhookEvent; Key is the issue, also where the body does
	// not say it.
	Event, Key string
	Body       []byte
	secret     string
}

// Deliveries hands out what was announced since the last call, in order.
func (s *Site) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.announced
	s.announced = nil
	return list
}

// Again returns the next attempt of the same delivery.
func (d Delivery) Again() Delivery {
	d.Retry++
	return d
}

// Header returns the header of the request.
func (d Delivery) Header() http.Header {
	h := http.Header{
		"Content-Type":                   {"application/json; charset=UTF-8"},
		"User-Agent":                     {"Atlassian Webhook HTTP Client"},
		"X-Atlassian-Webhook-Identifier": {d.ID},
		"X-Atlassian-Webhook-Flow":       {"Primary"},
	}
	if d.Retry > 0 {
		h.Set("X-Atlassian-Webhook-Retry", strconv.Itoa(d.Retry))
	}
	if d.secret != "" {
		mac := hmac.New(sha256.New, []byte(d.secret))
		mac.Write(d.Body)
		h.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	return h
}

// Jumble returns deliveries as an unkind network brings them: in another
// order, some of them twice. The same seed gives the same.
func Jumble(list []Delivery, seed uint64) []Delivery {
	rng := rand.New(rand.NewPCG(seed, 3))
	out := slices.Clone(list)
	for _, d := range list {
		if rng.IntN(3) == 0 {
			out = append(out, d)
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// mostRetries is how often the service repeats a delivery.
const mostRetries = 5

// Deliver sends what was announced to the hook's URL, one after the other.
// Failed attempts are repeated at once, as the service does after minutes. It
// returns an error that names each delivery that was given up.
func (s *Site) Deliver(ctx context.Context) error {
	hook := s.options.Hook
	if hook == nil || hook.URL == "" || hook.Client == nil {
		return fmt.Errorf("deliver webhooks: the site has no hook with a URL and a client; set Options.Hook")
	}
	var lost []string
	for _, d := range s.Deliveries() {
		for hook.repeat(ctx, d) {
			if d = d.Again(); d.Retry > mostRetries {
				lost = append(lost, d.Event+" "+d.Key)
				break
			}
		}
	}
	if len(lost) > 0 {
		return fmt.Errorf("deliver webhooks: given up: %v", lost)
	}
	return ctx.Err()
}

// repeat sends a delivery and reports whether the service would try again.
func (h *Hook) repeat(ctx context.Context, d Delivery) bool {
	req, err := d.Request(ctx, h.URL)
	if err != nil {
		return false
	}
	resp, err := h.Client.Do(req)
	if err != nil {
		return ctx.Err() == nil
	}
	_ = resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return resp.StatusCode >= http.StatusInternalServerError
}
