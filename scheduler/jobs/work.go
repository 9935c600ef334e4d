package jobs

import (
	"context"
	"errors"
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// work does a job, unless its duty is another node's by now.
func (h *Host) work(ctx context.Context, o order, attempt int, last bool) error {
	d := h.begin(o)
	if d == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer d.whenOver(cancel)()
	defer h.rested(d)
	began := time.Now()
	report, err := h.step(ctx, d, o.Kind)
	h.c.Ended(string(o.Kind), time.Since(began), err)
	h.learned(ctx, d, o, began, &report)
	log := h.log.With("connector", o.Duty, "kind", o.Kind)
	switch {
	case err == nil:
		h.c.Report(string(o.Kind), report)
		return nil
	case errors.Is(err, scheduler.ErrForeignRun):
		log.Warn("nothing was written", "err", err)
		return nil
	case errors.Is(err, scheduler.ErrOldRun):
		return nil // the next look finds the newer one
	case errors.Is(err, work.ErrLeaseLost):
		h.lost(d.lease)
		return nil
	case d.ctx.Err() != nil:
		log.Debug("a job was broken off with its duty", "err", err)
		return nil
	}
	log.Error("a job failed; it is tried again", "attempt", attempt, "after", h.again(attempt), "err", err)
	if last {
		h.pause(o, h.again(attempt))
	}
	return err
}

// step runs the step of a cycle that a job stands for.
func (h *Host) step(ctx context.Context, d *duty, k kind) (scheduler.Report, error) {
	switch k {
	case webhook:
		return d.cycle.Follow(ctx)
	case poll:
		return d.cycle.Poll(ctx)
	case census:
		return d.cycle.Census(ctx)
	case decide:
		return d.cycle.Decide(ctx)
	case apply:
		h.mu.Lock()
		run := h.run
		h.mu.Unlock()
		return d.cycle.Apply(ctx, run)
	case housekeeping:
		return scheduler.Report{}, h.housekeep(ctx)
	default:
		return scheduler.Report{}, nil
	}
}

// housekeepEvery is how often the house is kept.
const housekeepEvery = 24 * time.Hour

func (h *Host) housekeep(ctx context.Context) error {
	if h.c.Housekeep != nil {
		if err := h.c.Housekeep(ctx); err != nil {
			return err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clean = h.c.Cycle.Now().Add(housekeepEvery)
	return nil
}

// begin marks a duty as being worked; nil where the job is nobody's business
// any more.
func (h *Host) begin(o order) *duty {
	h.mu.Lock()
	defer h.mu.Unlock()
	d := h.duties[o.Duty]
	if d == nil || d.lease.Token != o.Token || d.leaving || h.aside != nil {
		return nil
	}
	d.running = true
	return d
}

// rested marks a duty as not being worked.
func (h *Host) rested(d *duty) {
	h.mu.Lock()
	defer h.mu.Unlock()
	d.running = false
	if h.aside != nil {
		h.aside.knock()
	}
}

// learned takes over what a step learned.
func (h *Host) learned(ctx context.Context, d *duty, o order, began time.Time, report *scheduler.Report) {
	outlook := d.cycle.Outlook()
	since := int64(0)
	if outlook.Read && !d.outlook.Read { // only this job's goroutine writes it
		seq, err := h.c.Cycle.Store.Seq(ctx)
		if err != nil {
			outlook.Read = false // the next poll asks again
		}
		since = seq
	}
	if report.Run != nil {
		h.remember(*report.Run)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	d.since = max(d.since, since)
	d.outlook = outlook
	d.rest[o.Kind] = h.c.Cycle.Now().Add(restAfter(o.Kind, time.Since(began)))
}

// restAfter is how long a kind of job rests that took so long: what decides
// takes at most half of the time, and what is announced in bursts is read
// together.
func restAfter(k kind, took time.Duration) time.Duration {
	switch k {
	case decide:
		return max(breath, min(took, 5*time.Second))
	case webhook:
		return gather
	case apply, poll, census, housekeeping:
		return breath
	default:
		return breath
	}
}

// done takes a job off the books that will not run again by itself, and looks
// what follows from it.
func (h *Host) done(o order, over bool) {
	if over {
		h.busy(o, false)
	}
	h.Wake()
}

// again is how long a job rests that failed: two seconds, then longer and
// longer, up to the interval of the polls.
func (h *Host) again(attempt int) time.Duration {
	most := max(h.c.Every, time.Second)
	if attempt > 16 {
		return most
	}
	return min(time.Second<<max(attempt, 0), most)
}
