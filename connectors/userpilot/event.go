package userpilot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The types of event that are read.
const (
	interaction  = "interaction"
	trackFeature = "track_feature"
	pageView     = "page_view"
	trackEvent   = "track"
)

// event is a line of an export.
type event struct {
	App      plain           `json:"app_token"`
	Type     string          `json:"event_type"`
	Name     plain           `json:"event_name"`
	User     plain           `json:"user_id"`
	Company  plain           `json:"company_id"`
	Inserted plain           `json:"inserted_at"`
	Internal plain           `json:"internal_event_id"`
	Session  plain           `json:"session"`
	Host     plain           `json:"hostname"`
	Path     plain           `json:"pathname"`
	Device   plain           `json:"device_type"`
	Browser  plain           `json:"browser"`
	System   plain           `json:"operating_system"`
	Country  plain           `json:"country_code"`
	Language plain           `json:"browser_language"`
	Metadata json.RawMessage `json:"metadata"`

	at time.Time
}

// eventOf reads a line. Its error says what is wrong in words for a person.
func eventOf(line []byte) (event, error) {
	var e event
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("the line is no event: %w", err)
	}
	at, ok := e.Inserted.time()
	if !ok {
		return e, errors.New("the event has no time (inserted_at)")
	}
	if e.Type == "" {
		return e, errors.New("the event has no event_type")
	}
	e.at = at
	return e, nil
}

// id tells events apart: the service's own id, else a hash of what that id is
// made from.
func (e event) id() string {
	if e.Internal != "" {
		return string(e.Internal)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{
		string(e.App), e.Type, string(e.Name), string(e.User), string(e.Company), e.at.Format(time.RFC3339Nano),
	}, "\x00")))
	return "h-" + hex.EncodeToString(sum[:8])
}

// entity and status are the parts of the name of an interaction, such as
// survey:45 and SUBMITTED of survey:45:SUBMITTED.
func (e event) entity() (entity, status string) {
	parts := strings.SplitN(string(e.Name), ":", 3)
	if len(parts) < 3 {
		return string(e.Name), ""
	}
	return parts[0] + ":" + parts[1], strings.ToUpper(parts[2])
}

// silent are statuses that tell of no answer.
func silent(status string) bool {
	switch status {
	case "SEEN", "SHOWN", "VIEWED", "STARTED", "DISMISSED", "SNOOZED", "SKIPPED", "CLOSED":
		return true
	default:
		return false
	}
}

// plain is a text, a number or yes and no, as text. Null is nothing.
type plain string

// UnmarshalJSON takes every scalar: ids are written in several ways, and may be
// numbers of 64 bits.
func (p *plain) UnmarshalJSON(b []byte) error {
	switch {
	case bytes.Equal(b, []byte("null")):
		*p = ""
		return nil
	case bytes.HasPrefix(b, []byte(`"`)):
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*p = plain(strings.TrimSpace(s))
		return nil
	case bytes.HasPrefix(b, []byte("{")), bytes.HasPrefix(b, []byte("[")):
		return errors.New("a list or an object stands where a text or a number belongs")
	default:
		*p = plain(b)
		return nil
	}
}

// time reads a moment: text in UTC where it says nothing else, or a number of
// seconds, milliseconds or microseconds.
func (p plain) time() (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05.999999", "2006-01-02 15:04:05.999999 MST"} {
		if t, err := time.Parse(layout, string(p)); err == nil && t.Year() > 1990 {
			return t.UTC(), true
		}
	}
	n, err := strconv.ParseInt(string(p), 10, 64)
	const seconds, millis, micros = 1e11, 1e14, 1e17 // the year 5138 each
	switch {
	case err != nil || n <= 0 || n > micros:
		return time.Time{}, false
	case n > millis:
		return time.UnixMicro(n).UTC(), true
	case n > seconds:
		return time.UnixMilli(n).UTC(), true
	default:
		return time.Unix(n, 0).UTC(), true
	}
}
