package cli

import (
	"context"
	"time"

	"tandem/internal/demo"
	"tandem/internal/plan"
	"tandem/internal/work"
	"tandem/scheduler"
)

// demoReport gathers what the cycles of demo --once did.
type demoReport struct {
	began time.Time
	firm  *demo.Firm

	overview                     work.Overview
	first, second, third, fourth scheduler.Report
	calls                        [4]map[string]int
	changed, overridden          int
	newHolds                     []work.Hold
	// arrived counts the edits of the first three cycles as the stand-ins saw
	// them.
	arrived int
}

func (d *demoReport) run(ctx context.Context, s *session) (err error) {
	if d.first, d.calls[0], err = cycleOnce(ctx, s, d.firm); err != nil {
		return err
	}
	if d.overview, err = s.store.Status(ctx); err != nil {
		return err
	}
	if d.second, d.calls[1], err = cycleOnce(ctx, s, d.firm); err != nil {
		return err
	}
	if d.changed, d.overridden, err = d.firm.Change(); err != nil {
		return err
	}
	if d.third, d.calls[2], err = cycleOnce(ctx, s, d.firm); err != nil {
		return err
	}
	d.newHolds = newHolds(d.second, d.third)
	d.arrived = d.firm.Arrived()
	d.fourth, d.calls[3], err = cycleOnce(ctx, s, d.firm)
	return err
}

// newHolds returns the holds that the later cycle has and the earlier had not.
func newHolds(earlier, later scheduler.Report) []work.Hold {
	key := func(h work.Hold) plan.HoldKey {
		return plan.HoldKey{Slot: plan.SlotRef{Ref: h.Target.RefID, Field: h.Field}, Cause: h.Cause}
	}
	had := map[plan.HoldKey]bool{}
	for _, h := range earlier.Outcome.Plan.Holds {
		had[key(h)] = true
	}
	var fresh []work.Hold
	for _, h := range later.Outcome.Plan.Holds {
		if !had[key(h)] {
			fresh = append(fresh, h)
		}
	}
	return fresh
}

// demoResult is what demo --once --json prints.
type demoResult struct {
	Records     map[string]int     `json:"records"`
	Items       int                `json:"items"`
	Twins       int                `json:"twins"`
	Feedback    int                `json:"feedback"`
	Edits       demoEdits          `json:"edits"`
	Held        map[work.Cause]int `json:"held"`
	DeadLetters int                `json:"dead_letters"`
	Calls       map[string]int     `json:"calls"`
	Second      demoQuiet          `json:"second_cycle"`
	Third       demoThird          `json:"third_cycle"`
	Fourth      demoQuiet          `json:"fourth_cycle"`
	// Arrived is the number of edits that the stand-ins counted themselves.
	Arrived int   `json:"edits_seen_by_stand_ins"`
	TookMS  int64 `json:"took_ms"`
}

type demoEdits struct {
	Planned int `json:"planned"`
	Applied int `json:"applied"`
	Failed  int `json:"failed"`
	// Shown are edits of teams on observe.
	Shown int `json:"shown"`
}

type demoQuiet struct {
	Edits int            `json:"edits"`
	Calls map[string]int `json:"calls"`
}

type demoThird struct {
	Changed    int            `json:"changed"`
	Overridden int            `json:"overridden"`
	Edits      int            `json:"edits"`
	NewHolds   int            `json:"new_holds"`
	Calls      map[string]int `json:"calls"`
}

func (d *demoReport) result() demoResult {
	o := d.first.Outcome
	return demoResult{
		Records: d.overview.Records, Items: len(o.Items), Twins: o.Twins, Feedback: d.overview.Feedback,
		Edits: demoEdits{
			Planned: o.Plan.Count(plan.Ready), Applied: d.first.Applied(), Failed: len(d.first.Refused), Shown: o.Plan.Count(plan.Observed),
		},
		Held: o.Held(), DeadLetters: d.overview.DeadLetters, Calls: d.calls[0],
		Second:  demoQuiet{d.second.Sent, d.calls[1]},
		Third:   demoThird{d.changed, d.overridden, d.third.Sent, len(d.newHolds), d.calls[2]},
		Fourth:  demoQuiet{d.fourth.Sent, d.calls[3]},
		Arrived: d.arrived, TookMS: time.Since(d.began).Milliseconds(),
	}
}

// verdict fails the command where the demo did not do what it shows.
func (d *demoReport) verdict() error {
	r := d.result()
	switch {
	case r.Edits.Failed > 0 || len(d.third.Refused) > 0:
		return refused("%d edits did not go through", r.Edits.Failed+len(d.third.Refused))
	case r.Second.Edits > 0 || r.Fourth.Edits > 0:
		return refused("a quiet cycle wrote %d edits", r.Second.Edits+r.Fourth.Edits)
	case r.Third.NewHolds != r.Third.Overridden:
		return refused("people overrode %d values and %d are held", r.Third.Overridden, r.Third.NewHolds)
	case r.Arrived != r.Edits.Applied+r.Third.Edits:
		return refused("%d edits were sent and %d arrived", r.Edits.Applied+r.Third.Edits, r.Arrived)
	default:
		return nil
	}
}

func (d *demoReport) print(p *printer, teams []string) {
	p.line("First cycle")
	p.cycle(d.first)
	p.top(d.first.Outcome, teams)
	p.line("\nSecond cycle: nobody changed anything. %s, calls: %s", plural(d.second.Sent, "edit", "edits"), counts(d.calls[1]))
	p.line("\nThird cycle: people changed %d inputs and overrode %d of Tandem's values", d.changed, d.overridden)
	for _, c := range d.firm.Company.Changes {
		p.line("  %s", c)
	}
	p.line("%s followed, %s:", plural(d.third.Sent, "edit", "edits"), plural(len(d.newHolds), "new hold", "new holds"))
	var rows [][]string
	for _, h := range d.newHolds {
		rows = append(rows, []string{work.Ref{RefID: h.Target.RefID, Key: h.Key}.String(), h.Field.String(), string(h.Cause), hasWants(h)})
	}
	p.table(rows)
	p.line("\nFourth cycle: %s. The stand-ins counted %s in all. %s", plural(d.fourth.Sent, "edit", "edits"),
		plural(d.arrived, "edit", "edits"), time.Since(d.began).Round(time.Millisecond))
}
