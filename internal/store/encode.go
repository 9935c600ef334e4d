package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"tandem/internal/work"
)

// timeOf returns the moment of a stored time.
func timeOf(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// moment cuts a time to what the store can keep, in UTC.
func moment(t time.Time) time.Time { return timeOf(t.UnixMicro()) }

// encode returns the JSON text of a value, record, edit or plan.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(b), nil
}

// hashOf returns a hash of a text that is stored.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// valueOf reads a stored value.
func valueOf(text string) (work.Value, error) {
	var v work.Value
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return v, damaged("stored value", err)
	}
	return v, nil
}
