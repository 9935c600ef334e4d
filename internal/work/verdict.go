package work

import "time"

// Verdict is what a person decided of a link.
type Verdict string

// The verdicts. A rejected link never comes back by itself.
const (
	LinkAccepted Verdict = "accepted"
	LinkRejected Verdict = "rejected"
)

// LinkVerdict is a person's decision about the link from a feedback or an
// insight to a piece of work.
type LinkVerdict struct {
	// Insight: Of is an insight, not a feedback.
	Insight bool  `json:"insight,omitempty"`
	Of      RefID `json:"of"`
	// Target is "connector:key" of the work, in the key that it had then.
	Target string `json:"target"`
	// Record is the native id of the work; empty where the store did not know
	// it. The verdict follows it when its key moves.
	Record  string    `json:"record,omitempty"`
	Verdict Verdict   `json:"verdict"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}
