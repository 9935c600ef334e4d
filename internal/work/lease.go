package work

import (
	"errors"
	"time"
)

// ErrLeaseLost is why nothing is written: another node has the duty by now.
var ErrLeaseLost = errors.New("another node has taken over")

// Deciding is the duty to evaluate, and to keep house. No connector has this
// name.
const Deciding = "decide*"

// Alone is the duty to work in place of all jobs of all nodes. Who has it is
// given all other duties. No connector has this name.
const Alone = "alone*"

// Lease is the right of one node to do a duty: to read and write a connector,
// or to decide. There is one for each duty at any moment.
type Lease struct {
	// Duty is the name of a connector, or Deciding, or Alone.
	Duty string `json:"duty"`
	Node string `json:"node"`
	// Token grows with every change of the node. It fences: what an earlier
	// holder still tries is refused.
	Token int64 `json:"token"`
	// Expires is when another node may take it, by the clock of the store.
	Expires time.Time `json:"expires"`
}
