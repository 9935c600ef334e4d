package view

import (
	"context"
	"time"

	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/store"
	"tandem/internal/work"

	"tandem/mapping/evidence"
)

// Base is where the API begins. Remedies name its paths.
const Base = "/api/v1"

// Snapshots are what evaluations look at.
type Snapshots interface {
	Seq(ctx context.Context) (int64, error)
	Snapshot(ctx context.Context, asOf time.Time) (engine.Snapshot, error)
	Status(ctx context.Context) (work.Overview, error)
}

// Made are the runs that were made.
type Made interface {
	LastRun(ctx context.Context) (engine.Run, bool, error)
	Newest(ctx context.Context) (run engine.Run, planHash string, ok bool, err error)
	RunOf(ctx context.Context, number int64) (engine.Run, bool, error)
}

// History is what was decided and done.
type History interface {
	KeptRuns(ctx context.Context, limit int) ([]store.Kept, error)
	Audit(ctx context.Context, ref work.RefID, limit int) ([]work.AuditEntry, error)
	DeadLetters(ctx context.Context, limit int) ([]work.DeadLetterEntry, error)
	Approvals(ctx context.Context, limit int) ([]plan.Approval, error)
	Testimony(ctx context.Context, q store.Inquiry) (work.Testimony, error)
}

// Decisions keep what people decide.
type Decisions interface {
	Approve(ctx context.Context, approvals []plan.Approval) error
	Reject(ctx context.Context, r plan.Rejection) error
	Release(ctx context.Context, r plan.Release, by string) error
	Pause(ctx context.Context, paused bool, by, reason string) error
	RetryLetter(ctx context.Context, number int64) (bool, error)
}

// Words keep what people say against decisions.
type Words interface {
	SaveOverride(ctx context.Context, o work.Override) (int64, error)
	EndOverrides(ctx context.Context, numbers []int64, by, words string) ([]int64, error)
	Overrides(ctx context.Context, asOf time.Time, ended int) (open, over []work.Override, err error)
}

// Refusals are what people said no to.
type Refusals interface {
	Rejections(ctx context.Context) ([]plan.Rejection, error)
}

// Differences tell how far runs are from each other.
type Differences interface {
	StabilityOf(ctx context.Context, number int64) (*engine.Stability, error)
	LastMove(ctx context.Context, item work.ItemID, upTo int64) (store.LastMove, bool, error)
	StoodOn(ctx context.Context, items []work.ItemID, day time.Time) (map[work.ItemID]work.Point, error)
	LeftSince(ctx context.Context, day time.Time, limit int) ([]work.Trail, error)
}

// Voices are feedback and what people said of its links.
type Voices interface {
	DaysOf(ctx context.Context, targets []string) ([]evidence.Day, error)
	UnlinkedBefore(ctx context.Context, before int64, limit int) ([]store.Numbered, error)
	FeedbackOf(ctx context.Context, refs []work.RefID) (map[work.RefID]work.Feedback, error)
	Said(ctx context.Context, targets []string, until time.Time) ([]evidence.Said, error)
}

// Findings are insights, and what they are about.
type Findings interface {
	Insights(ctx context.Context) ([]work.Insight, error)
	InsightTargets(ctx context.Context) (map[work.RefID][]string, error)
}

// Verdicts are what people decide of links.
type Verdicts interface {
	Verdicts(ctx context.Context, limit int) ([]work.LinkVerdict, error)
	SaveVerdict(ctx context.Context, v work.LinkVerdict) error
	UndoVerdict(ctx context.Context, v work.LinkVerdict) (bool, error)
}

// Shelf keeps what people set aside.
type Shelf interface {
	SetAside(ctx context.Context, a work.Aside) error
	TakeBack(ctx context.Context, of work.RefID, insight bool) (bool, error)
	Asides(ctx context.Context) ([]work.Aside, error)
}

// Past is what was, and what was made of it.
type Past interface {
	Made
	History
	Differences
	Bygones
	Histories
}

// Rulings keep all that people decide.
type Rulings interface {
	Decisions
	Words
	Refusals
	Verdicts
	Shelf
}

// Heard is what users said.
type Heard interface {
	Voices
	Surveys
	Findings
}

// Store is what a desk reads and writes.
type Store interface {
	Snapshots
	Past
	Rulings
	Heard
	Cabinet
}

// Remade is a kept run that was decided anew.
type Remade struct {
	Outcome *engine.Outcome // nil where it could not be
	Rules   *engine.Rules
	// Snapshot is what it looked at; nil where that is not known.
	Snapshot *engine.Snapshot
	// Why it could not be made again.
	Why string
}

// Config is what a desk is made of.
type Config struct {
	Store Store
	Rules *engine.Rules
	// Guard returns the modes and limits, Closed the windows of this moment.
	Guard  func() plan.Guard
	Closed func() []plan.Closure
	// Remake decides a kept run anew.
	Remake func(ctx context.Context, run engine.Run) (Remade, error)
	// WhatIf tells what other rules would make of what is stored; nil where
	// nobody can. It writes nothing.
	WhatIf func(ctx context.Context, order WhatIfOrder) (WhatIfFound, error)
	// Sensitivity tells what the top of the order hangs on; nil where nobody can.
	Sensitivity Sensitivity
	// Who names a person as the rules do.
	Who func(connector, id string) string
	// Leases lists which node does what; nil where there is one node.
	Leases func(ctx context.Context) ([]work.Lease, error)
	// Forecast tells what writing edits would set off beside the changes, such
	// as mails to people; nil where nobody knows. It asks no service.
	Forecast func(ctx context.Context, edits []work.Edit) []work.Finding
	// Inspect tells what is wrong as a whole; nil where nobody looks.
	Inspect Inspect
	// Orders keep orders to undo and to retire, which the nodes that work on the
	// store carry out; nil where nobody writes.
	Orders Orders
	// Patience is how long it is waited for the end of an order, and for the turn
	// to compare other rules; a while where it is 0.
	Patience time.Duration
	// Wake makes the daemon look at once at what was decided.
	Wake    func()
	Version string
	Now     func() time.Time
}

// Desk serves everybody who looks and decides. It may be used by many at once.
type Desk struct {
	conf      Config
	mind      mind
	plans     plans
	bygones   bygones
	forecasts forecasts
	// comparing has room for the one who compares other rules: one at a time.
	comparing chan struct{}
}

// New returns a desk.
func New(c Config) *Desk {
	return &Desk{conf: c, mind: mind{conf: c}, comparing: make(chan struct{}, 1)}
}

// Visit is one request of somebody. It is cheap, ends with its request, and is
// used by one goroutine.
type Visit struct {
	ctx  context.Context //nolint:containedctx // a visit is one request, and its methods are steps of it
	who  Who
	desk *Desk
	// looked is what the visit shows, once it shows something, and plan the kept
	// plan that it shows.
	looked *lens
	plan   *keptPlan
}

// Visit lets somebody in for one request.
func (d *Desk) Visit(ctx context.Context, who Who) *Visit {
	return &Visit{ctx: ctx, who: who, desk: d}
}

// wake makes the daemon look at once at what the visitor decided, who sees at
// once what became of it.
func (vi *Visit) wake() {
	vi.desk.mind.note(vi.who.Name)
	vi.desk.conf.Wake()
}

// Who returns whose visit it is.
func (vi *Visit) Who() Who { return vi.who }

func (vi *Visit) sees(a work.Audience) bool { return vi.who.Sees(a) }

func (vi *Visit) may(role Role) error { return vi.who.May(role) }

// Today is midnight of the day, in UTC.
func (vi *Visit) Today() time.Time { return vi.today() }

func (vi *Visit) today() time.Time { return vi.desk.conf.Now().UTC().Truncate(24 * time.Hour) }
