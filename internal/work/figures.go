package work

import "time"

// Figures are what a store counts for those who watch over it, beside its
// Overview. They name connectors, causes and states, never a record.
type Figures struct {
	Overview

	// At is when they were counted, by the clock of this machine.
	At time.Time `json:"at"`
	// Held are the holds of the last run, Letters what is set aside now.
	Held    []Pile `json:"held,omitempty"`
	Letters []Pile `json:"letters_by,omitempty"`
	// Rivals are edits that were refused because another Tandem writes there, by
	// its signature. Letters has them too.
	Rivals []Pile `json:"rivals,omitempty"`
	// Day are the edits that were begun within the last 24 hours, by state.
	Day []Pile `json:"day,omitempty"`
	// Hints are reasons to read that wait, by connector.
	Hints []Pile `json:"hints,omitempty"`
	// Newest is the latest change that a record of a connector tells of.
	Newest map[string]time.Time `json:"newest,omitempty"`
	// Skews are how far the clocks of services were ahead of this machine's,
	// as the daemon last noted it.
	Skews map[string]time.Duration `json:"skews,omitempty"`
	// Brake is why the brake is on, and since when; empty where it is off.
	Brake  string    `json:"brake,omitempty"`
	Braked time.Time `json:"braked,omitzero"`
	// FirstRead names the connectors that were never read whole, as the last run
	// saw it: nothing is written before they are.
	FirstRead []string `json:"first_read,omitempty"`
	// Copied says that the store is not at home; nil where it is. StoreID is its
	// name in markers.
	Copied  *Copied `json:"copied,omitempty"`
	StoreID string  `json:"store_id,omitempty"`
	// Leased counts the duties that any node ever had.
	Leased int `json:"leased"`
	// Bytes is the size of the store, Free what is left on its disk; -1 where
	// that cannot be known from here.
	Bytes int64 `json:"bytes"`
	Free  int64 `json:"free"`
}

// Pile is a number of things of one kind at one connector.
type Pile struct {
	Connector string `json:"connector"`
	// Kind is a cause, a state, or what was set aside.
	Kind  string `json:"kind,omitempty"`
	Count int    `json:"count"`
	// Oldest is since when the first of them is there.
	Oldest time.Time `json:"oldest,omitzero"`
}

// JobCount is a number of jobs of one kind and state.
type JobCount struct {
	Kind  string `json:"kind"`
	State string `json:"state"`
	Count int    `json:"count"`
}

// Copied says that a store is not where it was made: nothing is written from
// it until a person says that it is the only one.
type Copied struct {
	// From is where it was made or last adopted, To where it is now.
	From string    `json:"from"`
	To   string    `json:"to"`
	At   time.Time `json:"at,omitzero"`
}

// String says it in one line.
func (c Copied) String() string {
	if c.From == c.To { // in a container, or another server under the same address
		return "this store is not the one that Tandem wrote at " + c.To + " but a restored backup or a copy of it"
	}
	return "this store was copied or moved from " + c.From + " to " + c.To
}
