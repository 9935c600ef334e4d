package cli

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"tandem/internal/plan"
	"tandem/internal/work"

	"tandem/mapping/org"
)

// zonesOf finds the zones of teams that have one of their own.
func zonesOf(teams map[string]org.TeamSpec) (zones map[string]*time.Location, problems []work.Problem) {
	zones = map[string]*time.Location{}
	for name, team := range teams {
		if team.Timezone == "" {
			continue
		}
		zone, err := time.LoadLocation(team.Timezone)
		if err != nil || team.Timezone == "Local" {
			problems = append(problems, work.Problem{
				At:   work.Pointer("/teams").Key(name).Key("timezone"),
				What: strconv.Quote(team.Timezone) + " is no time zone", Remedy: "write a name such as Europe/Berlin or UTC",
			})
			continue
		}
		zones[name] = zone
	}
	return zones, problems
}

// openCalendar gathers quiet hours and freezes.
func (s *setup) openCalendar(zones map[string]*time.Location) {
	c := plan.Calendar{
		Instance: s.settings.Windows(), Connectors: map[string]work.Windows{}, Teams: map[string]work.Windows{},
		Zone: s.settings.Location(), Zones: zones,
	}
	for _, connector := range s.settings.Connectors {
		c.Connectors[connector.Name] = connector.Windows
	}
	for _, team := range s.rules.Org().Teams() {
		c.Teams[team.Name] = team.Windows
	}
	s.calendar = c
}

// guardNow is the guard at this moment.
func (s *setup) guardNow() plan.Guard {
	g := s.guard()
	g.At = time.Now()
	return g
}

// closedNow lists the windows that are open at this moment.
func (s *setup) closedNow() []plan.Closure {
	connectors := slices.Sorted(maps.Keys(s.calendar.Connectors))
	return s.calendar.Closed(time.Now(), connectors, s.rules.Org().TeamNames())
}

// window is what waits for the end of one of them.
type window struct {
	edits     int
	what, how string
}

// windows counts the edits that wait for quiet hours and freezes, the first to
// end first.
func windows(pl *plan.Plan) []window {
	n := map[plan.Closure]int{}
	for _, e := range pl.Edits {
		if e.Gate == plan.Quiet || e.Gate == plan.Frozen {
			n[plan.Closure{Gate: e.Gate, Until: e.Until(), Window: e.Window()}]++
		}
	}
	byEnd := func(a, b plan.Closure) int {
		if c := a.Until.Compare(b.Until); c != 0 {
			return c
		}
		return slices.Compare([]string{string(a.Gate), a.Window}, []string{string(b.Gate), b.Window})
	}
	all := make([]window, 0, len(n))
	for _, c := range slices.SortedFunc(maps.Keys(n), byEnd) {
		all = append(all, window{n[c], "wait " + until(c.Until), c.Window})
	}
	return all
}
