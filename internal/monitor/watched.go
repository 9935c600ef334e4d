package monitor

import (
	"context"
	"iter"

	"tandem/connectors"
	"tandem/internal/work"
)

// Watched returns the connector with a Source and a Sink that count. All else
// is untouched.
func (r *Recorder) Watched(name string, c connectors.Connector) connectors.Connector {
	if c.Source != nil {
		c.Source = source{c.Source, name, r}
	}
	if c.Sink != nil {
		c.Sink = sink{c.Sink, name, r}
	}
	return c
}

type source struct {
	real connectors.Source
	name string
	to   *Recorder
}

// Pages counts what the real source yields.
func (s source) Pages(ctx context.Context, stream string, from connectors.Cursor) iter.Seq2[connectors.Page, error] {
	return func(yield func(connectors.Page, error) bool) {
		for page, err := range s.real.Pages(ctx, stream, from) {
			switch {
			case err == nil:
				s.to.page(s.name, len(page.Records), len(page.Feedback))
			case ctx.Err() == nil:
				s.to.failures.WithLabelValues(s.name).Inc()
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

type sink struct {
	connectors.Sink

	name string
	to   *Recorder
}

// Send counts what became of the edits.
func (s sink) Send(ctx context.Context, batch []work.Edit) []work.Result {
	results := s.Sink.Send(ctx, batch)
	s.to.results(s.name, results)
	return results
}
