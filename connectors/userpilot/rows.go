package userpilot

import (
	"iter"
	"maps"

	"tandem/connectors"
	"tandem/internal/work"
)

// rows are what a job is turned into, in an order that the same events give
// again.
type rows struct {
	feedback []work.Feedback
	metrics  []work.Metric
	rejects  []work.Reject
	findings []work.Finding
}

// collector gathers what the events of a job say.
type collector interface {
	part() (take func(event), keep func())
	rows(f frame, j job) (rows, bool)
	size() int
}

func (r rows) count() int { return len(r.feedback) + len(r.metrics) }

// page is a stretch of the rows; what was noticed is on the first.
func (r rows) page(from, to int) connectors.Page {
	var p connectors.Page
	if len(r.feedback) > 0 {
		p.Feedback = r.feedback[from:to]
	}
	if len(r.metrics) > 0 {
		p.Metrics = r.metrics[from:to]
	}
	if from == 0 {
		p.Rejects, p.Findings = r.rejects, r.findings
	}
	return p
}

func keysOf[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }
