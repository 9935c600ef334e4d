package view

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// Status counts what there is.
type Status struct {
	Instance string `json:"instance"`
	Version  string `json:"version"`
	Paused   bool   `json:"paused"`
	// By whom and why are texts of people: for those inside.
	PausedBy  string         `json:"paused_by,omitempty"`
	PausedWhy string         `json:"paused_because,omitempty"`
	Retired   []string       `json:"retired"`
	Closed    []plan.Closure `json:"closed"`
	Items     int            `json:"items"`
	Records   map[string]int `json:"records"`
	Feedback  int            `json:"feedback"`
	// Heard counts rows of feedback and insights, by connector.
	Heard       map[string]int     `json:"heard"`
	Holds       map[work.Cause]int `json:"holds"`
	DeadLetters int                `json:"dead_letters"`
	Pending     int                `json:"pending"`
	Approved    int                `json:"approved"`
	Sent        int                `json:"sent_24h"`
	Unapproved  int                `json:"sent_24h_unapproved"`
	Overrides   int                `json:"overrides"`
	Objections  int                `json:"objections"`
	Ending      int                `json:"overrides_ending"`
	// Late counts items that wait for somebody longer than was agreed, of those
	// the visitor may see; who must act is for those inside.
	Late      int               `json:"late"`
	LastRun   int64             `json:"last_run"`
	LastRunAt time.Time         `json:"last_run_at,omitzero"`
	Streams   []Stream          `json:"streams"`
	Limits    []work.LimitState `json:"limits"`
}

// Stream is how far a stream of a connector was read.
type Stream struct {
	Connector string    `json:"connector"`
	Stream    string    `json:"stream"`
	LastRead  time.Time `json:"last_read,omitzero"`
	Failed    bool      `json:"failed"`
	Whole     bool      `json:"whole"`
	// Failure may repeat what a service said of anything.
	Failure string `json:"failure,omitempty"`
}

// Status counts what there is.
func (vi *Visit) Status() (Status, error) {
	o, err := vi.desk.conf.Store.Status(vi.ctx)
	if err != nil {
		return Status{}, err
	}
	v := Status{
		Instance: o.Instance, Version: vi.desk.conf.Version, Paused: o.Paused, Retired: append([]string{}, o.Retired...), Closed: []plan.Closure{},
		Items: o.Items, Records: o.Records, Feedback: o.Feedback, Heard: o.Heard, Holds: o.Holds, DeadLetters: o.DeadLetters, Pending: o.Pending,
		Approved: o.Approved, Sent: o.SentToday, Unapproved: o.Unapproved,
		Overrides: o.Overrides, Objections: o.Objections, Ending: o.Ending, LastRun: o.LastRun, LastRunAt: o.LastRunAt,
		Streams: []Stream{}, Limits: append([]work.LimitState{}, o.Limits...),
	}
	if vi.sees(work.Internal) {
		v.PausedBy, v.PausedWhy = o.PausedBy, o.PausedWhy
		v.Closed = append(v.Closed, vi.desk.conf.Closed()...)
	}
	if v.Late, err = vi.late(); err != nil {
		return Status{}, err
	}
	for _, s := range o.Streams {
		stream := Stream{Connector: s.Connector, Stream: s.Stream, LastRead: s.LastRead, Failed: s.Failure != "", Whole: s.Whole}
		if vi.sees(work.Restricted) {
			stream.Failure = s.Failure
		}
		v.Streams = append(v.Streams, stream)
	}
	return v, nil
}

// late counts what waits too long. Who sees everything is told what the last run
// counted: whoever asks again and again whether all is well needs no decision.
func (vi *Visit) late() (int, error) {
	if vi.sees(work.Restricted) {
		run, _, _, err := vi.desk.conf.Store.Newest(vi.ctx)
		n := 0
		for _, l := range run.Late {
			n += l.Count
		}
		return n, err
	}
	l, err := vi.lens()
	if err != nil {
		return 0, err
	}
	n, hidden := 0, 0
	sees := l.duties(&hidden)
	for _, d := range l.outcome.Items {
		if d.Overdue() && sees(d) {
			n++
		}
	}
	return n, nil
}

// Leases are who does what.
type Leases struct {
	Leases []work.Lease `json:"leases"`
}

// Leases lists which node does what.
func (vi *Visit) Leases() (Leases, error) {
	all := Leases{[]work.Lease{}}
	if vi.desk.conf.Leases != nil {
		held, err := vi.desk.conf.Leases(vi.ctx)
		if err != nil {
			return Leases{}, err
		}
		all.Leases = append(all.Leases, held...)
	}
	return all, nil
}
