package work

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// Order is how the open records of one backlog stand, first to last: one whole
// answer, never a part of it.
type Order struct {
	// Scope names the backlog within its connector, such as a project key.
	Scope string `json:"scope"`
	// IDs are the native ids of everything that is ranked there.
	IDs []string `json:"ids"`
	// Moved are moves that people made lately, where the source tells; the
	// newest of each record. Moves of Tandem itself are not among them.
	Moved []Moved `json:"moved,omitempty"`
}

// Moved says who dragged a record, and when.
type Moved struct {
	ID string    `json:"id"`
	By string    `json:"by"` // the source's own id of the person
	At time.Time `json:"at"`
}

// Fingerprint is the same for the same order of the same records.
func (o Order) Fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join(o.IDs, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// Anchor is where a record goes in a backlog: directly behind or before
// another one of the same Order.
type Anchor struct {
	Before bool
	ID     string
}

// Value returns the anchor as an Edit carries it.
func (a Anchor) Value() Value {
	if a.Before {
		return NewText("before " + a.ID)
	}
	return NewText("after " + a.ID)
}

// ParseAnchor reads what Value wrote.
func ParseAnchor(v Value) (Anchor, bool) {
	word, id, ok := strings.Cut(v.Text(), " ")
	return Anchor{Before: word == "before", ID: id}, ok && id != "" && (word == "before" || word == "after")
}
