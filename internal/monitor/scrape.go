package monitor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"tandem/internal/work"
)

const (
	// keptFor is how long one reading of the store answers all who ask.
	keptFor = 2 * time.Second
	// scrapeTime is the longest that a scrape may wait for the store.
	scrapeTime = 10 * time.Second
)

// state is what the store, the queue and the leases told at one moment.
type state struct {
	figures work.Figures
	jobs    []work.JobCount
	leases  []work.Lease
	at      time.Time
	err     error
}

// reading asks them, at most once in a few seconds.
type reading struct {
	config Config

	mu   sync.Mutex
	last state
}

// now returns how things stand; those who ask side by side wait for one
// answer.
func (r *reading) now(ctx context.Context) state {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.config.Now()
	if age := now.Sub(r.last.at); !r.last.at.IsZero() && age >= 0 && age < keptFor {
		return r.last
	}
	ctx, cancel := context.WithTimeout(ctx, scrapeTime)
	defer cancel()
	s := state{at: now}
	if r.config.Store == nil {
		s.err = errors.New("there is no store")
	} else {
		s.figures, s.err = r.config.Store.Figures(ctx)
	}
	if r.config.Queue != nil && s.err == nil {
		s.jobs, s.err = r.config.Queue.Jobs(ctx)
	}
	if r.config.Leases != nil && s.err == nil {
		s.leases, s.err = r.config.Leases.Held(ctx)
	}
	r.last = s
	return s
}

// scrape turns a reading into metrics.
type scrape struct {
	reading *reading
	node    func() string
	descs   map[string]*prometheus.Desc
}

func newScrape(b book, r *reading, node func() string) *scrape {
	s := &scrape{reading: r, node: node, descs: map[string]*prometheus.Desc{}}
	for _, name := range []string{
		mStoreUp, mRecords, mItems, mFeedback, mReadLag, mStale, mNewestAge, mLimit, mLimitLeft, mLimitKept, mHolds, mHoldAge, mLetters,
		mLetterAge, mDayEdits, mPending, mHints, mHintAge, mDecideAge, mBrake, mPaused, mCopied, mRetired, mStoreSize, mStoreFree,
		mLeaseExpiry, mLeaseHeld, mJobs,
	} {
		s.descs[name] = b.desc(name)
	}
	return s
}

// Describe names the metrics (prometheus.Collector).
func (s *scrape) Describe(to chan<- *prometheus.Desc) {
	for _, d := range s.descs {
		to <- d
	}
}

// Collect reads the store and shows what it knows (prometheus.Collector). A
// store that does not answer shows nothing but that.
func (s *scrape) Collect(to chan<- prometheus.Metric) {
	now := s.reading.now(context.Background())
	show := shower{descs: s.descs, to: to, at: now.at}
	show.gauge(mStoreUp, truth(now.err == nil))
	if now.err != nil {
		return
	}
	show.overview(&now.figures)
	show.figures(&now.figures)
	for _, d := range now.jobs {
		show.gauge(mJobs, float64(d.Count), d.Kind, d.State)
	}
	for _, l := range now.leases {
		show.gauge(mLeaseExpiry, l.Expires.Sub(now.at).Seconds(), l.Duty)
		show.gauge(mLeaseHeld, truth(l.Node == s.node()), l.Duty)
	}
}

// shower hands out metrics of one moment.
type shower struct {
	descs map[string]*prometheus.Desc
	to    chan<- prometheus.Metric
	at    time.Time
}

func (s shower) gauge(name string, v float64, labels ...string) {
	s.to <- prometheus.MustNewConstMetric(s.descs[name], prometheus.GaugeValue, v, labels...)
}

// age shows how long ago something was, where it was.
func (s shower) age(name string, since time.Time, labels ...string) {
	if !since.IsZero() {
		s.gauge(name, s.at.Sub(since).Seconds(), labels...)
	}
}

func (s shower) overview(o *work.Figures) {
	for connector, n := range o.Records {
		s.gauge(mRecords, float64(n), connector)
	}
	s.gauge(mItems, float64(o.Items))
	s.gauge(mFeedback, float64(o.Feedback))
	s.gauge(mPending, float64(o.Pending))
	s.gauge(mPaused, truth(o.Paused))
	s.gauge(mRetired, float64(len(o.Retired)))
	s.age(mDecideAge, o.LastRunAt)
	for _, st := range o.Streams {
		s.age(mReadLag, st.LastRead, st.Connector, st.Stream)
		s.gauge(mStale, truth(st.Failure != ""), st.Connector, st.Stream)
	}
	for _, l := range o.Limits {
		left := l.Remaining
		if !l.Reset.IsZero() && !s.at.Before(l.Reset) {
			left = l.Limit
		}
		s.gauge(mLimit, float64(l.Limit), l.Connector, l.Resource)
		s.gauge(mLimitLeft, float64(left), l.Connector, l.Resource)
		s.gauge(mLimitKept, float64(l.Reserve), l.Connector, l.Resource)
	}
}

func (s shower) figures(f *work.Figures) {
	for connector, at := range f.Newest {
		s.age(mNewestAge, at, connector)
	}
	for _, p := range f.Held {
		s.gauge(mHolds, float64(p.Count), p.Connector, p.Kind)
		s.age(mHoldAge, p.Oldest, p.Connector, p.Kind)
	}
	for _, p := range f.Letters {
		s.gauge(mLetters, float64(p.Count), p.Connector, p.Kind)
		s.age(mLetterAge, p.Oldest, p.Connector, p.Kind)
	}
	for _, p := range f.Day {
		s.gauge(mDayEdits, float64(p.Count), p.Connector, p.Kind)
	}
	for _, p := range f.Hints {
		s.gauge(mHints, float64(p.Count), p.Connector)
		s.age(mHintAge, p.Oldest, p.Connector)
	}
	s.gauge(mBrake, truth(f.Brake != ""))
	s.gauge(mCopied, truth(f.Copied != nil))
	if f.Bytes >= 0 {
		s.gauge(mStoreSize, float64(f.Bytes))
	}
	if f.Free >= 0 {
		s.gauge(mStoreFree, float64(f.Free))
	}
}
