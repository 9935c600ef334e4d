package scheduler

import (
	"slices"
	"time"

	"tandem/connectors"
	"tandem/internal/work"
)

// usual is the interval of streams that have no reason for another one.
const usual = time.Minute

// Paced returns the streams with the interval that an admin asks for. Streams
// of the usual interval take it; those that are read less often for a reason
// of their own, such as a whole backlog, are not read more often by it.
func Paced(streams []connectors.Stream, every time.Duration) []connectors.Stream {
	paced := slices.Clone(streams)
	for i := range paced {
		if s := &paced[i]; s.Every <= usual {
			s.Every = every
		} else {
			s.Every = max(s.Every, every)
		}
	}
	return paced
}

// Awaited lists the streams of connectors that bring items: nothing is written
// before each was read to its end once.
func Awaited(live ...Live) []work.StreamName {
	var all []work.StreamName
	for _, l := range live {
		for _, s := range l.Streams {
			if s.First() {
				all = append(all, work.StreamName{Connector: l.Name, Stream: s.Name})
			}
		}
	}
	return all
}

// streamName names a stream of all connectors.
type streamName struct{ connector, stream string }

// dues remembers when streams were last tried, with or without success. A
// process that starts anew reads everything once.
type dues struct {
	tried map[streamName]time.Time
	// bad are connectors whose last read failed.
	bad map[string]bool
}

// of returns the streams of a connector whose interval has passed. Those that
// must be polled for a hint wait only for a part of it.
func (d *dues) of(live Live, now time.Time, hinted bool) []connectors.Stream {
	var due []connectors.Stream
	for _, s := range live.Streams {
		if !now.Before(d.next(live, s, hinted)) {
			due = append(due, s)
		}
	}
	return due
}

// hintedShare is the part of an interval after which a hint may cause a poll.
const hintedShare = 10

func (d *dues) next(live Live, s connectors.Stream, hinted bool) time.Time {
	tried, ok := d.tried[streamName{live.Name, s.Name}]
	switch {
	case !ok:
		return time.Time{}
	case hinted && s.Every == shortest(live.Streams):
		return tried.Add(s.Every / hintedShare)
	default:
		return tried.Add(s.Every)
	}
}

// shortest is the interval of a connector's main streams; 0 where it has none.
func shortest(streams []connectors.Stream) time.Duration {
	if len(streams) == 0 {
		return 0
	}
	every := streams[0].Every
	for _, s := range streams {
		every = min(every, s.Every)
	}
	return every
}

// note remembers that the streams were tried.
func (d *dues) note(live Live, streams []connectors.Stream, now time.Time, failed bool) {
	if d.tried == nil {
		d.tried, d.bad = map[streamName]time.Time{}, map[string]bool{}
	}
	for _, s := range streams {
		d.tried[streamName{live.Name, s.Name}] = now
	}
	d.bad[live.Name] = failed
}

// sooner makes streams due with the connector's main ones.
func (d *dues) sooner(live Live, now time.Time, which func(connectors.Stream) bool) {
	for _, s := range live.Streams {
		name := streamName{live.Name, s.Name}
		if tried, ok := d.tried[name]; ok && which(s) {
			if early := now.Add(shortest(live.Streams) - s.Every); early.Before(tried) {
				d.tried[name] = early
			}
		}
	}
}

// whole reports whether all streams of the connector were read, and the last
// read of it did not fail.
func (d *dues) whole(live Live) bool {
	return !d.bad[live.Name] && d.once(live)
}

// once reports whether all streams of the connector were tried.
func (d *dues) once(live Live) bool {
	return !slices.ContainsFunc(live.Streams, func(s connectors.Stream) bool {
		_, ok := d.tried[streamName{live.Name, s.Name}]
		return !ok
	})
}
