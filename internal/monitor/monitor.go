package monitor

import (
	"context"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"tandem/internal/work"
)

// Store is what is counted at a scrape.
type Store interface {
	Figures(ctx context.Context) (work.Figures, error)
}

// Queue tells how many jobs there are.
type Queue interface {
	// Jobs counts the jobs that are not over, by kind and state. Both are of a
	// short fixed list.
	Jobs(ctx context.Context) ([]work.JobCount, error)
}

// Leases tells which node does what.
type Leases interface {
	Held(ctx context.Context) ([]work.Lease, error)
}

// Config is what a Monitor is made of.
type Config struct {
	Version string
	// Write is the widest write mode of the instance.
	Write work.WriteMode
	// Connectors are the names of those that are configured.
	Connectors []string
	// Silent are those of them that only take deliveries: nobody reads them.
	Silent []string
	Store  Store
	// Queue and Leases may be nil.
	Queue  Queue
	Leases Leases
	// Quiet is how long nothing may move before Tandem counts as stuck; five
	// minutes where it is 0. It must be longer than the longest pause.
	Quiet time.Duration
	Now   func() time.Time
}

// Monitor shows how one process is.
type Monitor struct {
	*Recorder

	config   Config
	registry *prometheus.Registry
	reading  *reading
}

// usualQuiet is how long nothing may move, where nobody says.
const usualQuiet = 5 * time.Minute

// New returns a Monitor with a registry of its own.
func New(c Config) *Monitor {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Quiet == 0 {
		c.Quiet = usualQuiet
	}
	b := newBook()
	m := &Monitor{Recorder: newRecorder(b, c.Now), config: c, registry: prometheus.NewRegistry(), reading: &reading{config: c}}
	build, mode := b.gauge(mBuild), b.gauge(mMode)
	build.WithLabelValues(c.Version, runtime.Version()).Set(1)
	for _, w := range []work.WriteMode{work.Observe, work.Propose, work.Auto} {
		mode.WithLabelValues(w.String()).Set(truth(w == max(c.Write, work.Observe)))
	}
	m.registry.MustRegister(build, mode, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newScrape(b, m.reading, m.name))
	m.registry.MustRegister(m.collectors()...)
	return m
}

// Registry returns what the metrics are gathered from.
func (m *Monitor) Registry() *prometheus.Registry { return m.registry }

// Metrics answers scrapes.
func (m *Monitor) Metrics() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: scrapeTime})
}

// Routes are the handlers by what they answer, for a server that has others.
func (m *Monitor) Routes() map[string]http.Handler {
	return map[string]http.Handler{"GET /metrics": m.Metrics(), "GET /healthz": m.Health(), "GET /readyz": m.Ready()}
}

// Handler answers /metrics, /healthz and /readyz.
func (m *Monitor) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range m.Routes() {
		mux.Handle(pattern, h)
	}
	return mux
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
