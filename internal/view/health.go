package view

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/work"
)

// Trouble is one thing that is not as it should be, in plain words.
type Trouble struct {
	// Severity is stopped, warning or note; Code names the kind, and About the
	// connector.
	Severity, Code, About, What, Remedy string
}

// Inspection is what a look at the whole finds.
type Inspection struct {
	Troubles []Trouble
	Jobs     []work.JobCount
	// Every is the usual time between two polls, by connector.
	Every map[string]time.Duration
	// Census is what the last census of a connector found; none where there was
	// none.
	Census map[string]work.CensusFound
}

// Health is how Tandem is.
type Health struct {
	Status

	Troubles   []Trouble
	Connectors []ConnectorHealth
	Jobs       []work.JobCount
	Leases     []work.Lease
	Letters    []Letter
	Holds      []HoldAge
	Approvals  []Approval
	// Hidden says that causes are left out, which may repeat what a service said
	// of anything.
	Hidden bool
}

// ConnectorHealth is how far a connector was read, and how much it may still ask.
type ConnectorHealth struct {
	Name    string
	Records int
	// Heard counts rows of feedback and insights.
	Heard int
	// LastRead is that of the stream that was read last, and Every the usual time
	// between two polls.
	LastRead time.Time
	Every    time.Duration
	Failed   bool
	// Unread says that nothing was read yet.
	Unread  bool
	Failure string
	Streams []Stream
	Limits  []work.LimitState
	// Census is what the last census found; nil where none was taken yet.
	// Uncounted says that the newest one came to nothing, and CensusFailure why.
	Census        *work.CensusFound
	Uncounted     bool
	CensusFailure string
}

// HoldAge is how many holds of a cause there are, and since when the oldest
// stands. The oldest is not told of holds that the visitor may not see.
type HoldAge struct {
	Cause  work.Cause
	Count  int
	Oldest time.Time
}

// censusStream is the stream of what is counted, and not read.
const censusStream = "census"

// The lengths of lists on the page.
const (
	mostLetters   = 50
	mostApprovals = 20
)

// Health tells how Tandem is.
func (vi *Visit) Health() (Health, error) {
	status, err := vi.Status()
	if err != nil {
		return Health{}, err
	}
	h := Health{Status: status, Hidden: !vi.sees(work.Restricted)}
	if err := vi.inspect(&h); err != nil {
		return Health{}, err
	}
	leases, err := vi.Leases()
	if err != nil {
		return Health{}, err
	}
	if h.Leases = leases.Leases; !vi.sees(work.Internal) {
		h.Leases = nil // names of machines
	}
	letters, err := vi.DeadLetters(mostLetters)
	if err != nil {
		return Health{}, err
	}
	h.Letters = letters.Letters
	approvals, err := vi.Approvals(mostApprovals)
	if err != nil {
		return Health{}, err
	}
	h.Approvals = slices.DeleteFunc(approvals.Approvals, func(a Approval) bool { return !a.Ended.IsZero() })
	h.Holds, err = vi.holdAges()
	return h, err
}

// inspect adds what a look at the whole finds.
func (vi *Visit) inspect(h *Health) error {
	found := Inspection{}
	if look := vi.desk.conf.Inspect; look != nil {
		var err error
		if found, err = look(vi.ctx); err != nil {
			return err
		}
	}
	h.Jobs = found.Jobs
	for _, t := range found.Troubles {
		if h.Hidden {
			t.What, t.Remedy = troubleWords(t.Code), "somebody who sees everything finds the cause and the remedy here; tandem status tells them too"
		}
		t.What = strings.TrimPrefix(t.What, t.About+": ") // the page names it beside
		h.Troubles = append(h.Troubles, t)
	}
	byName := map[string]*ConnectorHealth{}
	of := func(name string) *ConnectorHealth {
		if byName[name] == nil {
			byName[name] = &ConnectorHealth{Name: name, Every: found.Every[name], Records: h.Records[name], Heard: h.Heard[name]}
			if census, taken := found.Census[name]; taken {
				byName[name].Census = &census
			}
		}
		return byName[name]
	}
	for name := range found.Every {
		of(name)
	}
	for _, s := range h.Streams {
		c := of(s.Connector)
		c.Streams = append(c.Streams, s)
		if s.LastRead.After(c.LastRead) {
			c.LastRead = s.LastRead
		}
		if s.Failed && s.Stream == censusStream { // makes nothing stale
			c.Uncounted, c.CensusFailure = true, s.Failure
		} else if s.Failed {
			c.Failed, c.Failure = true, cmp.Or(c.Failure, s.Failure)
		}
	}
	for _, l := range h.Limits {
		c := of(l.Connector)
		c.Limits = append(c.Limits, l)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		c := byName[name]
		c.Unread = c.LastRead.IsZero() && !c.Failed
		h.Connectors = append(h.Connectors, *c)
	}
	return nil
}

// troubleWords says what is wrong without a word of any service.
func troubleWords(code string) string {
	words := map[string]string{
		"store_copied": "the store is a copy of another one, and writes nothing", "paused": "writing is paused",
		"first_read": "a connector was never read whole, and writing waits for it", "brake_on": "more edits wait than the brake allows in a day",
		"second_tandem": "another Tandem writes to the same places", "connector_stale": "a connector cannot be read; what was read last still counts",
		"connector_quiet": "nothing has come from a connector for long", "no_daemon": "no daemon works on this store", "never_decided": "nothing was decided yet",
		"dead_letters": "something was set aside", "old_holds": "values are held for long", "late_items": "items wait longer than was agreed", "hints_waiting": "what services announced waits to be read",
		"limit_low": "a service allows few more requests for now", "clock_differs": "a clock differs", "disk_nearly_full": "the disk is nearly full",
		"store_large": "the store has become large", "approval_waits": "edits wait for approval", "retired": "a team or a connector is retired", "closed": "quiet hours or a freeze",
	}
	return cmp.Or(words[code], "something is not as it should be")
}

// holdAges counts holds that the visitor may see, by cause.
func (vi *Visit) holdAges() ([]HoldAge, error) {
	run, l, err := vi.shown()
	if _, none := errors.AsType[*Problem](err); none {
		return nil, nil // nothing was planned yet
	}
	if err != nil {
		return nil, err
	}
	of := question{what: "hold ages", audience: l.who.Audience, plan: run.hash}
	return recalledAs[[]HoldAge](l, of, asking(l, true, func(l *lens) ([]HoldAge, error) { return l.holdAges(l.plan.Plan.Holds), nil }))
}

func (l *lens) holdAges(holds []work.Hold) []HoldAge {
	ages := map[work.Cause]*HoldAge{}
	for i := range holds {
		h := l.hold(&holds[i])
		if h.Ref == "" {
			continue
		}
		a := ages[h.Cause]
		if a == nil {
			a = &HoldAge{Cause: h.Cause}
			ages[h.Cause] = a
		}
		a.Count++
		if !h.Since.IsZero() && (a.Oldest.IsZero() || h.Since.Before(a.Oldest)) {
			a.Oldest = h.Since
		}
	}
	var all []HoldAge
	for _, cause := range slices.Sorted(maps.Keys(ages)) {
		all = append(all, *ages[cause])
	}
	return all
}

// Version stands for all that Health shows: it is another one once something
// changed. It costs one small question.
func (vi *Visit) Version() (int64, error) { return vi.desk.conf.Store.Seq(vi.ctx) }

// Inspect looks at the whole: what is wrong, and what waits in the queue.
type Inspect func(ctx context.Context) (Inspection, error)
