package scheduler

import "time"

// Outlook is what the state of a Cycle says of what comes next. Moments are by
// the clock of this process.
type Outlook struct {
	// Poll is when a stream is due.
	Poll time.Time
	// Read says that every stream was read, or could not be, since the Cycle
	// began.
	Read bool
	// Follows says that hints can be followed, from Follow on. Reason is the
	// reason to poll that was taken into account.
	Follows bool
	Follow  time.Time
	Reason  int64
	// Reopens says that deliveries which could not be understood are still to be
	// tried with this configuration.
	Reopens bool
	// Missed is when the service is asked for announcements that did not
	// arrive; zero where it never is.
	Missed time.Time
	// Census is when one is due; zero where none will be.
	Census time.Time
	// Writes says that edits can be sent. Spent is the run of which nothing more
	// goes out, but for what waits until Send; zero where nothing waits.
	Writes bool
	Spent  int64
	Send   time.Time
	// Seq is what the last evaluation saw, Again when it is to be made anew
	// whatever has changed. Decided is false where there was none.
	Decided bool
	Seq     int64
	Again   time.Time
}

// sentEvery is how often it is looked whether the rolling day lets edits
// through that wait for the brake or the ramp.
const sentEvery = time.Minute

// never is longer than any process looks ahead.
const never = 365 * 24 * time.Hour

// Outlook returns what comes next. It is called where no step runs.
func (c *Cycle) Outlook() Outlook {
	now := c.c.Now()
	o := Outlook{Spent: c.spent}
	o.Read = true
	o.Send, _ = c.waits.next(now)
	if c.reopens.After(now) && (o.Send.IsZero() || c.reopens.Before(o.Send)) {
		o.Send = c.reopens
	}
	for _, live := range c.c.Connectors {
		c.outlook(live, now, &o)
	}
	if c.decided {
		o.Decided, o.Seq, o.Again = true, c.seen.seq, c.seen.asOf.Add(24*time.Hour)
		if at := c.seen.reopens; !at.IsZero() && at.Before(o.Again) {
			o.Again = at
		}
		if at := now.Add(sentEvery); c.limited && at.Before(o.Again) {
			o.Again = at
		}
	}
	return o
}

// outlook adds what comes next of a connector.
func (c *Cycle) outlook(live Live, now time.Time, o *Outlook) {
	resume, limit := c.waits.reading(live.Name, now)
	later := func(at time.Time) time.Time {
		if limit != nil && resume.After(at) {
			return resume
		}
		return at
	}
	if len(live.Streams) == 0 {
		o.Poll = now.Add(never) // all it has comes by itself
	}
	for i, s := range live.Streams {
		if next := later(c.dues.next(live, s, c.polls[live.Name] != 0)); i == 0 || next.Before(o.Poll) {
			o.Poll = next
		}
	}
	if at, doubtful := c.doubts[live.Name]; doubtful && at.Before(o.Poll) {
		o.Poll = later(at)
	}
	o.Read = o.Read && c.dues.once(live)
	open := live.Failure == nil
	o.Reason = c.polls[live.Name]
	o.Follows, o.Follow = open && (live.Conn.Inbox != nil || live.Conn.Mailbox != nil), later(c.hintsAgain)
	o.Reopens = open && live.Conn.Mailbox != nil && !c.opened[live.Name]
	if live.Conn.Recovery != nil {
		o.Missed = orNow(later(c.missed[live.Name]), now)
	}
	o.Writes = open && live.Conn.Sink != nil
	if open && live.Conn.Census != nil && live.Conn.Reader != nil && c.dues.whole(live) {
		o.Census = orNow(later(c.censusAt), now)
	}
}

// orNow returns the moment, or now where it is not known.
func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}
