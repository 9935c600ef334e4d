package sim

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Gate stands in front of one stand-in. It counts, delays, breaks and records
// what passes.
type Gate struct {
	// Connector is the name under which calls are counted.
	Connector string
	// Now is the clock for the log; required.
	Now func() time.Time
	// Route returns the route template of a request, or "" for none.
	Route func(*http.Request) string
	// Next is the service.
	Next http.Handler
	// Log records the writes.
	Log *Log

	counter counter
	mu      sync.Mutex
	latency func(*http.Request) time.Duration
	fault   func(*http.Request) *Fault
}

// SetLatency delays every request by a fixed time, without using the
// stand-in's clock; 0 ends it.
func (g *Gate) SetLatency(d time.Duration) {
	g.SetLatencyFunc(func(*http.Request) time.Duration { return d })
}

// SetLatencyFunc delays requests by what the function says.
func (g *Gate) SetLatencyFunc(latency func(*http.Request) time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.latency = latency
}

// SetFault installs the hook that may break requests; nil removes it. The hook
// may ask CallOf for the route.
func (g *Gate) SetFault(fault func(*http.Request) *Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fault = fault
}

// Counts returns the calls by route and method.
func (g *Gate) Counts() []Count { return g.counter.list() }

// Calls returns how often a route was called; an empty method or route counts
// all.
func (g *Gate) Calls(method, route string) int {
	n := 0
	for _, c := range g.Counts() {
		if (method == "" || c.Method == method) && (route == "" || c.Route == route) {
			n += c.Calls
		}
	}
	return n
}

// ResetCounts starts counting anew. The log of writes stays.
func (g *Gate) ResetCounts() { g.counter.reset() }

func (g *Gate) hooks() (func(*http.Request) time.Duration, func(*http.Request) *Fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.latency, g.fault
}

// ServeHTTP lets one request through.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	call := &Call{Route: g.Route(r)}
	ctx := withCall(r.Context(), call)
	r = r.WithContext(ctx)
	latency, hook := g.hooks()
	if latency != nil && !wait(ctx, latency(r)) {
		g.counter.add(g.Connector, r.Method, call.Route, 0, false)
		panic(http.ErrAbortHandler)
	}
	var fault *Fault
	if hook != nil {
		fault = hook(r)
	}
	answer := &answer{header: http.Header{}}
	if fault.reaches() {
		g.Next.ServeHTTP(answer, r)
		g.record(r, call, answer.statusCode(), fault)
	}
	g.send(w, r, call, answer, fault)
}

func (g *Gate) record(r *http.Request, call *Call, status int, fault *Fault) {
	if !call.Write {
		return
	}
	lost := ""
	if fault != nil && (fault.Drop || fault.Cut > 0 || fault.Status > 0) {
		lost = fault.Name
	}
	g.Log.Add(Write{
		At: g.Now(), Connector: g.Connector, Actor: call.Actor, Service: call.Service, Method: r.Method,
		Route: call.Route, Path: r.URL.Path, Status: status, Lost: lost, Effects: call.Effects,
	})
}

// send writes the answer as the fault leaves it.
func (g *Gate) send(w http.ResponseWriter, r *http.Request, call *Call, real *answer, fault *Fault) {
	status, header, body := real.statusCode(), real.header, real.body
	if fault != nil {
		if fault.Status > 0 {
			status, header, body = fault.Status, fault.Header.Clone(), []byte(fault.Body)
		}
		if header == nil {
			header = http.Header{}
		}
		header.Set(FaultHeader, cmp.Or(fault.Name, "fault"))
		if !wait(r.Context(), fault.Delay) || fault.Drop {
			g.counter.add(g.Connector, r.Method, call.Route, 0, true)
			panic(http.ErrAbortHandler)
		}
	}
	g.counter.add(g.Connector, r.Method, call.Route, status, fault != nil)
	maps.Copy(w.Header(), header)
	if bodyAllowed(status) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	if fault != nil && fault.Cut > 0 && fault.Cut < len(body) {
		_, _ = w.Write(body[:fault.Cut])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	if bodyAllowed(status) && r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// wait reports whether the time passed before the caller gave up.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer holds what a service said until the gate lets it out.
type answer struct {
	header http.Header
	status int
	body   []byte
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, p...)
	return len(p), nil
}

func (a *answer) statusCode() int {
	if a.status == 0 {
		return http.StatusOK
	}
	return a.status
}
