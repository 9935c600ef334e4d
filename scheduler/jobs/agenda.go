package jobs

import (
	"time"

	"tandem/internal/work"
	"tandem/scheduler"
)

// look is what one look at the work sees.
type look struct {
	now    time.Time
	pulse  work.Pulse
	newest newest
	duties []view
	// clean is when the house is kept next.
	clean time.Time
}

// newest is the newest run, as far as applying it goes.
type newest struct {
	number int64
	// saw is the number of the sequence that it saw.
	saw int64
	// ready counts the edits that may go out, by connector.
	ready map[string]int
}

// view is what is known of a duty that this node has.
type view struct {
	duty    string
	token   int64
	outlook scheduler.Outlook
	// since is the number of the sequence when the connector had been read for
	// the first time under this lease. Runs that saw less are not applied: what
	// they want may have been done by whoever had the lease before, or be long
	// past. It counts only where the outlook says that all was read.
	since int64
	// busy are the jobs that are queued or run.
	busy map[kind]bool
	// rest is until when a job is not enqueued.
	rest map[kind]time.Time
}

// agenda returns the jobs that are missing.
func agenda(l look) []order {
	var orders []order
	for _, v := range l.duties {
		for _, k := range kinds() {
			if !v.busy[k] && !l.now.Before(v.rest[k]) && l.wants(&v, k) {
				orders = append(orders, order{Kind: k, Duty: v.duty, Token: v.token})
			}
		}
	}
	return orders
}

// wants reports whether there is work for a kind of job.
func (l *look) wants(v *view, k kind) bool {
	if v.duty == work.Deciding {
		switch k {
		case decide:
			return l.read() && (!v.outlook.Decided || v.outlook.Seq != l.pulse.Seq || !l.now.Before(v.outlook.Again))
		case housekeeping:
			return !l.now.Before(l.clean)
		default:
			return false
		}
	}
	switch o := &v.outlook; k {
	case webhook:
		w := l.pulse.Waiting[v.duty]
		missed := !o.Missed.IsZero() && !l.now.Before(o.Missed)
		return o.Follows && !l.now.Before(o.Follow) && (w.Records > 0 || w.Poll > o.Reason || missed || o.Reopens)
	case apply:
		return o.Writes && o.Read && l.newest.ready[v.duty] > 0 &&
			l.newest.number == l.pulse.Run && l.newest.saw >= v.since &&
			(o.Spent != l.newest.number || !o.Send.IsZero() && !l.now.Before(o.Send))
	case poll:
		return !l.now.Before(o.Poll)
	case census:
		return !o.Census.IsZero() && !l.now.Before(o.Census)
	default:
		return false
	}
}

// read reports whether every connector that this node has was read once, or
// could not be: a process that starts anew decides on what stands there now.
func (l *look) read() bool {
	for i := range l.duties {
		if !l.duties[i].outlook.Read {
			return false
		}
	}
	return true
}

// share is how many of the duties one of so many nodes does.
func share(duties, nodes int) int {
	nodes = max(nodes, 1)
	return (duties + nodes - 1) / nodes
}
