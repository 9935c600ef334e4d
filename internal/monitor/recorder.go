package monitor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/httpx"
	"tandem/internal/plan"
	"tandem/internal/work"
)

// Recorder counts what happens in this process. It is called from many
// goroutines and waits for nobody.
type Recorder struct {
	records, pages, failures *prometheus.CounterVec
	calls, edits             *prometheus.CounterVec
	callTime, jobTime        *prometheus.HistogramVec
	cycleTime, decideTime    *prometheus.HistogramVec
	skew, planned            *prometheus.GaugeVec
	tau, top, changed        *prometheus.GaugeVec
	now                      func() time.Time

	mu    sync.Mutex
	node  string
	moved time.Time
	skews map[string]time.Duration
}

var _ httpx.Observer = (*Recorder)(nil)

func newRecorder(b book, now func() time.Time) *Recorder {
	quick := []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
	return &Recorder{
		records: b.counter(mRecordsRead), pages: b.counter(mPagesRead), failures: b.counter(mReadFailures),
		calls: b.counter(mCalls), edits: b.counter(mEdits),
		callTime: b.histogram(mCallTime, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30), jobTime: b.histogram(mJobTime, quick...),
		cycleTime: b.histogram(mCycleTime, quick...), decideTime: b.histogram(mDecideTime, quick...),
		skew: b.gauge(mSkew), planned: b.gauge(mPlanned), tau: b.gauge(mTau), top: b.gauge(mTop), changed: b.gauge(mChanged), now: now, moved: now(), skews: map[string]time.Duration{},
	}
}

func (r *Recorder) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		r.records, r.pages, r.failures, r.calls, r.edits, r.callTime, r.jobTime, r.cycleTime, r.decideTime, r.skew, r.planned, r.tau, r.top, r.changed,
	}
}

// As tells by which name this process holds leases.
func (r *Recorder) As(node string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.node = node
}

func (r *Recorder) name() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.node
}

// Moved notes that the work goes on. Calls, reads, jobs and cycles do so too.
func (r *Recorder) Moved() {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.moved = now
}

// lastMoved is when the work last went on.
func (r *Recorder) lastMoved() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.moved
}

// Called counts a call (httpx.Observer).
func (r *Recorder) Called(c httpx.Call) {
	r.calls.WithLabelValues(c.Connector, string(c.Outcome)).Inc()
	r.callTime.WithLabelValues(c.Connector).Observe(c.Took.Seconds())
	if c.Dated {
		r.skew.WithLabelValues(c.Connector).Set(c.Ahead.Seconds())
		r.mu.Lock()
		r.skews[c.Connector] = c.Ahead
		r.mu.Unlock()
	}
	r.Moved()
}

// skewStep is how exactly the clocks of services are told: Date is cut to a
// second, and answers take a while.
const skewStep = 30 * time.Second

// Skews returns how far the clocks of services are ahead of this machine's, by
// connector, in steps of half a minute, so that they seldom change.
func (r *Recorder) Skews() map[string]time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	skews := make(map[string]time.Duration, len(r.skews))
	for name, d := range r.skews {
		skews[name] = d.Round(skewStep)
	}
	return skews
}

// Cycle counts a whole cycle.
func (r *Recorder) Cycle(took time.Duration) {
	r.cycleTime.WithLabelValues().Observe(took.Seconds())
	r.Moved()
}

// JobOutcome is how a job ended.
type JobOutcome string

// The outcomes of jobs.
const (
	JobDone      JobOutcome = "done"
	JobFailed    JobOutcome = "failed"
	JobCancelled JobOutcome = "cancelled"
)

// Job counts a job of one of the few kinds that there are.
func (r *Recorder) Job(kind string, outcome JobOutcome, took time.Duration) {
	r.jobTime.WithLabelValues(kind, string(outcome)).Observe(took.Seconds())
	r.Moved()
}

// Decided counts an evaluation and shows what its plan waits for. took is 0
// where nothing was evaluated.
func (r *Recorder) Decided(p *plan.Plan, took time.Duration) {
	r.Moved()
	if took > 0 {
		r.decideTime.WithLabelValues().Observe(took.Seconds())
	}
	counts := map[[2]string]int{}
	for i := range p.Edits {
		counts[[2]string{p.Edits[i].Target.Connector, string(p.Edits[i].Gate)}]++
	}
	r.planned.Reset()
	for at, n := range counts {
		r.planned.WithLabelValues(at[0], at[1]).Set(float64(n))
	}
}

// Ended counts a job by its error.
func (r *Recorder) Ended(kind string, took time.Duration, err error) {
	switch {
	case err == nil:
		r.Job(kind, JobDone, took)
	case errors.Is(err, context.Canceled):
		r.Job(kind, JobCancelled, took)
	default:
		r.Job(kind, JobFailed, took)
	}
}

func (r *Recorder) page(connector string, records, feedback int) {
	r.pages.WithLabelValues(connector).Inc()
	r.records.WithLabelValues(connector).Add(float64(records + feedback))
	r.Moved()
}

func (r *Recorder) results(connector string, results []work.Result) {
	for _, res := range results {
		r.edits.WithLabelValues(connector, string(res.State)).Inc()
	}
	r.Moved()
}
