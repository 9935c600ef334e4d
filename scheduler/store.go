package scheduler

import (
	"context"
	"iter"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Intake keeps what connectors read.
type Intake interface {
	// Cursor returns where a stream stands; nil is the beginning.
	Cursor(ctx context.Context, connector, stream string) (connectors.Cursor, error)
	// SavePage stores a page and its cursor in one transaction. links are those
	// of page.Feedback, row by row, then those of page.Insights. An older version never replaces a newer
	// one; the same version with another hash is kept and reported as suspect.
	SavePage(ctx context.Context, connector, stream string, page connectors.Page, links [][]evidence.Link) (work.Saved, error)
	// SaveRead stores records that were read by id: the same version with
	// another hash replaces. Refs that were asked and not found are marked
	// gone. It ends the waiting for confirmation of all asked refs.
	SaveRead(ctx context.Context, asked []work.Ref, records []work.Record) error
	// SaveFailure notes that a stream could not be read; the connector is
	// stale until a page of it is saved again. An empty cause ends it.
	SaveFailure(ctx context.Context, connector, stream, cause string) error
	// Feedback yields all feedback rows, for linking anew.
	Feedback(ctx context.Context) iter.Seq2[work.Feedback, error]
}

// Post keeps what services announced until somebody looked. A hint is only a
// reason to read.
type Post interface {
	// SaveHints stores the hints of one delivery. It reports false where the
	// delivery came before; nothing is done then.
	SaveHints(ctx context.Context, connector, delivery string, hints []connectors.Hint) (bool, error)
	// Hints returns the oldest hints of a connector, each record once.
	Hints(ctx context.Context, connector string, limit int) (work.Hints, error)
	// SaveHinted stores what was read for hints as SaveRead does, and ends them
	// in the same transaction: all up to the number. What came later stays.
	SaveHinted(ctx context.Context, connector string, last int64, asked []work.Ref, records []work.Record) (work.Saved, error)
	// SavePolled ends the reason to poll, unless a newer one came.
	SavePolled(ctx context.Context, connector string, poll int64) error
	Mail
}

// Mail keeps deliveries that are the data themselves until they are unpacked.
type Mail interface {
	// Parcels returns the oldest parcels of a connector that wait.
	Parcels(ctx context.Context, connector string, limit int) ([]connectors.Parcel, error)
	// SaveUnpacked stores what a parcel held as SavePage does, and ends it in the
	// same transaction. Where something could not be understood it stays for
	// another configuration.
	SaveUnpacked(ctx context.Context, connector, config string, p connectors.Parcel, page connectors.Page, links [][]evidence.Link) (work.Saved, error)
	// RetryParcels lets those wait again that could not be understood under
	// another configuration.
	RetryParcels(ctx context.Context, connector, config string) (int64, error)
}

// Roll is what a census compares with.
type Roll interface {
	// Kept returns all records of a connector, sorted by id.
	Kept(ctx context.Context, connector string) ([]work.Kept, error)
	// Suspects lists records that are to be read by id: a page showed them in the
	// version that is stored with another content.
	Suspects(ctx context.Context, connector string) ([]work.Ref, error)
	// Known returns what is stored of records, by id, also of those that are gone;
	// a record that was never read is left out.
	Known(ctx context.Context, refs []work.RefID) (map[work.RefID]work.Kept, error)
	// Census returns where the census of a connector stands; false where there
	// never was one.
	Census(ctx context.Context, connector string) (work.CensusMark, bool, error)
	// SaveCensus stores it. whole says that one has just come to its end.
	SaveCensus(ctx context.Context, connector string, mark work.CensusMark, whole bool) error
}

// Gauge shows people how much the services still allow.
type Gauge interface {
	// SaveLimits stores how the limits of a connector's service stand, in place
	// of what was stored of it. It is no reason to evaluate anything.
	SaveLimits(ctx context.Context, connector string, limits []work.LimitState) error
}

// Watch is what is known of the services beside the pages of the polls, and
// what happened since somebody looked.
type Watch interface {
	Post
	Roll
	Gauge
	Freshness
}

// Views give what evaluations look at.
type Views interface {
	// Snapshot reads everything an evaluation needs, from one read transaction.
	Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error)
	// Changes reads what changed since a snapshot of which the given run was made;
	// false where that is not the newest run, where it cannot tell, or where a
	// whole snapshot is as quick.
	Changes(ctx context.Context, asOf time.Time, since engine.Snapshot, run int64) (engine.Delta, bool, error)
}

// Memory gives snapshots and keeps what evaluations decided.
type Memory interface {
	Views
	Ties

	// SaveRun stores a run with its plan, adoptions (into the ledger), holds,
	// identities and placements, in one transaction, and returns its number.
	SaveRun(ctx context.Context, run engine.Run) (int64, error)
	// LastRun returns the newest run; false when there is none.
	LastRun(ctx context.Context) (engine.Run, bool, error)
	// Seq returns the number of the last stored change, to skip evaluations
	// when nothing changed.
	Seq(ctx context.Context) (int64, error)
}

// Ties keeps feedback tied to work and to people as the rules say. Both methods
// do nothing where the rules did not change; else they work for as long as they
// may, and report false where there is more to do.
type Ties interface {
	// Relink replaces the links of all feedback and insights by those of a
	// changed rule set, but for what people decided.
	Relink(ctx context.Context, rulesHash string, by evidence.Linker, most time.Duration) (whole bool, err error)
	// Rejoin joins persons and accounts by other keys.
	Rejoin(ctx context.Context, join evidence.Join, most time.Duration) (whole bool, err error)
}

// Freshness tells what happened since a plan was made.
type Freshness interface {
	Memoir

	// Pulse tells at little cost whether there is something to do.
	Pulse(ctx context.Context) (work.Pulse, error)
	// Stale lists the records of a connector that changed after a number of the
	// sequence; all where a person acted, or where its last read failed, so that
	// everything is to be decided anew.
	Stale(ctx context.Context, since int64, connector string) (all bool, refs map[work.RefID]bool, err error)
}

// Journal keeps edits before and after they are sent (promise S9).
type Journal interface {
	// Begin notes that the edits are about to be sent: journal and ledger
	// (pending) in one transaction. While writing is paused nothing begins: the
	// error is then work.ErrPaused.
	Begin(ctx context.Context, run int64, edits []work.Edit) error
	// Finish notes the results. Applied and unchanged stay pending until they
	// are read back; conflict and deferred restore the ledger; rejected does
	// too, and is a dead letter that blocks its item; unknown stays pending.
	Finish(ctx context.Context, results []work.Result) error
	// Pending returns edits that were begun or are unknown, and edits that
	// wait to be read back, oldest first.
	Pending(ctx context.Context) (unsure, unread []work.Edit, err error)
	// Saw returns when the record of each edit without an answer had been changed
	// last, as far as was known when the edit began.
	Saw(ctx context.Context) (map[string]time.Time, error)
	Debts
}

// Debts keeps what is owed to people, since Tandem's write came over it.
type Debts interface {
	// SaveDisplaced notes changes of people that Tandem wrote over.
	SaveDisplaced(ctx context.Context, all []plan.Displaced) error
	// Displaced lists those that still count.
	Displaced(ctx context.Context) ([]plan.Displaced, error)
	// EndDisplaced forgets those at the targets: somebody has set the value since.
	EndDisplaced(ctx context.Context, targets []work.Target) error
}

// Desk is where people and status commands look and act.
type Desk interface {
	// Pause stops or resumes all writing.
	Pause(ctx context.Context, paused bool, by, reason string) error
	// Release ends holds of a field at a record; the next plan overrules. It
	// also ends a dead letter that blocks the record's item.
	Release(ctx context.Context, r plan.Release, by string) error
	// Status counts what there is.
	Status(ctx context.Context) (work.Overview, error)
	// DeadLetters lists rejects and failed edits, newest first.
	DeadLetters(ctx context.Context, limit int) ([]work.DeadLetterEntry, error)
	// Audit lists edits that were sent, newest first; of one record where ref
	// is not zero.
	Audit(ctx context.Context, ref work.RefID, limit int) ([]work.AuditEntry, error)
}

// Past tells what was written, for undo and retire.
type Past interface {
	// Written lists the edits of a run that arrived, in the order in which
	// they were sent; LastWritten the newest one at each target.
	Written(ctx context.Context, run int64) ([]work.AuditEntry, error)
	LastWritten(ctx context.Context) ([]work.AuditEntry, error)
	// Retire notes where nothing is written any more.
	Retire(ctx context.Context, r plan.Retirement) error
	// Forget drops lines of the ledger: Tandem was never there.
	Forget(ctx context.Context, targets []work.Target) error
}

// Assent keeps what people approved until it is written.
type Assent interface {
	// Approve notes that a person approved edits of a plan. To approve twice is
	// to approve once. Begin of an edit ends its approval; so does a run that
	// saw it and no longer plans the edit.
	Approve(ctx context.Context, approvals []plan.Approval) error
	// Approvals lists approvals, those that count first, the newest first.
	Approvals(ctx context.Context, limit int) ([]plan.Approval, error)
}

// Words keeps what people say against decisions.
type Words interface {
	// SaveOverride notes a word and returns its number. It takes the place of an
	// open one of the same kind at the same record; of objections only of the
	// same person's.
	SaveOverride(ctx context.Context, o work.Override) (int64, error)
	// EndOverrides ends open ones sooner and returns those that it ended.
	EndOverrides(ctx context.Context, numbers []int64, by, words string) ([]int64, error)
	// Overrides lists those that count on a day by number, and at most so many
	// that ended, the last first.
	Overrides(ctx context.Context, asOf time.Time, ended int) (open, over []work.Override, err error)
}

// Orders keep what people ordered until it is over, for whichever node carries
// it out under the lease of work.Alone.
type Orders interface {
	// TakeCommission returns the order that is not over, and counts that somebody
	// set about it; false where there is none.
	TakeCommission(ctx context.Context) (work.Commission, bool, error)
	// BeginCommission notes, before anything of it goes out, what of an order was
	// confirmed, and under which run it is journalled. It reports false where the
	// order is over.
	BeginCommission(ctx context.Context, id string, run int64, targets []work.Target) (bool, error)
	// EndCommission notes what became of an order. It reports false where that was
	// noted before.
	EndCommission(ctx context.Context, id string, told []byte) (bool, error)
}

// Office is where people look back and act.
type Office interface {
	Desk
	Past
	Assent
	Words
	Orders
}

// Store is all of it, as one value.
type Store interface {
	Intake
	Watch
	Memory
	Journal
	Office
}
