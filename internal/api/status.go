package api

import (
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

type statusView struct {
	Instance string `json:"instance"`
	Version  string `json:"version"`
	Paused   bool   `json:"paused"`
	// By whom and why are texts of people: for those inside.
	PausedBy    string             `json:"paused_by,omitempty"`
	PausedWhy   string             `json:"paused_because,omitempty"`
	Retired     []string           `json:"retired"`
	Closed      []plan.Closure     `json:"closed"`
	Items       int                `json:"items"`
	Records     map[string]int     `json:"records"`
	Feedback    int                `json:"feedback"`
	Holds       map[work.Cause]int `json:"holds"`
	DeadLetters int                `json:"dead_letters"`
	Pending     int                `json:"pending"`
	Approved    int                `json:"approved"`
	Sent        int                `json:"sent_24h"`
	Unapproved  int                `json:"sent_24h_unapproved"`
	Overrides   int                `json:"overrides"`
	Objections  int                `json:"objections"`
	Ending      int                `json:"overrides_ending"`
	LastRun     int64              `json:"last_run"`
	LastRunAt   time.Time          `json:"last_run_at,omitzero"`
	Streams     []streamView       `json:"streams"`
	Limits      []work.LimitState  `json:"limits"`
}

type streamView struct {
	Connector string    `json:"connector"`
	Stream    string    `json:"stream"`
	LastRead  time.Time `json:"last_read,omitzero"`
	Failed    bool      `json:"failed"`
	Whole     bool      `json:"whole"`
	// Failure may repeat what a service said of anything.
	Failure string `json:"failure,omitempty"`
}

// status counts what there is.
func (a *API) status(c *call) (any, error) {
	o, err := a.Store.Status(c.Context())
	if err != nil {
		return nil, err
	}
	v := statusView{
		Instance: o.Instance, Version: a.Version, Paused: o.Paused, Retired: append([]string{}, o.Retired...), Closed: []plan.Closure{},
		Items: o.Items, Records: o.Records, Feedback: o.Feedback, Holds: o.Holds, DeadLetters: o.DeadLetters, Pending: o.Pending,
		Approved: o.Approved, Sent: o.SentToday, Unapproved: o.Unapproved,
		Overrides: o.Overrides, Objections: o.Objections, Ending: o.Ending, LastRun: o.LastRun, LastRunAt: o.LastRunAt,
		Streams: []streamView{}, Limits: append([]work.LimitState{}, o.Limits...),
	}
	if c.sees(work.Internal) {
		v.PausedBy, v.PausedWhy = o.PausedBy, o.PausedWhy
		v.Closed = append(v.Closed, a.Closed()...)
	}
	for _, s := range o.Streams {
		stream := streamView{Connector: s.Connector, Stream: s.Stream, LastRead: s.LastRead, Failed: s.Failure != "", Whole: s.Whole}
		if c.sees(work.Restricted) {
			stream.Failure = s.Failure
		}
		v.Streams = append(v.Streams, stream)
	}
	return v, nil
}

// leases lists which node does what.
func (a *API) leases(c *call) (any, error) {
	all := []work.Lease{}
	if a.Leases != nil {
		held, err := a.Leases(c.Context())
		if err != nil {
			return nil, err
		}
		all = append(all, held...)
	}
	return map[string]any{"leases": all}, nil
}
