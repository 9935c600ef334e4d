package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"tandem/connectors"
	"tandem/internal/engine"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// Live is one open connector of the configuration.
type Live struct {
	Name    string
	Kind    string
	Streams []connectors.Stream
	Conn    connectors.Connector
	// Wide reads further fields that Tandem once wrote and no rule names any
	// more, for undo and retire; nil where there are none.
	Wide connectors.Reader
	// Failure is why it could not be opened; Conn is then empty and the
	// connector is stale.
	Failure error
}

// Config is what a Cycle is made of.
type Config struct {
	Store      Store
	Rules      *engine.Rules
	Connectors []Live
	// Guard holds the modes, the brake and the calendar; the rest is filled in
	// per cycle.
	Guard      plan.Guard
	ConfigHash string
	Log        *slog.Logger
	Now        func() time.Time
	// Workers is how many records of one connector are written at a time; 4
	// where it is 0.
	Workers int
	// Large is from how many records on a Cycle remembers what it decided, to
	// decide again only what changed; it never does where it is 0.
	Large int
	// DoubtEvery is after how many decisions of what changed all is decided and
	// compared; 100 where it is 0.
	DoubtEvery int
}

// Large is from how many records on the daemon remembers what it decided. Below
// that deciding all takes no longer than a tenth of a second or two, and memory
// counts more.
const Large = 20_000

// Cycle runs cycles. It is used by one goroutine at a time.
type Cycle struct {
	c    Config
	last *engine.Outcome
	seen decidedOn
	// decided says that something was; last may be forgotten since.
	decided bool
	mind    mind
	// limited says that edits wait for the brake or the ramp.
	limited bool
	waits   waits
	dues    dues
	// polls are reasons to poll that wait, by connector.
	polls map[string]int64
	// opened are the mailboxes that were looked through with this configuration.
	opened map[string]bool
	// missed is when a service is next asked for announcements that did not
	// arrive.
	missed map[string]time.Time
	// reopens is when the first window ends that kept an edit back in the last
	// cycle; the zero time where none did.
	reopens time.Time
	// alike are groups of records of one title that were asked about, and
	// acquainted are connectors of which no record came since that was done.
	alike, acquainted map[string]bool
	// metered is how the limits of each connector stood when they were stored.
	metered map[string][]work.LimitState
	// unsettled are connectors of which what was sent could not be read back.
	// Until it is, no other read of theirs may count as that.
	unsettled map[string]bool
	// unnoted are reads that failed and of which the store does not know it.
	unnoted unnoted
	// doubts is when it is looked again for what did not arrive, by connector.
	doubts map[string]time.Time
	// tried are the edits that were sent in the newest run that was applied.
	tried tried
	// spent is the run of which nothing more goes out, but for what waits.
	spent int64
	// hintsAgain is when hints are followed again that could not be.
	hintsAgain time.Time
	// censusAt is when a census is due; zero until somebody looked.
	censusAt time.Time
	halted   atomic.Bool
}

// decidedOn tells whether anything changed since the last evaluation. sent
// counts while edits wait for the brake or the ramp: the rolling day lets some
// through by itself. reopens is when the first window ends that edits wait
// for, until it has ended.
type decidedOn struct {
	seq     int64
	asOf    time.Time
	sent    int
	reopens time.Time
}

// New returns a Cycle. Where the guard awaits no streams, it awaits those of the
// connectors at hand.
func New(c Config) *Cycle {
	if c.Guard.Awaited == nil {
		c.Guard.Awaited = Awaited(c.Connectors...)
	}
	c.Guard.Rules = c.Rules.Hash()
	if c.Workers == 0 {
		c.Workers = 4
	}
	if c.DoubtEvery == 0 {
		c.DoubtEvery = 100
	}
	return &Cycle{c: c, polls: map[string]int64{}, alike: map[string]bool{}, acquainted: map[string]bool{}, metered: map[string][]work.LimitState{}, unsettled: map[string]bool{}, doubts: map[string]time.Time{}}
}

// Approve decides whether an edit goes out: one that is ready, or one that
// waits for a person. It is never asked for what no person can let through.
// The daemon approves none that wait; tandem apply asks.
type Approve func(plan.Planned) bool

// None approves nothing beyond what is ready, or was approved for quiet hours
// too.
func None(e plan.Planned) bool {
	return e.Gate == plan.Ready || e.Gate == plan.Quiet && e.AnyHour()
}

// Run runs one whole cycle: settle, follow hints, read everything, take a
// census where one is due, decide, write, settle.
// The error is of Tandem's own (the store); what services refuse is in the
// report.
func (c *Cycle) Run(ctx context.Context, approve Approve) (Report, error) {
	return c.run(ctx, c.Read, approve)
}

func (c *Cycle) run(ctx context.Context, read func(context.Context, *Report) error, approve Approve) (Report, error) {
	began := c.c.Now()
	report := newReport()
	if err := c.settle(ctx, &report); err != nil {
		return report, err
	}
	if err := c.catchUp(ctx, &report); err != nil {
		return report, err
	}
	if err := c.follow(ctx, &report); err != nil {
		return report, err
	}
	if err := read(ctx, &report); err != nil {
		return report, err
	}
	if err := c.rediscover(ctx, &report); err != nil {
		return report, err
	}
	if err := c.census(ctx, &report); err != nil {
		return report, err
	}
	if err := c.decide(ctx, &report); err != nil {
		return report, err
	}
	if err := c.write(ctx, approve, &report); err != nil {
		return report, err
	}
	if report.Sent > 0 {
		if err := c.settle(ctx, &report); err != nil {
			return report, err
		}
	}
	if err := c.clarify(ctx, &report); err != nil {
		return report, err
	}
	if err := c.meter(ctx, &report); err != nil {
		return report, err
	}
	report.Took = c.c.Now().Sub(began)
	return report, nil
}

// decide evaluates the newest snapshot, unless nothing changed since the last
// evaluation, and keeps the run.
func (c *Cycle) decide(ctx context.Context, report *Report) error {
	began := c.c.Now()
	now, err := c.stand(ctx)
	if err == nil && (c.last == nil || now != c.seen) {
		err = c.evaluate(ctx, now.asOf, report)
	}
	if err != nil {
		return fmt.Errorf("decide: %w", err)
	}
	if report.Evaluated {
		report.Deciding = c.c.Now().Sub(began)
	}
	report.Outcome = c.last
	return nil
}

// decideBriefly does what decide does, and forgets the outcome: only who is
// told of it holds it.
func (c *Cycle) decideBriefly(ctx context.Context, report *Report) error {
	if c.decided {
		now, err := c.stand(ctx)
		if err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		if now == c.seen {
			return nil
		}
	}
	err := c.decide(ctx, report)
	c.last = nil
	return err
}

// stand is what an evaluation would look at now.
func (c *Cycle) stand(ctx context.Context) (decidedOn, error) {
	seq, err := c.c.Store.Seq(ctx)
	clock := c.c.Now().UTC()
	now := decidedOn{seq, clock.Truncate(24 * time.Hour), c.seen.sent, c.seen.reopens}
	if !clock.Before(now.reopens) {
		now.reopens = time.Time{}
	}
	if err != nil || !c.limited {
		return now, err
	}
	overview, err := c.c.Store.Status(ctx)
	now.sent = overview.Unapproved
	return now, err
}

func (c *Cycle) evaluate(ctx context.Context, asOf time.Time, report *Report) error {
	if whole, err := c.tie(ctx, report); err != nil || !whole {
		return err
	}
	outcome, snapshot, err := c.mind.decide(ctx, &c.c, asOf)
	if err != nil {
		return err
	}
	guard := c.c.Guard
	guard.At = c.c.Now().UTC().Truncate(time.Microsecond)
	outcome.Gate(guard, snapshot)
	if outcome.Stability, err = Compare(ctx, c.c.Store, c.c.Rules, &snapshot, &outcome); err != nil {
		return err
	}
	run := outcome.Run(snapshot.Seq, c.c.Rules, c.c.ConfigHash)
	run.At, run.Seen = guard.At, snapshot.Seen()
	number, err := c.c.Store.SaveRun(ctx, run)
	if err != nil {
		c.mind = mind{}
		return err
	}
	c.mind.kept(number, &run)
	// Where SaveRun moves the sequence (adoptions), the next cycle evaluates
	// once more. To skip that would skip what a person did meanwhile.
	c.last, c.seen, c.decided = &outcome, decidedOn{snapshot.Seq, asOf, snapshot.Sent, outcome.Plan.Reopens()}, true
	c.limited = outcome.Plan.Count(plan.Braked)+outcome.Plan.Count(plan.Ramped) > 0
	run.Seq, outcome.Number = number, number
	report.Run, report.Evaluated = &run, true
	return nil
}

// Plan settles, reads and decides, and writes nothing.
func (c *Cycle) Plan(ctx context.Context) (Report, error) {
	report := newReport()
	if err := c.settle(ctx, &report); err != nil {
		return report, err
	}
	if err := c.catchUp(ctx, &report); err != nil {
		return report, err
	}
	if err := c.follow(ctx, &report); err != nil {
		return report, err
	}
	if err := c.Read(ctx, &report); err != nil {
		return report, err
	}
	if err := c.rediscover(ctx, &report); err != nil {
		return report, err
	}
	if err := c.meter(ctx, &report); err != nil {
		return report, err
	}
	return report, c.decide(ctx, &report)
}
