package connectortest

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"tandem/connectors"
	"tandem/internal/work"
)

// statuses are all that HTTP knows.
func statuses() []int {
	var all []int
	for s := 100; s <= 599; s++ {
		all = append(all, s)
	}
	return all
}

// isHTTP tells whether the world's connector uses the Lab's transport.
func (s Suite) isHTTP(t *testing.T) bool {
	t.Helper()
	used := false
	s.inBubble(t, func(t *testing.T, lab *Lab, w World) {
		t.Helper()
		for stream := range w.IDs {
			w.read(t, lab, stream, nil)
		}
		used = len(lab.Calls()) > 0
	})
	return used
}

// readStatuses answers all requests with each status: a failed read is an
// error and never an empty source.
func (s Suite) readStatuses(t *testing.T) {
	t.Helper()
	t.Parallel()
	if !s.isHTTP(t) {
		t.Skip("this connector uses no HTTP")
	}
	for _, status := range statuses() {
		s.inBubble(t, func(t *testing.T, lab *Lab, w World) {
			t.Helper()
			lab.breakWith(func(r *http.Request, _ func() *http.Response) (*http.Response, error) { return Answer(r, status), nil })
			for stream := range w.IDs {
				pages, err := walk(t, lab, w.Connector.Source.Pages(t.Context(), stream, nil))
				if err == nil {
					t.Errorf("status %d: %s gave %d pages and no error", status, stream, len(pages))
				}
				if slices.ContainsFunc(pages, func(p connectors.Page) bool { return p.Done }) {
					t.Errorf("status %d: %s says that it is done", status, stream)
				}
			}
			findings := w.Connector.Checker.Check(t.Context())
			lab.hear(findings)
			if !slices.ContainsFunc(findings, func(f work.Finding) bool { return f.Level == work.Fatal && f.Remedy != "" }) {
				t.Errorf("status %d: the check finds nothing fatal with a remedy: %+v", status, findings)
			}
		})
	}
}

// writeStatuses answers writes with each status, and then all requests, so
// that reading before a write fails too.
func (s Suite) writeStatuses(t *testing.T) {
	t.Helper()
	t.Parallel()
	if !s.isHTTP(t) {
		t.Skip("this connector uses no HTTP")
	}
	for _, status := range statuses() {
		for _, all := range []bool{false, true} {
			s.inBubble(t, func(t *testing.T, lab *Lab, w World) {
				t.Helper()
				w.skipWithoutSink(t)
				lab.breakWith(func(r *http.Request, _ func() *http.Response) (*http.Response, error) {
					if all || w.isWrite(r) {
						return Answer(r, status), nil
					}
					return nil, nil
				})
				for _, r := range w.send(t.Context(), t, lab, w.Edits) {
					checkOutcome(t, status, all, r)
				}
			})
		}
	}
}

// checkOutcome knows what each state would mean for an edit that was answered
// with the status and did not arrive.
func checkOutcome(t *testing.T, status int, all bool, r work.Result) {
	t.Helper()
	where := fmt.Sprintf("status %d (all requests: %v): %s, %s", status, all, r.State, r.Detail)
	done := r.State == work.Applied || r.State == work.Unchanged
	final := done || r.State == work.Rejected || r.State == work.Conflict
	switch {
	case status >= 300 && done:
		t.Error(where, "– it was not done")
	case (status >= 500 || status < 200) && final:
		t.Error(where, "– the service may have done it; want unknown, or deferred if nothing was sent")
	case status == http.StatusTooManyRequests && r.State != work.Deferred:
		t.Error(where, "– want deferred")
	case status == http.StatusUnauthorized && r.State != work.Deferred:
		t.Error(where, "– a credential that expired must not make dead letters of all edits; want deferred")
	case status >= 400 && status < 500 && r.State == work.Uncertain && all:
		t.Error(where, "– nothing was sent; want deferred or rejected")
	}
}

// lostAnswer lets writes arrive and loses what the service says.
func (s Suite) lostAnswer(t *testing.T, lab *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	lost := false
	lab.breakWith(func(r *http.Request, serve func() *http.Response) (*http.Response, error) {
		if !w.isWrite(r) {
			return nil, nil
		}
		lost = true
		_ = serve().Body.Close()
		return nil, fmt.Errorf("read tcp: connection reset by peer")
	})
	results := w.send(t.Context(), t, lab, w.Edits)
	lab.breakWith(nil)
	now := w.records(t, lab)
	for _, e := range w.Edits {
		r := results[e.ID]
		arrived := shows(now[e.Target.RefID], e, s.Definition.Schema.LabelsFold)
		if lost && r.State != work.Uncertain && r.State != work.Unchanged && (r.State != work.Deferred || arrived) {
			t.Errorf("edit %s: %s (%s), want unknown; it did arrive: %v", e.ID, r.State, r.Detail, arrived)
		}
	}
}

// unreachable refuses every connection.
func (s Suite) unreachable(t *testing.T, lab *Lab, w World) {
	t.Helper()
	w.skipWithoutSink(t)
	called := false
	lab.breakWith(func(*http.Request, func() *http.Response) (*http.Response, error) {
		called = true
		return nil, refused()
	})
	for id, r := range w.send(t.Context(), t, lab, w.Edits) {
		if called && r.State != work.Deferred && r.State != work.Uncertain {
			t.Errorf("edit %s: %s (%s), want deferred", id, r.State, r.Detail)
		}
	}
	for stream := range w.IDs {
		if pages, err := walk(t, lab, w.Connector.Source.Pages(t.Context(), stream, nil)); called && err == nil {
			t.Errorf("%s: %d pages without a service", stream, len(pages))
		}
	}
}
