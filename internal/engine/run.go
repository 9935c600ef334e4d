package engine

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Run is what one evaluation decided, as it is kept.
type Run struct {
	Seq int64 `json:"seq"` // number of the run, given by the store
	// DataSeq is the snapshot's Seq.
	DataSeq    int64     `json:"data_seq"`
	AsOf       time.Time `json:"as_of"`
	RulesHash  string    `json:"rules_hash"`
	ConfigHash string    `json:"config_hash"`
	// RulesText is stored once per hash.
	RulesText  string                     `json:"-"`
	Plan       plan.Plan                  `json:"plan"`
	Identities map[work.RefID]work.ItemID `json:"-"`
	Placements map[work.ItemID]Previous   `json:"-"`
	Backlogs   []Backlog                  `json:"-"`
	Items      int                        `json:"items"`
	Twins      int                        `json:"twins"`
	At         time.Time                  `json:"at"` // clock of the edge: for people, and for windows
	Seen       *Seen                      `json:"-"`  // nil where it is not known
	// Stability is how far it is from the run before; nil where nobody knows.
	Stability *Stability `json:"stability,omitempty"`
	// Late counts what waits for somebody longer than was agreed, those whose
	// time was over first before others.
	Late []work.Late `json:"late,omitempty"`
	Turn plan.Turn   `json:"-"` // what becomes of rules that changed
	// Outlived are the fields where people set something else since an undo: what
	// it put back counts no more.
	Outlived []plan.SlotRef `json:"-"`
	// Seats are the open items, first to last; nil where the order of the run
	// before goes on.
	Seats []Seat `json:"-"`
}

// Seat is where an item stands among those of its team, and how sure its score
// is, for the history.
type Seat struct {
	Item      work.ItemID
	Team      string
	Place     int
	Low, High float64
}
