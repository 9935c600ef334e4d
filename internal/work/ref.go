package work

import (
	"cmp"
	"strings"
)

// RefID identifies a record for good: keys move, native ids stay.
type RefID struct {
	// Connector is the name the admin gave the connector, never its kind.
	Connector string `json:"connector"`
	// ID is the native id of the service, as text (64-bit ids included).
	ID string `json:"id"`
}

// String returns "connector:id".
func (r RefID) String() string { return r.Connector + ":" + r.ID }

// Compare orders by connector, then by id.
func (r RefID) Compare(o RefID) int {
	return cmp.Or(cmp.Compare(r.Connector, o.Connector), cmp.Compare(r.ID, o.ID))
}

// Ref is a RefID with the key that people use, such as PAY-12 or acme/pay#7.
// The key may change; two Refs with one RefID are the same record.
type Ref struct {
	RefID
	Key string `json:"key"`
}

// NewRef returns the reference of a record.
func NewRef(connector, id, key string) Ref {
	return Ref{RefID: RefID{Connector: connector, ID: id}, Key: key}
}

// String returns "connector:key", the form that people type and read.
func (r Ref) String() string {
	if r.Key == "" {
		return r.RefID.String()
	}
	return r.Connector + ":" + r.Key
}

// ParseRef splits "connector:key" as people type it. It reports false when
// there is no connector name or no key.
func ParseRef(s string) (connector, key string, ok bool) {
	connector, key, ok = strings.Cut(strings.TrimSpace(s), ":")
	return connector, key, ok && connector != "" && key != ""
}
