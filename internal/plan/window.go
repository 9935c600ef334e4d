package plan

import (
	"slices"
	"time"

	"tandem/internal/work"
)

// Calendar says when nothing goes out. Quiet hours and freezes of the
// instance, of a connector and of a team add up. They are meant in the zone of
// the team that owns the place, else in the instance's: whoever wakes up by an
// edit, it is not at night.
type Calendar struct {
	Instance   work.Windows
	Connectors map[string]work.Windows
	Teams      map[string]work.Windows
	// Zone is the instance's, UTC where it is nil; Zones are those of teams
	// that have one of their own.
	Zone  *time.Location
	Zones map[string]*time.Location
}

// Closure is a window that edits wait for. The zero Closure is none.
type Closure struct {
	// Gate is Quiet or Frozen; empty where nothing is closed.
	Gate Gate `json:"gate"`
	// Until is when the first moment comes in which no window is open; the zero
	// time where windows that add up leave none.
	Until time.Time `json:"until,omitzero"`
	// Window names the strictest of the windows, for people.
	Window string `json:"window"`
}

// At returns what closes a team's places of a connector at a moment.
func (c *Calendar) At(now time.Time, connector, team string) Closure {
	scopes := c.scopes(connector, team)
	if len(scopes) == 0 {
		return Closure{}
	}
	zone := c.zone(team)
	closed := look(scopes, now.In(zone))
	if closed.Gate == "" {
		return closed
	}
	closed.Until = opens(scopes, now.In(zone))
	closed.Window += " (" + zone.String() + ")"
	return closed
}

// opens returns the first moment in which no window is open.
func opens(scopes []scope, local time.Time) time.Time {
	marks := marksOf(scopes)
	for range mostSteps {
		local = step(local, marks).In(local.Location())
		if look(scopes, local).Gate == "" {
			return local.UTC()
		}
	}
	return time.Time{}
}

// mostSteps bounds the search for the end of windows that follow each other: at
// least four years.
const mostSteps = 10_000

// Closed lists what is closed at a moment, each window once: of the instance,
// of connectors, of teams.
func (c *Calendar) Closed(now time.Time, connectors, teams []string) []Closure {
	var all []Closure
	add := func(closed Closure) {
		if closed.Gate != "" && !slices.Contains(all, closed) {
			all = append(all, closed)
		}
	}
	add(c.At(now, "", ""))
	for _, name := range connectors {
		add(c.At(now, name, ""))
	}
	for _, name := range teams {
		add(c.At(now, "", name))
	}
	return all
}

func (c *Calendar) zone(team string) *time.Location {
	switch {
	case c.Zones[team] != nil:
		return c.Zones[team]
	case c.Zone != nil:
		return c.Zone
	default:
		return time.UTC
	}
}

// scope is where windows were set.
type scope struct {
	name string
	work.Windows
}

// scopes returns those that have windows.
func (c *Calendar) scopes(connector, team string) []scope {
	var all []scope
	add := func(name string, w work.Windows) {
		if !w.Quiet.IsZero() || len(w.Freeze) > 0 {
			all = append(all, scope{name, w})
		}
	}
	add("the instance", c.Instance)
	if connector != "" {
		add("connector "+connector, c.Connectors[connector])
	}
	if team != "" {
		add("team "+team, c.Teams[team])
	}
	return all
}

// look finds the strictest window that is open at a time on the wall.
func look(scopes []scope, local time.Time) Closure {
	date, day, clock := work.DateOf(local), work.Weekday(local.Weekday()), work.ClockOf(local)
	for _, s := range scopes {
		for _, f := range s.Freeze {
			if f.Covers(date) {
				window := "freeze of " + s.name + " from " + f.From.String() + " to " + f.To.String()
				if f.Because != "" {
					window += ", " + f.Because
				}
				return Closure{Gate: Frozen, Window: window}
			}
		}
	}
	for _, s := range scopes {
		if s.Quiet.Covers(day, clock) {
			return Closure{Gate: Quiet, Window: "quiet hours of " + s.name + ", " + s.Quiet.String()}
		}
	}
	return Closure{}
}

// marksOf returns the times of day at which windows may open or close, sorted.
func marksOf(scopes []scope) []work.Clock {
	const end work.Clock = 24 * 60
	marks := []work.Clock{end}
	for _, s := range scopes {
		for _, c := range []*work.Clock{s.Quiet.From, s.Quiet.To} {
			if c != nil {
				marks = append(marks, *c)
			}
		}
	}
	slices.Sort(marks)
	return slices.Compact(marks)
}

// step returns the next moment at which a window may open or close: when the
// clock on the wall shows one of the marks, or is set anew. Between two such
// moments it runs evenly, so that no hour that comes twice or never is missed.
func step(local time.Time, marks []work.Clock) time.Time {
	const daySeconds = 24 * 60 * 60
	_, offset := local.Zone()
	wall := local.Unix() + int64(offset)
	into := ((wall % daySeconds) + daySeconds) % daySeconds
	next := local.Unix() + daySeconds
	for _, m := range marks {
		if at := int64(m) * 60; at > into {
			next = local.Unix() - into + at
			break
		}
	}
	if _, end := local.ZoneBounds(); !end.IsZero() && end.Unix() < next {
		next = end.Unix()
	}
	return time.Unix(next, 0).UTC()
}
