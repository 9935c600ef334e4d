package signature

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// one returns the one value of a header. Two are refused: who checks one and
// who reads another would not mean the same.
func one(h http.Header, name string) (string, error) {
	values := h.Values(name)
	if len(values) != 1 || values[0] == "" {
		return "", refused("there are %d headers %s where one belongs", len(values), name)
	}
	return values[0], nil
}

// elements returns the values of a name in a text such as t=17,v1=ab,v1=cd.
func elements(text, name string) []string {
	var found []string
	for part := range strings.SplitSeq(text, ",") {
		if key, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok && key == name {
			found = append(found, value)
		}
	}
	return found
}

// fresh reads the time of a delivery where the settings name one, and refuses
// what is too old or too far ahead. It returns the time as it was written.
func (s Spec) fresh(h http.Header, value string, now time.Time, proof *Proof) (string, error) {
	if !s.Timestamp.given() {
		return "", nil
	}
	where := s.Timestamp.Header
	if where != "" {
		sent, err := one(h, where)
		if err != nil {
			return "", err
		}
		value = sent
	}
	if s.Timestamp.Element != "" {
		found := elements(value, s.Timestamp.Element)
		if len(found) != 1 {
			return "", refused("there are %d elements %s where one belongs", len(found), s.Timestamp.Element)
		}
		value = found[0]
	}
	at, err := s.Timestamp.read(value)
	if err != nil {
		return "", err
	}
	proof.At = at
	switch age := now.Sub(at); {
	case age > time.Duration(s.Window):
		return "", refused("it was sent %s ago, which is longer than %s", age.Round(time.Second), s.Window)
	case -age > time.Duration(s.Skew):
		return "", refused("it was sent %s from now: is one of the two clocks wrong?", (-age).Round(time.Second))
	}
	return value, nil
}

func (t Timestamp) read(text string) (time.Time, error) {
	if t.Unit == unitText {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return time.Time{}, refused("the time of the delivery is not written as RFC 3339")
		}
		return at.UTC(), nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	const farthest = 1 << 53
	switch {
	case err != nil || n < 0 || n > farthest:
		return time.Time{}, refused("the time of the delivery is no number of %s", t.Unit)
	case t.Unit == unitMillis:
		return time.UnixMilli(n).UTC(), nil
	case n > farthest/1000:
		return time.Time{}, refused("the time of the delivery is no number of %s", t.Unit)
	default:
		return time.Unix(n, 0).UTC(), nil
	}
}

// firstOf returns the bytes of the first event of a batch: a list, or an object
// with a list under batch.
func firstOf(body []byte) ([]byte, bool) {
	var object struct {
		Batch []json.RawMessage `json:"batch"`
	}
	list := object.Batch
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		if json.Unmarshal(body, &list) != nil {
			return nil, false
		}
	} else {
		if json.Unmarshal(body, &object) != nil {
			return nil, false
		}
		list = object.Batch
	}
	if len(list) == 0 {
		return nil, false
	}
	return list[0], true
}

// fieldOf returns the text at a path of names in a JSON body.
func fieldOf(body []byte, path string) (string, error) {
	at := json.RawMessage(body)
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if json.Unmarshal(at, &object) != nil || object[name] == nil {
			return "", refused("the body has no %s", path)
		}
		at = object[name]
	}
	var text string
	if json.Unmarshal(at, &text) != nil || text == "" {
		return "", refused("%s of the body is no text", path)
	}
	return text, nil
}
