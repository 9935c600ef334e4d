package hotjar

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tandem/connectors"
	"tandem/internal/signature"
)

// inbox takes webhooks as a reason to look for new responses.
type inbox struct {
	verify signature.Spec
	now    func() time.Time
}

// Verify proves that the delivery is Hotjar's. How Hotjar signs is not
// published in full: a delivery that is not signed as the settings say is
// refused, and polls find what it told. No data of the delivery is used.
func (i *inbox) Verify(h http.Header, body []byte) ([]connectors.Hint, error) {
	if _, err := i.verify.Verify(h, body, i.now()); err != nil {
		if errors.Is(err, signature.ErrRefused) {
			return nil, fmt.Errorf("verify delivery: %w: %w", connectors.ErrUnverified, err)
		}
		return nil, err
	}
	var envelope struct {
		Event string `json:"event"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, fmt.Errorf("read delivery: %w", connectors.ErrUnreadable)
	}
	if envelope.Event != "survey_response" {
		return nil, nil // a test, a recording: nothing to read
	}
	return []connectors.Hint{{Event: envelope.Event, Delivery: connectors.DeliveryID(h, "", body)}}, nil
}
