package connectors

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"time"

	"tandem/internal/work"
)

// Cursor is where a stream stands: opaque JSON of the connector. Empty is the
// beginning.
type Cursor json.RawMessage

// Progress is how far a long read got; Total is 0 where nobody knows.
type Progress struct {
	Done, Total int
}

// Page is one answer of a service. A page may move the cursor and hold no
// record.
type Page struct {
	Records  []work.Record
	Feedback []work.Feedback
	Insights []work.Insight
	Metrics  []work.Metric
	// Orders are backlogs, each read as a whole.
	Orders  []work.Order
	Rejects []work.Reject
	// Again names what is read again from its beginning, such as a file: what
	// was set aside of it before (Reject.Where is the name, or begins with the
	// name and a colon) is over. What is still not understood is told again, on
	// this page or a later one.
	Again []string
	// Findings are things noticed on the way that a person should know, such
	// as a priority that was renamed. Each is told once.
	Findings []work.Finding
	Cursor   Cursor
	Progress Progress
	// Done reports that the stream has nothing newer for now.
	Done bool
	// Aside says of a page of a census that its records exist, and that it does
	// not tell whether the streams bring them: a restriction may leave them out.
	Aside bool
}

// LimitedError is an error of a service that asks to be left alone for longer
// than one call would wait. It may be anywhere in the chain of an error.
type LimitedError interface {
	error
	// ResumeAt is when asking again makes sense.
	ResumeAt() time.Time
}

// Source reads what changed since a cursor.
type Source interface {
	// Pages yields pages of one of the Definition's streams, oldest change
	// first, and at most one error, last.
	Pages(ctx context.Context, stream string, from Cursor) iter.Seq2[Page, error]
}

// Sink writes.
type Sink interface {
	// Batches splits edits into requests: one batch is one request, or few of
	// one record that belong together. It is pure and keeps the order of the
	// edits of one record.
	Batches(edits []work.Edit) [][]work.Edit
	// Send writes one batch and reports one Result per edit, in order.
	Send(ctx context.Context, batch []work.Edit) []work.Result
}

// Preparer reads in few calls what many edits will be compared with.
type Preparer interface {
	// Prepare is called with the edits of many records right before they are
	// sent. What it reads may stand in for Send's own reading for a minute. It
	// has no error: what it could not read Send reads itself.
	Prepare(ctx context.Context, edits []work.Edit)
}

// Reader reads records by id, never by search: to confirm writes, to follow
// hints, to settle doubts about versions.
type Reader interface {
	// Read yields what it finds, in any order. A record that is missing from
	// all pages, without an error, is gone or invisible.
	Read(ctx context.Context, refs []work.Ref) iter.Seq2[Page, error]
}

// Checker looks whether address, credentials, rights and fields are right.
type Checker interface {
	// Check changes nothing. Each finding says what to do.
	Check(ctx context.Context) []work.Finding
}

// Hint is a reason to read a record again. It holds nothing of what the
// service told of it: what counts is read by id.
type Hint struct {
	// Ref may have only a key.
	Ref      work.Ref
	Delivery string // id of the delivery, for telling repeats
	// Event is what the service says happened, in its own word, for the log.
	Event string
	// Scope says whether the settings cover a record that was never read.
	// Records that are known are read by id in any case.
	Scope Scope
}

// Scope is what a hint knows of the place of a record.
type Scope int

// The scopes of hints.
const (
	// Unsure: only a poll can tell, since it asks with the whole restriction.
	Unsure Scope = iota
	// Inside: the settings cover the record.
	Inside
	// Outside: they do not; a record that is not known is none of our business.
	Outside
)

// What can be wrong with a delivery. Any other error of an Inbox is our own
// side's: the service shall try again.
var (
	// ErrUnverified: the signature is missing, of another method, or wrong.
	ErrUnverified = errors.New("the delivery is not signed with the secret")
	// ErrUnreadable: the body is signed, and no JSON of the service.
	ErrUnreadable = errors.New("the delivery cannot be understood")
)

// Inbox understands webhooks.
type Inbox interface {
	// Verify proves by the raw body that the service sent it, in constant time,
	// and returns what it is a reason to read; that may be nothing. It does no
	// I/O but for its secret.
	Verify(h http.Header, body []byte) ([]Hint, error)
}

// Census lists what exists, to find what silence cannot tell.
type Census interface {
	// IDs yields every record of the scope with its Ref; after
	// an earlier walk was left, those that come after the page that had the
	// cursor. Where the service gives it, records that were changed since have their
	// Version, too: what is stored of an older one is read by id, since a search
	// left the change out. Zero is for all. What is missing although the walk
	// ended without an error is asked for by id before anything is said of it. So
	// is what is listed, on a page that is not Aside, and was never read: a search
	// that lagged left it out. A record may be listed again on a later page, which
	// is then Aside.
	IDs(ctx context.Context, since time.Time, from Cursor) iter.Seq2[Page, error]
}

// Forecaster says what writing would set off beside the change itself, such as
// mails to watchers.
type Forecaster interface {
	// Forecast changes nothing. It is asked with the edits of a plan.
	Forecast(ctx context.Context, edits []work.Edit) []work.Finding
}

// Meter knows how the limits of the service stand.
type Meter interface {
	// Limits asks nobody: it tells what the last answers said, in a fixed
	// order, and nothing before the first one. The caller fills in Connector.
	Limits() []work.LimitState
}

// Remains are what a Sink may have left in a place beside the values that it
// wrote.
type Remains struct {
	// Labels are those whose definitions may be its own.
	Labels []string
	// Records are those that may bear its signature.
	Records []work.Ref
}

// Sweeper removes what the Sink made beside values, such as the definitions of
// labels in a repository.
type Sweeper interface {
	// Sweep looks up what may remain in a place, removes what is the Sink's own
	// and returns it; of the definitions of labels those that no record bears
	// any more. With look it removes nothing, and leaves uncounted which records
	// bear a label: these are about to lose it.
	Sweep(ctx context.Context, place string, of Remains, look bool) (swept Remains, err error)
}

// Historian tells what writes replaced. No service of today takes a change on
// the condition that the value is still the one that was read, so somebody may
// change it between the look and the write; only the history shows that.
type Historian interface {
	// Replaced is asked about edits that arrived. It tells of each single value
	// of which the service's history ends with that very edit, and what stood
	// there right before. It leaves out edits of which the history does not
	// tell, values that somebody changed since, and what the own account had put
	// there. It changes nothing.
	Replaced(ctx context.Context, edits []work.Edit) ([]work.Replaced, error)
	// Later is asked about single values that edits once wrote, or may have
	// written. It tells of each that somebody else changed last, though it may be
	// what the edit wrote, and when the own account last wrote that before. It
	// leaves out those of which the history does not tell. It changes nothing.
	Later(ctx context.Context, edits []work.Edit) ([]work.Later, error)
}

// Connector is a live connection. A nil field means: cannot.
type Connector struct {
	Source Source
	Sink   Sink
	// Preparer helps the Sink; may be nil.
	Preparer Preparer
	Reader   Reader
	Checker  Checker
	Inbox    Inbox
	// Mailbox takes deliveries that are the data themselves; may be nil.
	Mailbox Mailbox
	// Recovery finds what the Inbox did not get; may be nil.
	Recovery Recovery
	Census   Census
	// Forecaster tells of side effects; may be nil.
	Forecaster Forecaster
	// Meter tells of limits; may be nil.
	Meter Meter
	// Historian tells what the Sink's writes replaced; may be nil.
	Historian Historian
	// Sweeper ends what the Sink began; may be nil.
	Sweeper Sweeper
	// Surveyor answers tandem init; may be nil.
	Surveyor Surveyor
	// Close releases what Open took; may be nil.
	Close func() error
}
