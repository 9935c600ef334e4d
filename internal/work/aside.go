package work

import "time"

// Aside is a feedback or an insight that a person put out of the way: it is
// about nothing that is planned.
type Aside struct {
	// Insight: Of is an insight, not a feedback.
	Insight bool      `json:"insight,omitempty"`
	Of      RefID     `json:"of"`
	Because string    `json:"because"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}
