package connectors

import (
	"context"

	"tandem/internal/work"
)

// DryRun returns the connector with a Sink that writes nothing and reports
// every edit as deferred. Everything else is untouched.
func DryRun(c Connector) Connector {
	if c.Sink != nil {
		c.Sink = drySink{c.Sink}
	}
	c.Sweeper = nil
	return c
}

type drySink struct{ real Sink }

func (d drySink) Batches(edits []work.Edit) [][]work.Edit { return d.real.Batches(edits) }

func (d drySink) Send(_ context.Context, batch []work.Edit) []work.Result {
	results := make([]work.Result, len(batch))
	for i, e := range batch {
		results[i] = work.Result{EditID: e.ID, State: work.Deferred, Scope: "connector", Detail: "dry run: nothing was sent"}
	}
	return results
}
