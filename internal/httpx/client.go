package httpx

import (
	"log/slog"
	"net/http"
	"time"
)

// The defaults and limits of a client.
const (
	defaultTimeout  = 30 * time.Second
	defaultMaxWait  = 30 * time.Second
	defaultRetryMax = 4
	baseWait        = 500 * time.Millisecond
	maxBody         = 64 << 20
	maxRedirects    = 5
)

// Options say how a client behaves. The zero value of a field is its default.
type Options struct {
	// Name is the connector's name, for errors and logs.
	Name string
	// Transport carries the requests; nil is a clone of http.DefaultTransport.
	Transport http.RoundTripper
	// Log hears of retries at Debug; may be nil.
	Log *slog.Logger
	// UserAgent is sent with each request, "tandem" by default.
	UserAgent string
	// Authorize sets the credentials on each try; may be nil.
	Authorize func(*http.Request) error
	// Timeout bounds one try, its body included; 30 s by default.
	Timeout time.Duration
	// RetryMax is the number of repeats after the first try: 4 by default,
	// none if negative.
	RetryMax int
	// MaxWait caps one wait, Retry-After included; 30 s by default. A longer
	// one is returned at once as a *LimitError.
	MaxWait time.Duration
	// Reserve is the share of the service's limit that is left to people, such
	// as 0.2: below it requests wait. None by default.
	Reserve float64
	// Gauge shows how that limit stands; may be nil.
	Gauge *Gauge
}

func (o Options) withDefaults() Options {
	if o.Transport == nil {
		o.Transport = network()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Log = o.Log.With("connector", o.Name)
	if o.UserAgent == "" {
		o.UserAgent = "tandem"
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.RetryMax == 0 {
		o.RetryMax = defaultRetryMax
	}
	o.RetryMax = max(o.RetryMax, 0)
	if o.MaxWait <= 0 {
		o.MaxWait = defaultMaxWait
	}
	return o
}

// network returns the transport to the real world.
func network() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 16 // a connector talks to one host
	return t
}

// New builds a client. It is safe for concurrent use.
func New(o Options) *http.Client {
	o = o.withDefaults()
	b := &budget{reserve: o.Reserve, gauge: o.Gauge}
	one := &http.Client{
		Transport: oneTry{o, b},
		Timeout:   o.Timeout,
		// The outer client decides about redirects.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &http.Client{
		Transport:     retrying{options: o, one: one, budget: b},
		CheckRedirect: redirectRule(o),
	}
}
