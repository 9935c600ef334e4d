package connectors

import (
	"net/http"
	"time"
)

// Parcel is a delivery that is the data itself, not a reason to read: nothing
// can be asked for again, so it is stored whole before it is answered.
type Parcel struct {
	// Num is the number that the store gave it.
	Num int64 `json:"-"`
	// ID tells repeats of a delivery.
	ID string `json:"id"`
	// Event is what the service says happened, in its own word, for the log.
	Event string `json:"event,omitempty"`
	// At is when it came.
	At   time.Time `json:"at"`
	Body []byte    `json:"body"`
}

// Mailbox takes parcels.
type Mailbox interface {
	// Accept proves by the raw body that a known sender sent it, in constant
	// time, and not long ago. It does no I/O but for its secret. Errors are
	// those of an Inbox.
	Accept(h http.Header, body []byte) (Parcel, error)
	// Unpack reads what a parcel holds. What cannot be understood is among the
	// page's Rejects: a parcel is unpacked once. The page has no cursor.
	Unpack(p Parcel) Page
}
