package engine

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/plan/backlog"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Snapshot is everything that one evaluation may look at. Two equal snapshots
// give equal outcomes, whatever the order of their slices (promise S16). An
// outcome goes on reading its records and ledger: nobody may change them.
type Snapshot struct {
	// Seq grows with every stored change.
	Seq int64
	// Past numbers the newest change that the store remembers, so that it can
	// put the snapshot together again. No decision reads it.
	Past int64
	// AsOf is a whole day in UTC; it moves once a day.
	AsOf time.Time
	// Records are the newest versions of all records that are not gone.
	Records []*work.Record
	Ledger  []plan.Entry
	// Holds are those of the last run, for their age.
	Holds []work.Hold
	// Released targets: a person ended the hold.
	Released []plan.Release
	// Rejected are proposals that a person said no to.
	Rejected []plan.Rejection
	// Attempts are the writes of the last 7 days at targets that were written
	// more than once, oldest first.
	Attempts []plan.Attempt
	// Undone are writes that a person took back.
	Undone []plan.Undone
	// Displaced are changes of people that Tandem wrote over.
	Displaced []plan.Displaced
	// Overrides are what people said against decisions, those that have ended
	// not among them, in the order of their numbers.
	Overrides []work.Override
	// Retired is where nothing is written any more.
	Retired plan.Retirements
	// Blocked items have an edit that failed for good, with its cause.
	Blocked map[work.ItemID]string
	// Stale lists connectors whose last read failed.
	Stale []string
	// Whole are the streams that were read to their end at least once.
	Whole []work.StreamName
	// Identities are the item ids of records, as earlier runs gave them.
	Identities map[work.RefID]work.ItemID
	// Evidence are the aggregates of feedback; rows never enter a snapshot.
	Evidence []evidence.Day
	// Findings are what insights are about, and Usage how often something was
	// used on the last days.
	Findings []evidence.Finding
	Usage    []evidence.Usage
	// Backlogs are those that connectors read.
	Backlogs []backlog.State
	// Previous are the placements of the last run.
	Previous map[work.ItemID]Previous
	// Approved are edits that a person approved and that were not sent yet.
	Approved []plan.Approval
	// Sent and SentFirst count edits of the last 24 hours that nobody approved,
	// for the brake and the ramp.
	Sent, SentFirst int
	Paused          bool
	// Standing tells which rules count, for the guard.
	Standing plan.Standing
}

// Small returns the snapshot without what is large and told apart in a Delta.
func (s *Snapshot) Small() Snapshot {
	small := *s
	small.Records, small.Ledger, small.Holds, small.Identities, small.Evidence, small.Previous = nil, nil, nil, nil, nil, nil
	return small
}

// Seen is what a run keeps of its snapshot, so that it can be made again.
func (s *Snapshot) Seen() *Seen {
	return &Seen{Past: s.Past, Sent: s.Sent, SentFirst: s.SentFirst, Paused: s.Paused}
}

// Seen is what is kept of a snapshot.
type Seen struct {
	Past            int64
	Sent, SentFirst int
	Paused          bool
}

// Previous is where an item stood after the last run.
type Previous struct {
	Place int `json:"place"`
	// Ranked is the place without what people pinned, where that is another one;
	// 0 where it is the same. Ties go by it, so that a pin leaves no trace.
	Ranked    int       `json:"ranked,omitempty"`
	Tier      string    `json:"tier,omitempty"`
	TierSince time.Time `json:"tier_since,omitzero"`
	Horizon   string    `json:"horizon,omitempty"`
	// HorizonSince is when the horizon became so; zero where it is not known.
	HorizonSince time.Time `json:"horizon_since,omitzero"`
	// Route names the route that decided, as route.Rule.Key does: by role and
	// reason, so that routes may be added around it. RouteSince is since when the
	// same one does: an agreed time to act counts from there.
	Route      work.Pointer `json:"route,omitempty"`
	RouteSince time.Time    `json:"route_since,omitzero"`
	Score      float64      `json:"score"`
}
