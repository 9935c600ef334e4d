package userpilot

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"tandem/connectors"
	"tandem/internal/signature"
)

// inbox takes webhooks as a reason to export. Their token proves nothing of
// their body: no data of it is used.
type inbox struct{ source *source }

// Verify proves that the sender knows the token.
func (i *inbox) Verify(h http.Header, body []byte) ([]connectors.Hint, error) {
	if _, err := i.source.config.Webhook.Verify.Verify(h, body, i.source.now()); err != nil {
		if errors.Is(err, signature.ErrRefused) {
			return nil, fmt.Errorf("verify delivery: %w: %w", connectors.ErrUnverified, err)
		}
		return nil, err
	}
	if !json.Valid(body) {
		return nil, fmt.Errorf("read delivery: %w", connectors.ErrUnreadable)
	}
	i.source.nudged.Store(true)
	return []connectors.Hint{{Event: "webhook", Delivery: connectors.DeliveryID(h, "", body)}}, nil
}
