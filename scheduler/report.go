package scheduler

import (
	"sync"
	"sync/atomic"
	"time"

	"tandem/internal/engine"
	"tandem/internal/work"
)

// Report is what one cycle did.
type Report struct {
	mu *sync.Mutex
	// until is when the slice ends of a step; zero in a whole cycle. halted and
	// yields end it sooner.
	until  time.Time
	halted *atomic.Bool
	yields func(now time.Time) bool

	// Reads is what each connector brought.
	Reads map[string]work.Saved
	// Findings are what connectors noticed while they read, such as a priority
	// that was renamed.
	Findings []work.Finding
	// Failures are reads that failed, by connector.
	Failures map[string]error
	// Hinted counts records that were read because a service announced them.
	Hinted int
	// Census is what a census found, by connector, where one was due.
	Census map[string]Census
	// Outcome is what was decided; Evaluated is false where nothing changed
	// and the last outcome still stands.
	Outcome   *engine.Outcome
	Evaluated bool
	// Run is what was decided as it is kept, where Evaluated.
	Run *engine.Run
	// More says that a step ended before its work, since its slice was over.
	More bool
	// Sent counts edits that were handed to a service, Results by state.
	Sent    int
	Results map[work.ResultState]int
	// Paused says who paused writing while edits were on their way, and why:
	// those that had begun are finished, the rest stays planned. It is empty
	// where nobody did.
	Paused string
	// Refused are edits that failed for good or met a conflict.
	Refused []Refusal
	// Left counts edits that could go out and were not sent: they wait behind
	// one that did not go through, or for a pause to end.
	Left int
	Took time.Duration
	// Deciding is the part of it that the evaluation took; 0 where nothing was
	// evaluated.
	Deciding time.Duration
}

// Refusal is an edit that did not go through.
type Refusal struct {
	Edit   work.Edit
	Result work.Result
}

func newReport() Report {
	return Report{
		mu: &sync.Mutex{}, Reads: map[string]work.Saved{}, Failures: map[string]error{}, Results: map[work.ResultState]int{},
		Census: map[string]Census{},
	}
}

func (r *Report) read(connector string, s work.Saved) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := r.Reads[connector]
	sum.New += s.New
	sum.Changed += s.Changed
	sum.Same += s.Same
	sum.Older += s.Older
	sum.Feedback += s.Feedback
	sum.Rejects += s.Rejects
	r.Reads[connector] = sum
}

func (r *Report) noticed(findings []work.Finding) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Findings = append(r.Findings, findings...)
}

func (r *Report) fail(connector string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Failures[connector] = err
}

func (r *Report) results(edits []work.Edit, results []work.Result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, res := range results {
		r.Results[res.State]++
		if res.State != work.Deferred {
			r.Sent++
		}
		if res.State != work.Applied && res.State != work.Unchanged {
			r.Refused = append(r.Refused, Refusal{edits[i], res})
		}
	}
}

// paused notes that writing was paused meanwhile.
func (r *Report) paused(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Paused = err.Error()
}

// over reports whether a step begins nothing new, and notes that there is more.
func (r *Report) over(now time.Time) bool {
	if r.until.IsZero() || now.Before(r.until) && !r.halted.Load() && (r.yields == nil || !r.yields(now)) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.More = true
	return true
}

// unsettled returns the records of edits that are not plainly done.
func (r *Report) unsettled() map[work.RefID]bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	refs := make(map[work.RefID]bool, len(r.Refused))
	for _, refusal := range r.Refused {
		refs[refusal.Edit.Target.RefID] = true
	}
	return refs
}

// Applied counts edits that arrived.
func (r *Report) Applied() int { return r.Results[work.Applied] + r.Results[work.Unchanged] }

// Failed counts edits that a service refused.
func (r *Report) Failed() int { return r.Results[work.Rejected] }
