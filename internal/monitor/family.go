package monitor

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// Type is how a metric grows.
type Type string

// The types of metrics.
const (
	Counter   Type = "counter"
	Gauge     Type = "gauge"
	Histogram Type = "histogram"
)

// Family is one metric with all its labels.
type Family struct {
	Name   string
	Type   Type
	Labels []string
	// Help is a sentence for people; the documentation shows it too.
	Help string
}

// What happens in this process, counted as it happens.
const (
	mRecordsRead  = "tandem_records_read_total"
	mPagesRead    = "tandem_pages_read_total"
	mReadFailures = "tandem_read_failures_total"
	mCalls        = "tandem_calls_total"
	mCallTime     = "tandem_call_duration_seconds"
	mEdits        = "tandem_edits_total"
	mCycleTime    = "tandem_cycle_duration_seconds"
	mDecideTime   = "tandem_decide_duration_seconds"
	mJobTime      = "tandem_job_duration_seconds"
	mSkew         = "tandem_clock_skew_seconds"
	mPlanned      = "tandem_planned_edits"
	mTau          = "tandem_order_agreement"
	mTop          = "tandem_order_top_overlap"
	mChanged      = "tandem_changed_items"
	mBuild        = "tandem_build_info"
	mMode         = "tandem_write_mode"
)

// What the store knows, read at a scrape.
const (
	mStoreUp     = "tandem_store_up"
	mRecords     = "tandem_records"
	mItems       = "tandem_items"
	mFeedback    = "tandem_feedback_rows"
	mReadLag     = "tandem_read_lag_seconds"
	mStale       = "tandem_stream_stale"
	mNewestAge   = "tandem_newest_record_age_seconds"
	mLimit       = "tandem_limit"
	mLimitLeft   = "tandem_limit_remaining"
	mLimitKept   = "tandem_limit_reserve"
	mHolds       = "tandem_holds"
	mHoldAge     = "tandem_hold_oldest_age_seconds"
	mLetters     = "tandem_dead_letters"
	mLetterAge   = "tandem_dead_letter_oldest_age_seconds"
	mDayEdits    = "tandem_edits_last_day"
	mPending     = "tandem_edits_pending"
	mHints       = "tandem_hints_waiting"
	mHintAge     = "tandem_hint_oldest_age_seconds"
	mDecideAge   = "tandem_last_decide_age_seconds"
	mBrake       = "tandem_brake_on"
	mPaused      = "tandem_paused"
	mCopied      = "tandem_store_copied"
	mRetired     = "tandem_retirements"
	mStoreSize   = "tandem_store_size_bytes"
	mStoreFree   = "tandem_store_free_bytes"
	mLeaseExpiry = "tandem_lease_expiry_seconds"
	mLeaseHeld   = "tandem_lease_held"
	mJobs        = "tandem_jobs"
)

// Families returns every metric that Tandem shows of itself, sorted by name.
// Those of the Go runtime and of the process (go_…, process_…) stand beside
// them.
func Families() []Family {
	by := func(labels ...string) []string { return labels }
	all := []Family{
		{mRecordsRead, Counter, by("connector"), "Records and rows of feedback that this process read, changed or not."},
		{mPagesRead, Counter, by("connector"), "Pages that this process read."},
		{mReadFailures, Counter, by("connector"), "Reads that failed; what is stored stays."},
		{mCalls, Counter, by("connector", "outcome"), "Calls of the service, every try counted, by how they ended."},
		{mCallTime, Histogram, by("connector"), "Time from the call to the head of its answer."},
		{mEdits, Counter, by("connector", "state"), "Edits that this process handed to the service, by what became of them."},
		{mCycleTime, Histogram, nil, "Time that whole cycles took."},
		{mDecideTime, Histogram, nil, "Time that evaluations took, from the snapshot to the stored run."},
		{mJobTime, Histogram, by("kind", "outcome"), "Time that jobs took, by kind and by how they ended (done, failed, cancelled)."},
		{mSkew, Gauge, by("connector"), "How far the clock of the service is ahead of this machine's, to about a second."},
		{mPlanned, Gauge, by("connector", "gate"), "Edits of the last plan that this process made, by what they wait for."},
		{mTau, Gauge, nil, "How far the order of the last run agrees with the one before: Kendall's tau-b, 1 is the same order."},
		{mTop, Gauge, by("places"), "Share of the first 10 and 50 places that is the same as in the run before: the overlap of both, over all that are in either."},
		{mChanged, Gauge, by("what"), "Items whose place, priority, horizon or route the last run of this process changed."},
		{mBuild, Gauge, by("version", "go_version"), "Always 1; the labels say what runs."},
		{mMode, Gauge, by("mode"), "1 for the widest write mode of this instance, 0 for the others."},

		{mStoreUp, Gauge, nil, "1 while the store answers; without it the figures from the store are missing."},
		{mRecords, Gauge, by("connector"), "Records that are there."},
		{mItems, Gauge, nil, "Items of the last run."},
		{mFeedback, Gauge, nil, "Rows of feedback that are stored."},
		{mReadLag, Gauge, by("connector", "stream"), "Time since the stream was last read with success; of the stream deliveries, since one was last unpacked. Missing until it was read once."},
		{mStale, Gauge, by("connector", "stream"), "1 while the last read of the stream failed."},
		{mNewestAge, Gauge, by("connector"), "Age of the newest change that a stored record tells of. It grows where people rest, too."},
		{mLimit, Gauge, by("connector", "resource"), "How much the service allows in its window."},
		{mLimitLeft, Gauge, by("connector", "resource"), "How much of the limit was left at the last answer."},
		{mLimitKept, Gauge, by("connector", "resource"), "How much of the limit Tandem leaves to people."},
		{mHolds, Gauge, by("connector", "cause"), "Values that Tandem would write and does not."},
		{mHoldAge, Gauge, by("connector", "cause"), "Age of the oldest hold."},
		{mLetters, Gauge, by("connector", "what"), "Records that were not understood (record) and edits that were refused (edit)."},
		{mLetterAge, Gauge, by("connector", "what"), "Age of the oldest of them."},
		{mDayEdits, Gauge, by("connector", "state"), "Edits that were begun within 24 hours, by all processes of the store."},
		{mPending, Gauge, nil, "Edits that wait to be read back."},
		{mHints, Gauge, by("connector"), "Webhooks' reasons to read that wait."},
		{mHintAge, Gauge, by("connector"), "Age of the oldest of them."},
		{mDecideAge, Gauge, nil, "Time since the last run was stored. Runs are stored when something changed, and once a day."},
		{mBrake, Gauge, nil, "1 while the brake keeps edits back until a person looks."},
		{mPaused, Gauge, nil, "1 while writing is paused."},
		{mCopied, Gauge, nil, "1 while nothing is written because the store was copied from somewhere else."},
		{mRetired, Gauge, nil, "Teams and connectors that were retired."},
		{mStoreSize, Gauge, nil, "Size of the store."},
		{mStoreFree, Gauge, nil, "What is left on the disk of the store. Missing where that is not known."},
		{mLeaseExpiry, Gauge, by("duty"), "Time until the lease of the duty ends; somebody renews it long before. Missing where nobody has it."},
		{mLeaseHeld, Gauge, by("duty"), "1 where this node has the duty, 0 where another one has."},
		{mJobs, Gauge, by("kind", "state"), "Jobs in the queue."},
	}
	slices.SortFunc(all, func(a, b Family) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// book finds families by name.
type book map[string]Family

func newBook() book {
	b := book{}
	for _, f := range Families() {
		b[f.Name] = f
	}
	return b
}

func (b book) counter(name string) *prometheus.CounterVec {
	f := b[name]
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: f.Name, Help: f.Help}, f.Labels)
}

func (b book) gauge(name string) *prometheus.GaugeVec {
	f := b[name]
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: f.Name, Help: f.Help}, f.Labels)
}

func (b book) histogram(name string, buckets ...float64) *prometheus.HistogramVec {
	f := b[name]
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: f.Name, Help: f.Help, Buckets: buckets}, f.Labels)
}

func (b book) desc(name string) *prometheus.Desc {
	f := b[name]
	return prometheus.NewDesc(f.Name, f.Help, f.Labels, nil)
}
