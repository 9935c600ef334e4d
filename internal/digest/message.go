package digest

import (
	"encoding/json"
	"fmt"
)

// message is the body for a webhook that takes JSON: what is told, and the text
// of it.
type message struct {
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Digest  *Content `json:"digest"`
}

func asJSON(t *Text, c *Content) ([]byte, error) {
	body, err := json.Marshal(message{t.Subject, t.String(), c})
	if err != nil {
		return nil, fmt.Errorf("write the message: %w", err)
	}
	return body, nil
}
