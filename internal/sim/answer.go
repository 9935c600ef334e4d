package sim

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// WriteJSON answers with a value as JSON, without escaping HTML, as both
// services do.
func WriteJSON(w http.ResponseWriter, status int, contentType string, v any) {
	body := MarshalJSON(v)
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// MarshalJSON returns a value as compact JSON without HTML escapes. Stand-ins
// only encode their own plain values, so an error is a bug of theirs.
func MarshalJSON(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("stand-in cannot encode its own answer: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
