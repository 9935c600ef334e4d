package work

import "time"

// DigestState is how far a digest of a day came.
type DigestState string

// The states. From claimed on the digest of a day belongs to one node; what was
// handed to a service and not confirmed is never handed over again.
const (
	// DigestClaimed is being written; nothing has left yet.
	DigestClaimed DigestState = "claimed"
	// DigestSending is on its way.
	DigestSending DigestState = "sending"
	// DigestSent was taken by the service.
	DigestSent DigestState = "sent"
	// DigestQuiet had nothing to say.
	DigestQuiet DigestState = "quiet"
	// DigestSkipped was too late to be of use.
	DigestSkipped DigestState = "skipped"
	// DigestWaiting did not arrive for sure, and is tried again.
	DigestWaiting DigestState = "waiting"
	// DigestFailed did not arrive for sure, and is not tried again.
	DigestFailed DigestState = "failed"
	// DigestUnclear was on its way when the answer, or the process, was lost. It
	// is not tried again.
	DigestUnclear DigestState = "unclear"
)

// DigestEntry is what became of one digest on one day.
type DigestEntry struct {
	Name  string      `json:"name"`
	Day   Date        `json:"day"`
	State DigestState `json:"state"`
	// Token grows with every claim: what an earlier holder still notes is
	// refused.
	Token int64 `json:"-"`
	// Tries counts how often it was handed over, or was about to be.
	Tries int `json:"tries"`
	// At is when it came to its state, Next when it is tried again.
	At   time.Time `json:"at"`
	Next time.Time `json:"next,omitzero"`
	// Detail says why it did not arrive; it holds no address and no secret.
	Detail string `json:"detail,omitempty"`
}

// DigestSaid is what a digest last told, to tell from it what changed since.
type DigestSaid struct {
	At   time.Time
	Body []byte
}

// Free reports whether a digest may be claimed once more: it is to be tried
// again by now, or its holder was silent for longer than patience before
// anything left.
func (e *DigestEntry) Free(now time.Time, patience time.Duration) bool {
	return e.State == DigestWaiting && !e.Next.After(now) || e.State == DigestClaimed && e.At.Before(now.Add(-patience))
}
