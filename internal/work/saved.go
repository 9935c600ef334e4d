package work

import (
	"encoding/json"
	"time"
)

// Saved is what became of a stored page.
type Saved struct {
	New, Changed, Same, Older int
	Feedback, Rejects         int
	// Suspects have the same version as what is stored and another content:
	// they are read by id before any verdict.
	Suspects []Ref
}

// Kept is a record that a store knows.
type Kept struct {
	Ref
	Gone bool
	// Version is the source's time of last change, of what is stored.
	Version time.Time
}

// CensusMark is where the census of a connector stands.
type CensusMark struct {
	// Next is when the next one is due.
	Next time.Time `json:"next"`
	// Since is from when on it lists what was changed: when Tandem met the
	// connector, or when the last one began that left nothing doubtful; zero for
	// all.
	Since time.Time `json:"since,omitzero"`
	// After is the id behind which the next one goes on reading.
	After string `json:"after,omitempty"`
	// Believed is until when a census is believed whatever it says: a person
	// knows that most of the records were deleted.
	Believed time.Time `json:"believed,omitzero"`
	// Walk is what a census that is not at its end has found so far.
	Walk *CensusWalk `json:"walk,omitempty"`
	// Found is what the last one found that came to anything.
	Found *CensusFound `json:"found,omitempty"`
	// Failure is why the last one said nothing; empty where it did.
	Failure string `json:"-"`
}

// CensusFound is what a census found that began at At. Listed is how many records
// the service has, Left how many doubtful ones are for the next time. Gone were
// not found by id: deleted, or no longer seen by the account. Moved have another
// key, Back had been gone, and Missed no search had shown.
type CensusFound struct {
	At     time.Time `json:"at"`
	Listed int       `json:"listed"`
	Left   int       `json:"left,omitempty"`
	Gone   int       `json:"gone,omitempty"`
	Moved  int       `json:"moved,omitempty"`
	Back   int       `json:"back,omitempty"`
	Missed int       `json:"missed,omitempty"`
}

// CensusWalk is a census under way.
type CensusWalk struct {
	Began time.Time `json:"began"`
	// Listed are the keys of what the service listed, by id.
	Listed map[string]string `json:"listed"`
	// Outside are those of them that no stream need bring: a restriction leaves
	// them out.
	Outside map[string]bool `json:"outside,omitempty"`
	// Versions are the times of last change of what the service listed with one,
	// by id.
	Versions map[string]time.Time `json:"versions,omitempty"`
	// Cursor is the connector's, for the rest of the list; it is meaningless once
	// the list is Whole.
	Cursor json.RawMessage `json:"cursor,omitempty"`
	Whole  bool            `json:"whole,omitempty"`
	// Asking are the doubtful records that are still to be read by id, and Left
	// counts those for the next census; Last is the id behind which that begins.
	Asking []Ref  `json:"asking,omitempty"`
	Left   int    `json:"left,omitempty"`
	Last   string `json:"last,omitempty"`
}

// Hints are reasons to read records again that nobody followed yet.
type Hints struct {
	// Refs are the records, oldest reason first. One may have only a key.
	Refs []Ref
	// Last is the number of the newest of these reasons.
	Last int64
	// Poll is the number of a reason to poll instead of reading by id; 0 is
	// none.
	Poll int64
}

// DeadLetterEntry is something that was set aside with its cause.
type DeadLetterEntry struct {
	ID     int64     `json:"id"`
	What   string    `json:"what"` // "record" or "edit"
	Ref    string    `json:"ref"`
	Cause  string    `json:"cause"`
	Remedy string    `json:"remedy,omitempty"`
	At     time.Time `json:"at"`
}

// AuditEntry is one edit that was sent.
type AuditEntry struct {
	Edit   Edit        `json:"edit"`
	Run    int64       `json:"run"`
	State  ResultState `json:"state"`
	Detail string      `json:"detail,omitempty"`
	Begun  time.Time   `json:"begun"`
	Ended  time.Time   `json:"ended,omitzero"`
	// ApprovedBy is who approved it, where a person had to.
	ApprovedBy string `json:"approved_by,omitempty"`
}

// RunEntry is a run that wrote something.
type RunEntry struct {
	Run   int64     `json:"run"`
	Edits int       `json:"edits"` // that arrived
	Begun time.Time `json:"begun"`
}

// StreamStatus is where one stream of a connector stands.
type StreamStatus struct {
	Connector string    `json:"connector"`
	Stream    string    `json:"stream"`
	LastRead  time.Time `json:"last_read,omitzero"`
	Failure   string    `json:"failure,omitempty"`
	// Whole: it was read to its end at least once, or a person let it count so.
	Whole bool `json:"whole"`
}

// LimitState is how a limit of a service stood when it last answered.
type LimitState struct {
	Connector string `json:"connector"`
	// Resource is what is limited, in the service's own word, such as core.
	Resource  string `json:"resource"`
	Limit     int    `json:"limit"`
	Remaining int    `json:"remaining"`
	// Reset is when the whole limit is there again; zero where it fills up bit
	// by bit.
	Reset time.Time `json:"reset,omitzero"`
	// Reserve is how much of it Tandem leaves to people.
	Reserve int `json:"reserve"`
}

// Overview counts what a store holds.
type Overview struct {
	Instance  string `json:"instance"`
	Paused    bool   `json:"paused"`
	PausedBy  string `json:"paused_by,omitempty"`
	PausedWhy string `json:"paused_why,omitempty"`
	// Retired is where nothing is written any more.
	Retired  []string       `json:"retired,omitempty"`
	Records  map[string]int `json:"records"` // by connector
	Items    int            `json:"items"`
	Feedback int            `json:"feedback"`
	// Heard counts rows of feedback and insights, by connector.
	Heard       map[string]int `json:"heard,omitempty"`
	Holds       map[Cause]int  `json:"holds"`
	DeadLetters int            `json:"dead_letters"`
	Pending     int            `json:"pending"`
	SentToday   int            `json:"sent_24h"`
	// Unapproved are those of them that nobody approved: they count for the
	// brake. Approved counts edits that a person approved and that wait.
	Unapproved int `json:"sent_24h_unapproved"`
	Approved   int `json:"approved"`
	// Overrides and Objections count what people said against decisions and that
	// counts today, Ending those of both that end within a week.
	Overrides  int `json:"overrides"`
	Objections int `json:"objections"`
	Ending     int `json:"overrides_ending"`

	LastRun   int64          `json:"last_run"`
	LastRunAt time.Time      `json:"last_run_at,omitzero"`
	Streams   []StreamStatus `json:"streams"`
	Limits    []LimitState   `json:"limits,omitempty"`
}
