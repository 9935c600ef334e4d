package work

import "time"

// Commission is what a person ordered at a daemon: to put back what Tandem
// wrote, or to remove every trace. It is kept in the store until it is over,
// whatever becomes of the process that took it.
type Commission struct {
	// ID names it to clients; no other one has it.
	ID string `json:"-"`
	// Errand is Undo or Retire.
	Errand Errand `json:"errand"`
	// Run is the run that is undone; 0 is whatever Tandem ever wrote.
	Run int64 `json:"run,omitempty"`
	// Item is one of the references of an item, Field a field, Connector and Team
	// names; each narrows down what is meant. Empty is all.
	Item      string `json:"item,omitempty"`
	Field     string `json:"field,omitempty"`
	Connector string `json:"connector,omitempty"`
	Team      string `json:"team,omitempty"`
	// Orphans is what no rule and no setting owns any more, and nothing else.
	Orphans bool      `json:"orphans,omitempty"`
	By      string    `json:"by"`
	At      time.Time `json:"-"`
	// Confirm is the hash of the plan that the person saw. Without it nothing is
	// written: the plan is what was asked for.
	Confirm string `json:"confirm,omitempty"`
	// Stage is how far it came, and Tries how often somebody set about it.
	Stage Stage `json:"-"`
	Tries int   `json:"-"`
	// Number is the run under which its edits are journalled, and Targets are
	// those of the confirmed plan: both are kept before the first edit goes out.
	Number  int64    `json:"-"`
	Targets []Target `json:"-"`
	// Told is what became of it, as JSON for clients, once it is over.
	Told []byte `json:"-"`
}

// Stage is how far a commission came.
type Stage string

// The stages, one after the other.
const (
	// Placed waits: nothing of it was done.
	Placed Stage = "placed"
	// Begun may have been written in part: whoever takes it up goes on.
	Begun Stage = "begun"
	// Over is done, or was refused.
	Over Stage = "over"
)
