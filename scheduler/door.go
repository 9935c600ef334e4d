package scheduler

import (
	"sync"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"
)

// door decides of each edit whether it goes out: by its gate, by what a person
// approves, and by the calendar at the moment at which it goes. A plan may be
// older than the beginning of quiet hours, and a long write may last into them.
type door struct {
	calendar *plan.Calendar
	approve  Approve
	now      time.Time

	mu sync.Mutex
	// passed are the edits that were let out, by id.
	passed map[string]plan.Planned
	// reopens is when the first window ends that kept an edit back.
	reopens time.Time
	known   map[[2]string]plan.Closure // by connector and team, at now
}

func newDoor(calendar *plan.Calendar, now time.Time, approve Approve) *door {
	return &door{calendar: calendar, approve: approve, now: now, passed: map[string]plan.Planned{}, known: map[[2]string]plan.Closure{}}
}

// lets reports whether a planned edit goes out now.
func (d *door) lets(e plan.Planned) bool {
	at := [2]string{e.Target.Connector, e.Team}
	closed, ok := d.known[at]
	if !ok {
		closed = d.calendar.At(d.now, at[0], at[1])
		d.known[at] = closed
	}
	out := d.through(e, closed)
	if out {
		d.passed[e.ID] = e
	} else {
		d.wait(closed)
	}
	return out
}

// through reports whether the edit goes out while so much is closed.
func (d *door) through(e plan.Planned, closed plan.Closure) bool {
	if !mayGo(e.Gate) {
		return false
	}
	switch closed.Gate {
	case plan.Frozen:
		return false
	case plan.Quiet:
		e.Gate = plan.Quiet // that is what a person has to overrule
	default:
	}
	return d.approve(e)
}

// mayGo reports whether an edit with the gate may go out, now or once a person
// lets it.
func mayGo(gate plan.Gate) bool {
	switch gate {
	case plan.Ready, plan.NeedsApproval, plan.Braked, plan.Ramped, plan.Quiet:
		return true
	case plan.Observed, plan.Paused, plan.Frozen, plan.Retired, plan.FirstRead:
		return false
	default:
		return false
	}
}

// open reports whether edits that were let out may still go. Where one may not,
// all of the batch wait: they are planned, and go out after the window.
func (d *door) open(batch []work.Edit, now time.Time) bool {
	for i := range batch {
		closed := d.calendar.At(now, batch[i].Target.Connector, batch[i].Team)
		if closed.Gate == "" {
			continue
		}
		if !d.through(d.passed[batch[i].ID], closed) {
			d.wait(closed)
			return false
		}
	}
	return true
}

// wait notes that an edit waits for the end of a window.
func (d *door) wait(closed plan.Closure) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !closed.Until.IsZero() && (d.reopens.IsZero() || closed.Until.Before(d.reopens)) {
		d.reopens = closed.Until
	}
}
