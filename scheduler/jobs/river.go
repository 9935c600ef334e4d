package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"

	"tandem/internal/work"
)

const (
	// jobTimeout ends a job that does not end itself after its slice. Decisions
	// and housekeeping are no work in slices, and ask no service.
	jobTimeout  = time.Minute
	longTimeout = time.Hour
	// rescueAfter is when the jobs of a process that died are ended for good.
	rescueAfter = 90 * time.Second
	// kept is how long jobs stay that are over.
	kept = 2 * time.Minute
	// fetchEvery is how often a queue looks by itself for jobs that are tried
	// again; it is told of each new one. fetchRest is the least time between two
	// looks.
	fetchEvery = 2 * time.Second
	fetchRest  = 5 * time.Millisecond
	// attempts of a job. What applies has one: the journal knows what to do
	// again.
	attempts = 100
)

// queue is what a node needs of the job queue.
type queue interface {
	start(ctx context.Context) error
	// put enqueues a job. It reports false where the same one is there.
	put(ctx context.Context, o order) (bool, error)
	// end ends the jobs of a duty that other nodes left.
	end(ctx context.Context, duty string) error
	// stop lets jobs that run come to their end, and no other begin. With hard
	// it does not wait for them.
	stop(ctx context.Context, hard bool) error
}

// riverQueue is River, over a database whose transactions are T.
type riverQueue[T any] struct {
	client *river.Client[T]
	driver riverdriver.Driver[T]
	node   string
}

// newQueue prepares the tables and a client that works the queues of a node.
func newQueue[T any](ctx context.Context, driver riverdriver.Driver[T], h *Host) (*riverQueue[T], error) {
	log := slog.New(riverLog{h.log.Handler()})
	if err := prepare(ctx, driver, log); err != nil {
		return nil, fmt.Errorf("prepare the tables of the job queue: %w", err)
	}
	q := &riverQueue[T]{driver: driver, node: h.node}
	workers := river.NewWorkers()
	for _, err := range []error{
		river.AddWorkerSafely(workers, &worker[T, webhookJob]{queue: q, host: h}),
		river.AddWorkerSafely(workers, &worker[T, applyJob]{queue: q, host: h}),
		river.AddWorkerSafely(workers, &worker[T, pollJob]{queue: q, host: h}),
		river.AddWorkerSafely(workers, &worker[T, censusJob]{queue: q, host: h}),
		river.AddWorkerSafely(workers, &worker[T, decideJob]{queue: q, host: h}),
		river.AddWorkerSafely(workers, &worker[T, housekeepingJob]{queue: q, host: h}),
	} {
		if err != nil {
			return nil, fmt.Errorf("prepare the job queue: %w", err)
		}
	}
	queues := map[string]river.QueueConfig{}
	for _, duty := range h.all {
		queues[queueOf(duty, h.node)] = river.QueueConfig{MaxWorkers: 1}
	}
	client, err := river.NewClient(driver, &river.Config{
		ID: h.node, Queues: queues, Workers: workers, Logger: log, ErrorHandler: h, RetryPolicy: h,
		FetchCooldown: fetchRest, FetchPollInterval: max(fetchEvery, h.c.Look), JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter,
		MaxAttempts: attempts, Test: river.TestConfig{Time: h.c.Clock},
		CompletedJobRetentionPeriod: kept, CancelledJobRetentionPeriod: kept, DiscardedJobRetentionPeriod: kept,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the job queue: %w", err)
	}
	q.client = client
	return q, nil
}

// prepareTries is how often the tables are prepared at most: nodes that begin
// together get in each other's way, and each step is all or nothing.
const prepareTries = 8

// prepare makes the tables of the queue, or brings them up to date.
func prepare[T any](ctx context.Context, driver riverdriver.Driver[T], log *slog.Logger) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return err
	}
	for try := range prepareTries {
		if _, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * 100 * time.Millisecond):
		}
	}
	return err
}

func (q *riverQueue[T]) start(ctx context.Context) error {
	if err := q.client.Start(ctx); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	return nil
}

func (q *riverQueue[T]) put(ctx context.Context, o order) (bool, error) {
	options := &river.InsertOpts{
		Queue: queueOf(o.Duty, q.node), Priority: o.Kind.priority(),
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unfinished()},
	}
	if o.Kind == apply {
		options.MaxAttempts = 1
	}
	result, err := q.client.Insert(ctx, argsOf(o), options)
	if err != nil {
		return false, fmt.Errorf("enqueue %s of %s: %w", o.Kind, o.Duty, err)
	}
	return !result.UniqueSkippedAsDuplicate, nil
}

// unfinished are the states of jobs that are not over: River's own choice
// counts completed ones too, and a second hint would start nothing.
func unfinished() []rivertype.JobState {
	return []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}
}

// end ends what other nodes left of a duty. Jobs of a process that lives are
// cancelled there, those of a dead one are marked, and go when they are late:
// no name is shared with them, so nothing waits for that.
func (q *riverQueue[T]) end(ctx context.Context, duty string) error {
	params := river.NewJobListParams().First(1000).States(unfinished()...).
		Where("queue LIKE @theirs AND queue <> @mine", river.NamedArgs{"theirs": queuePrefix(duty) + "%", "mine": queueOf(duty, q.node)})
	left, err := q.client.JobList(ctx, params)
	if err != nil {
		return fmt.Errorf("list the jobs that were left of %s: %w", duty, err)
	}
	for _, job := range left.Jobs {
		if _, err := q.client.JobCancel(ctx, job.ID); err != nil && !errors.Is(err, river.ErrNotFound) {
			return fmt.Errorf("end a job that was left of %s: %w", duty, err)
		}
	}
	return nil
}

func (q *riverQueue[T]) stop(ctx context.Context, hard bool) error {
	if hard {
		return q.client.StopAndCancel(ctx)
	}
	return q.client.Stop(ctx)
}

// complete notes at once that a job is over, so that the same one can be
// enqueued again. River itself collects such notes for a quarter of a second,
// and does so where this fails.
func complete[T any, A river.JobArgs](ctx context.Context, q *riverQueue[T], job *river.Job[A]) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	tx, err := q.driver.GetExecutor().Begin(ctx)
	if err != nil {
		return err
	}
	if _, err := river.JobCompleteTx[riverdriver.Driver[T]](ctx, q.driver.UnwrapTx(tx), job); err != nil {
		return errors.Join(err, tx.Rollback(ctx))
	}
	return tx.Commit(ctx)
}

// NextRetry says when a job is tried again that failed: soon, and never later
// than the next poll would come.
func (h *Host) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(h.again(job.Attempt))
}

// HandleError is told of jobs that failed; who ran them has told it.
func (h *Host) HandleError(context.Context, *rivertype.JobRow, error) *river.ErrorHandlerResult {
	return nil
}

// HandlePanic tells of a mistake in Tandem. It stops nothing else.
func (h *Host) HandlePanic(_ context.Context, job *rivertype.JobRow, cause any, trace string) *river.ErrorHandlerResult {
	h.log.Error("a job broke off; please report this", "kind", job.Kind, "attempt", job.Attempt, "err", fmt.Sprint(cause)+"\n"+trace)
	return nil
}

// args are what a job carries: names, no facts.
type args struct {
	Duty  string `json:"duty"`
	Token int64  `json:"token"`
}

func (a args) order(k kind) order { return order{Kind: k, Duty: a.Duty, Token: a.Token} }

type (
	webhookJob      struct{ args }
	applyJob        struct{ args }
	pollJob         struct{ args }
	censusJob       struct{ args }
	decideJob       struct{ args }
	housekeepingJob struct{ args }
)

// named are arguments of a job that know their duty.
type named interface {
	river.JobArgs
	order(k kind) order
}

// Kind names the job.
func (webhookJob) Kind() string { return string(webhook) }

// Kind names the job.
func (applyJob) Kind() string { return string(apply) }

// Kind names the job.
func (pollJob) Kind() string { return string(poll) }

// Kind names the job.
func (censusJob) Kind() string { return string(census) }

// Kind names the job.
func (decideJob) Kind() string { return string(decide) }

// Kind names the job.
func (housekeepingJob) Kind() string { return string(housekeeping) }

func argsOf(o order) river.JobArgs {
	a := args{o.Duty, o.Token}
	switch o.Kind {
	case webhook:
		return webhookJob{a}
	case apply:
		return applyJob{a}
	case poll:
		return pollJob{a}
	case census:
		return censusJob{a}
	case housekeeping:
		return housekeepingJob{a}
	case decide:
		return decideJob{a}
	default:
		return decideJob{a}
	}
}

// worker hands the jobs of one kind to the node.
type worker[T any, A named] struct {
	river.WorkerDefaults[A]

	queue *riverQueue[T]
	host  *Host
}

// Timeout is when a job is ended that does not end itself.
func (w *worker[T, A]) Timeout(job *river.Job[A]) time.Duration {
	if job.Args.order("").Duty == work.Deciding {
		return longTimeout
	}
	return jobTimeout
}

// Work does the job.
func (w *worker[T, A]) Work(ctx context.Context, job *river.Job[A]) error {
	o := job.Args.order(kind(job.Kind))
	last := job.Attempt >= job.MaxAttempts
	over := last
	defer func() { w.host.done(o, over) }() // also where it breaks off
	if err := w.host.work(ctx, o, job.Attempt, last); err != nil {
		return err
	}
	if err := complete(ctx, w.queue, job); err != nil {
		w.host.log.Debug("a job is done and not yet noted as such", "kind", o.Kind, "err", err)
	}
	over = true
	return nil
}
